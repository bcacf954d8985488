// Values set aside with their groups until a group is complete, and then handed out group by group:
// what exact distinct counts, modes and quantiles need. The first groups have a bucket each, so
// that their values are written once and never moved; values of further groups are kept in pairs
// and brought together by counting, in two levels where there are many, so that the second stays in
// cache.
// Invariant: every value added is handed out once, with all other values of its group.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/context.h"
#include "stave/result.h"

namespace stave {

template <typename Value>
class PendingRows {
 public:
  using Parts = std::span<const std::span<Value>>;
  // The values of one group, in one or more parts; `worker` numbers the thread.
  using Run = std::function<void(std::uint32_t group, Parts parts, int worker)>;

  // No group below `group` will be added from now on; nothing may be pending.
  void begin(std::uint32_t group) { first_group_ = group; }

  void add(std::uint32_t group, Value value) {
    const std::uint32_t bucket = group - first_group_;
    if (bucket >= kMostBuckets) return add_pair(group, value);
    if (bucket >= buckets_.size()) buckets_.resize(std::max<std::size_t>(bucket + 1, 16));
    Bucket& to = buckets_[bucket];
    if (to.next == to.end) open_chunk(to);
    *to.next++ = value;
  }

  void add(std::uint32_t group, const Value* values, std::size_t count) {
    for (const Value* end = values + count; values != end;) {
      add(group, *values++);
      const std::uint32_t bucket = group - first_group_;
      if (bucket >= kMostBuckets) continue;
      Bucket& to = buckets_[bucket];
      const auto room = std::min(to.end - to.next, end - values);
      to.next = std::copy(values, values + room, to.next);
      values += room;
    }
  }

  std::size_t memory_bytes() const {
    std::size_t pairs = 0;
    for (const Pairs& piece : pairs_) pairs += piece.values.capacity();
    return rows_made_ * sizeof(Value) + pairs * (sizeof(Value) + sizeof(std::uint32_t));
  }

  // Takes over what `other` holds; its groups are renamed, its values rewritten by `value_of`.
  template <typename ValueOf>
  void take(PendingRows& other, std::span<const std::uint32_t> targets, const ValueOf& value_of) {
    for (std::size_t bucket = 0; bucket < other.buckets_.size(); ++bucket) {
      Bucket& from = other.buckets_[bucket];
      for (const std::span<Value> part : other.parts_of(from)) {
        for (auto& value : part) value = value_of(value);
        add(targets[bucket + other.first_group_], part.data(), part.size());
      }
      from = Bucket();
    }
    for (Pairs& pairs : other.pairs_) take_pairs(std::move(pairs), targets, value_of);
    other = PendingRows();
  }

  // Hands everything out and is empty again; on the context's threads where there is one.
  Result<void> hand_out(ExecutionContext* context, const Run& run) {
    auto done = for_each(context, buckets_.size(), [&](std::size_t bucket, int worker) {
      const std::vector<std::span<Value>> parts = parts_of(buckets_[bucket]);
      if (!parts.empty()) run(first_group_ + static_cast<std::uint32_t>(bucket), parts, worker);
      return Result<void>();
    });
    for (Bucket& bucket : buckets_) empty_bucket(bucket);
    if (done && !pairs_.empty()) done = hand_out_pairs(context, run);
    pairs_.clear();
    lowest_ = ~std::uint32_t{0};
    highest_ = 0;
    if (context != nullptr) *this = PendingRows();
    return done;
  }

 private:
  // Most groups of many have few values.
  static constexpr std::size_t kFirstChunkRows = 256;
  static constexpr std::size_t kChunkRows = 4096;
  static constexpr std::uint32_t kMostBuckets = 1024;
  static constexpr std::uint32_t kMostPartitions = 1024;
  // Pieces beyond the first are large enough for large pages.
  static constexpr std::size_t kFirstPairRows = std::size_t{1} << 16;
  static constexpr std::size_t kPairRows = std::size_t{1} << 18;

