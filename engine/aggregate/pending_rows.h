// Values set aside with their groups until a group is complete, and then handed out group by group:
// what exact distinct counts, modes and quantiles need. The first groups have a bucket each; values
// of further groups are kept in pairs and brought together by counting, in two levels where there
// are many, so that the second stays in cache.
// Invariant: every value added is handed out once, with all other values of its group.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/aggregate/row_buckets.h"
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
    make_room(bucket);
    buckets_.add(bucket, value);
  }

  void add(std::uint32_t group, const Value* values, std::size_t count) {
    const std::uint32_t bucket = group - first_group_;
    if (bucket < kMostBuckets) {
      make_room(bucket);
      return buckets_.add(bucket, values, count);
    }
    for (std::size_t i = 0; i < count; ++i) add_pair(group, values[i]);
  }

  // Each value to the group beside it.
  void add_rows(const std::uint32_t* groups, const Value* values, std::size_t count) {
    const bool is_far = buckets_.size() > kNearBuckets;
    const auto bucket_at = [&](std::size_t row) { return groups[row] - first_group_; };
    for (std::size_t row = 0; row < count; ++row) {
      if (is_far && row + 2 * kPrefetchAhead < count) {
        buckets_.prefetch_bucket(bucket_at(row + 2 * kPrefetchAhead));
        buckets_.prefetch_value(bucket_at(row + kPrefetchAhead));
      }
      const std::uint32_t bucket = bucket_at(row);
      if (bucket < buckets_.size()) [[likely]] {
        buckets_.add(bucket, values[row]);
      } else {
        add(groups[row], values[row]);
      }
    }
  }

  std::size_t memory_bytes() const {
    std::size_t pairs = 0;
    for (const Pairs& piece : pairs_) pairs += piece.values.capacity();
    return buckets_.memory_bytes() + pairs * (sizeof(Value) + sizeof(std::uint32_t));
  }

  // Takes over what `other` holds; its groups are renamed, its values rewritten by `value_of`.
  template <typename ValueOf = std::identity>
  void take(PendingRows& other, std::span<const std::uint32_t> targets,
            const ValueOf& value_of = {}) {
    std::vector<std::span<Value>> parts;
    for (std::size_t bucket = 0; bucket < other.buckets_.size(); ++bucket) {
      other.buckets_.list_parts(bucket, parts);
      if (parts.empty()) continue;
      const std::uint32_t group = targets[bucket + other.first_group_];
      const bool is_bucket = group - first_group_ < kMostBuckets;
      for (const std::span<Value> part : parts) {
        if constexpr (!std::is_same_v<ValueOf, std::identity>) {
          for (auto& value : part) value = value_of(value);
        }
        if (!is_bucket) add(group, part.data(), part.size());
      }
      if (!is_bucket) continue;
      make_room(group - first_group_);
      buckets_.take(group - first_group_, other.buckets_, bucket);
    }
    buckets_.take_memory(other.buckets_);
    for (Pairs& pairs : other.pairs_) take_pairs(std::move(pairs), targets, value_of);
    other = PendingRows();
  }

  // Hands everything out and is empty again; on the context's threads where there is one.
  Result<void> hand_out(ExecutionContext* context, const Run& run) {
    std::vector<std::vector<std::span<Value>>> parts(workers_of(context));
    const std::size_t items = (buckets_.size() + kBucketsAtOnce - 1) / kBucketsAtOnce;
    auto done = for_each(context, items, [&](std::size_t item, int worker) {
      const std::size_t end = std::min(buckets_.size(), (item + 1) * kBucketsAtOnce);
      for (std::size_t bucket = item * kBucketsAtOnce; bucket < end; ++bucket) {
        auto& list = parts[static_cast<std::size_t>(worker)];
        buckets_.list_parts(bucket, list);
        if (!list.empty()) run(first_group_ + static_cast<std::uint32_t>(bucket), list, worker);
      }
      return Result<void>();
    });
    buckets_.clear();
    if (done && !pairs_.empty()) done = hand_out_pairs(context, run);
    pairs_.clear();
    lowest_ = ~std::uint32_t{0};
    highest_ = 0;
    if (context != nullptr) *this = PendingRows();
    return done;
  }

 private:
  static constexpr std::uint32_t kMostBuckets = std::uint32_t{1} << 17;
  static constexpr std::size_t kNearBuckets = 4096;
  static constexpr std::size_t kBucketsAtOnce = 16;
  static constexpr std::size_t kPrefetchAhead = 16;
  static constexpr std::uint32_t kMostPartitions = 1024;
  // Pieces beyond the first are large enough for large pages.
  static constexpr std::size_t kFirstPairRows = std::size_t{1} << 16;
  static constexpr std::size_t kPairRows = std::size_t{1} << 18;

  struct Pairs {
    std::vector<std::uint32_t> groups;
    std::vector<Value> values;
  };
  // Memory of one thread for the second level.
  struct Sorter {
    std::vector<std::uint32_t> ends;
    std::vector<Value> values;
  };

  void make_room(std::uint32_t bucket) {
    if (bucket >= buckets_.size()) buckets_.resize(std::max<std::size_t>(bucket + 1, 16));
  }

  static std::size_t workers_of(const ExecutionContext* context) {
    return static_cast<std::size_t>(context == nullptr ? 1 : context->threads());
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
    std::vector<Sorter> sorters(workers_of(context));
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
  RowBuckets<Value> buckets_;  // of groups first_group_ + position
  std::vector<Pairs> pairs_;
  std::uint32_t lowest_ = ~std::uint32_t{0};  // of the groups among the pairs
  std::uint32_t highest_ = 0;
};

}  // namespace stave