  using Chunk = std::unique_ptr<Value[]>;
  struct Bucket {
    Value* next = nullptr;  // into the last chunk
    Value* end = nullptr;
    std::vector<Chunk> chunks;
  };
  struct Pairs {
    std::vector<std::uint32_t> groups;
    std::vector<Value> values;
  };
  // Memory of one thread for the second level.
  struct Sorter {
    std::vector<std::uint32_t> ends;
    std::vector<Value> values;
  };

  void open_chunk(Bucket& bucket) {
    const bool is_first = bucket.chunks.empty();
    const std::size_t rows = rows_of_chunk(bucket.chunks.size());
    std::vector<Chunk>& spare = is_first ? spare_first_ : spare_;
    if (spare.empty()) {
      bucket.chunks.push_back(std::make_unique_for_overwrite<Value[]>(rows));
      rows_made_ += rows;
    } else {
      bucket.chunks.push_back(std::move(spare.back()));
      spare.pop_back();
    }
    bucket.next = bucket.chunks.back().get();
    bucket.end = bucket.next + rows;
  }

  static std::size_t rows_of_chunk(std::size_t number) {
    return number == 0 ? kFirstChunkRows : kChunkRows;
  }

  void empty_bucket(Bucket& bucket) {
    for (Chunk& chunk : bucket.chunks) {
      std::vector<Chunk>& spare = &chunk == bucket.chunks.data() ? spare_first_ : spare_;
      spare.push_back(std::move(chunk));
    }
    bucket.chunks.clear();
    bucket.next = bucket.end = nullptr;
  }

  std::vector<std::span<Value>> parts_of(const Bucket& bucket) const {
    std::vector<std::span<Value>> parts;
    for (const Chunk& chunk : bucket.chunks) {
      parts.emplace_back(chunk.get(), rows_of_chunk(parts.size()));
    }
    if (!parts.empty()) {
      const auto room = static_cast<std::size_t>(bucket.end - bucket.next);
      parts.back() = parts.back().first(parts.back().size() - room);
    }
    return parts;
  }

  void add_pair(std::uint32_t group, Value value) {
    if (pairs_.empty() || pairs_.back().values.size() == pairs_.back().values.capacity()) {
      const std::size_t rows = pairs_.empty() ? kFirstPairRows : kPairRows;
      pairs_.emplace_back();
      pairs_.back().groups.reserve(rows);
      pairs_.back().values.reserve(rows);
    }
    note_group(group);
    pairs_.back().groups.push_back(group);
    pairs_.back().values.push_back(value);
  }

  void note_group(std::uint32_t group) {
    lowest_ = std::min(lowest_, group);
    highest_ = std::max(highest_, group);
  }

  // Renamed where they lie, but for those of groups that have a bucket here.
  template <typename ValueOf>
  void take_pairs(Pairs pairs, std::span<const std::uint32_t> targets, const ValueOf& value_of) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < pairs.values.size(); ++i) {
      const std::uint32_t group = targets[pairs.groups[i]];
      const Value value = value_of(pairs.values[i]);
      if (group - first_group_ < kMostBuckets) {
        add(group, value);
        continue;
      }
      note_group(group);
      pairs.groups[kept] = group;
      pairs.values[kept++] = value;
    }
    pairs.groups.resize(kept);
    pairs.values.resize(kept);
    // Before the last one, which is filled up.
    if (kept > 0) pairs_.insert(pairs_.empty() ? pairs_.end() : pairs_.end() - 1, std::move(pairs));
  }

  static Result<void> for_each(ExecutionContext* context, std::size_t count,
                               const ExecutionContext::ParallelBody& body) {
    if (context != nullptr) return context->parallel_for(count, body);
    for (std::size_t item = 0; item < count; ++item) {
      if (auto done = body(item, 0); !done) return done;
    }
    return {};
  }

  Result<void> hand_out_pairs(ExecutionContext* context, const Run& run) {
    const std::uint32_t width = highest_ - lowest_;
    std::uint32_t shift = 0;
    while ((width >> shift) >= kMostPartitions) ++shift;
    const std::size_t partitions = (width >> shift) + 1;
    // Where each piece writes its values of each partition.
    std::vector<std::uint64_t> places(pairs_.size() * partitions, 0);
    auto done = for_each(context, pairs_.size(), [&](std::size_t item, int) -> Result<void> {
      std::uint64_t* counts = places.data() + item * partitions;
      for (const std::uint32_t group : pairs_[item].groups) ++counts[(group - lowest_) >> shift];
      return {};
    });
    if (!done) return done;
    std::vector<std::uint64_t> begins(partitions + 1, 0);
    std::uint64_t total = 0;
    for (std::size_t partition = 0; partition < partitions; ++partition) {
      begins[partition] = total;
      for (std::size_t piece = 0; piece < pairs_.size(); ++piece) {
        std::uint64_t& place = places[piece * partitions + partition];
        total += std::exchange(place, total);
      }
    }
    begins[partitions] = total;
    // Written by all threads, before anything of them is read.
    const auto values = std::make_unique_for_overwrite<Value[]>(total);
    const auto groups = std::make_unique_for_overwrite<std::uint32_t[]>(total);
    done = for_each(context, pairs_.size(), [&](std::size_t item, int) -> Result<void> {
      std::uint64_t* next = places.data() + item * partitions;
      Pairs pairs = std::move(pairs_[item]);
      for (std::size_t i = 0; i < pairs.values.size(); ++i) {
        const std::uint32_t group = pairs.groups[i] - lowest_;
        const std::uint64_t place = next[group >> shift]++;
        values[place] = pairs.values[i];
        groups[place] = group;
      }
      return {};
    });
    if (!done) return done;
    std::vector<Sorter> sorters(
        static_cast<std::size_t>(context == nullptr ? 1 : context->threads()));
    return for_each(context, partitions, [&](std::size_t partition, int worker) -> Result<void> {
      const std::uint64_t begin = begins[partition];
      sort_partition(static_cast<std::uint32_t>(partition << shift), std::size_t{1} << shift,
                     std::span<const Value>(values.get() + begin, begins[partition + 1] - begin),
                     groups.get() + begin, sorters[static_cast<std::size_t>(worker)], run, worker);
      return {};
    });
  }

  void sort_partition(std::uint32_t first, std::size_t count, std::span<const Value> values,
                      const std::uint32_t* groups, Sorter& sorter, const Run& run, int worker) {
    sorter.ends.assign(count + 1, 0);
    for (std::size_t i = 0; i < values.size(); ++i) ++sorter.ends[groups[i] - first + 1];
    for (std::size_t i = 1; i <= count; ++i) sorter.ends[i] += sorter.ends[i - 1];
    if (sorter.values.size() < values.size()) sorter.values.resize(values.size());
    // ends[g] walks from the begin of group g to its end, which is the begin of g + 1.
    for (std::size_t i = 0; i < values.size(); ++i) {
      sorter.values[sorter.ends[groups[i] - first]++] = values[i];
    }
    std::uint32_t begin = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t end = sorter.ends[i];
      if (end == begin) continue;
      const std::span<Value> part(sorter.values.data() + begin, end - begin);
      run(lowest_ + first + static_cast<std::uint32_t>(i), Parts(&part, 1), worker);
      begin = end;
    }
  }

  std::uint32_t first_group_ = 0;
  std::vector<Bucket> buckets_;  // of groups first_group_ + position
  std::vector<Chunk> spare_first_;
  std::vector<Chunk> spare_;
  std::size_t rows_made_ = 0;  // of all chunks
  std::vector<Pairs> pairs_;
  std::uint32_t lowest_ = ~std::uint32_t{0};  // of the groups among the pairs
  std::uint32_t highest_ = 0;
};

}  // namespace stave
