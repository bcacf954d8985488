// Values set aside with their groups until a group is complete, and then handed out group by group:
// what exact distinct counts, modes and quantiles need. Groups are brought together by counting, in
// two levels where there are many, so that the second level stays in cache.
// Invariant: every value added is handed out once, with all other values of its group.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
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

  // For rows of one group: `groups` stays unwritten as long as there is no other group.
  void add(std::uint32_t group, const Value* values, std::size_t count) {
    if (count == 0) return;
    if (rows_ == 0) only_group_ = group;
    const bool constant = only_group_ == group;
    if (!constant) name_groups();
    while (count > 0) {
      Chunk& chunk = open_chunk();
      const std::size_t taken = std::min(count, kChunkRows - chunk.values.size());
      chunk.values.insert(chunk.values.end(), values, values + taken);
      if (!constant) chunk.groups.insert(chunk.groups.end(), taken, group);
      rows_ += taken;
      values += taken;
      count -= taken;
    }
    note(group);
  }

  void add(const std::uint32_t* groups, const Value* values, std::size_t count) {
    if (count == 0) return;
    name_groups();
    rows_ += count;
    for (std::size_t i = 0; i < count; ++i) note(groups[i]);
    while (count > 0) {
      Chunk& chunk = open_chunk();
      const std::size_t taken = std::min(count, kChunkRows - chunk.values.size());
      chunk.values.insert(chunk.values.end(), values, values + taken);
      chunk.groups.insert(chunk.groups.end(), groups, groups + taken);
      groups += taken;
      values += taken;
      count -= taken;
    }
  }

  bool empty() const { return rows_ == 0; }
  std::size_t memory_bytes() const {
    return chunks_.size() * kChunkRows * sizeof(Value) +
           (only_group_ ? 0 : chunks_.size() * kChunkRows * sizeof(std::uint32_t));
  }

  // Takes over what `other` holds; its groups are renamed, its values rewritten by `value_of`.
  template <typename ValueOf>
  void take(PendingRows& other, std::span<const std::uint32_t> targets, const ValueOf& value_of) {
    if (other.rows_ == 0) return;
    name_groups();
    other.name_groups();
    for (std::size_t i = 0; i < other.used_; ++i) {
      Chunk& chunk = other.chunks_[i];
      for (auto& group : chunk.groups) {
        group = targets[group];
        note(group);
      }
      for (auto& value : chunk.values) value = value_of(value);
      chunks_.insert(chunks_.begin(), std::move(chunk));
      ++used_;
    }
    rows_ += other.rows_;
    other = PendingRows();
  }

  // Hands everything out and is empty again; on the context's threads where there is one.
  Result<void> hand_out(ExecutionContext* context, const Run& run) {
    if (rows_ == 0) return {};
    Result<void> done;
    if (only_group_) {
      std::vector<std::span<Value>> parts;
      for (std::size_t i = 0; i < used_; ++i) parts.emplace_back(chunks_[i].values);
      run(*only_group_, parts, 0);
    } else {
      done = hand_out_groups(context, run);
    }
    for (Chunk& chunk : chunks_) {
      chunk.values.clear();
      chunk.groups.clear();
    }
    if (context != nullptr) chunks_.clear();
    used_ = 0;
    rows_ = 0;
    only_group_.reset();
    lowest_ = UINT32_MAX;
    highest_ = 0;
    return done;
  }

 private:
  static constexpr std::size_t kChunkRows = std::size_t{1} << 15;
  static constexpr std::uint32_t kMostPartitions = 1024;

  struct Chunk {
    std::vector<std::uint32_t> groups;
    std::vector<Value> values;
  };

  // Memory of one thread for the second level.
  struct Sorter {
    std::vector<std::uint32_t> ends;
    std::vector<Value> values;
  };

  void note(std::uint32_t group) {
    lowest_ = std::min(lowest_, group);
    highest_ = std::max(highest_, group);
  }

  Chunk& open_chunk() {
    if (used_ == 0 || chunks_[used_ - 1].values.size() == kChunkRows) {
      if (used_ == chunks_.size()) {
        chunks_.emplace_back();
        chunks_.back().values.reserve(kChunkRows);
      }
      ++used_;
    }
    return chunks_[used_ - 1];
  }

  void name_groups() {
    if (!only_group_) return;
    for (std::size_t i = 0; i < used_; ++i) {
      chunks_[i].groups.assign(chunks_[i].values.size(), *only_group_);
    }
    only_group_.reset();
  }

  static Result<void> for_each(ExecutionContext* context, std::size_t count,
                               const ExecutionContext::ParallelBody& body) {
    if (context != nullptr) return context->parallel_for(count, body);
    for (std::size_t item = 0; item < count; ++item) {
      if (auto done = body(item, 0); !done) return done;
    }
    return {};
  }

  Result<void> hand_out_groups(ExecutionContext* context, const Run& run) {
    const std::uint32_t width = highest_ - lowest_;
    std::uint32_t shift = 0;
    while ((width >> shift) >= kMostPartitions) ++shift;
    const std::size_t partitions = (width >> shift) + 1;
    // Where each chunk writes its values of each partition.
    std::vector<std::uint64_t> places(used_ * partitions, 0);
    auto done = for_each(context, used_, [&](std::size_t item, int) -> Result<void> {
      std::uint64_t* counts = places.data() + item * partitions;
      for (const std::uint32_t group : chunks_[item].groups) ++counts[(group - lowest_) >> shift];
      return {};
    });
    if (!done) return done;
    std::vector<std::uint64_t> begins(partitions + 1, 0);
    std::uint64_t total = 0;
    for (std::size_t partition = 0; partition < partitions; ++partition) {
      begins[partition] = total;
      for (std::size_t chunk = 0; chunk < used_; ++chunk) {
        std::uint64_t& place = places[chunk * partitions + partition];
        total += std::exchange(place, total);
      }
    }
    begins[partitions] = total;
    if (values_.size() < total) values_.resize(total);
    if (shift != 0 && groups_.size() < total) groups_.resize(total);
    done = for_each(context, used_, [&](std::size_t item, int) -> Result<void> {
      std::uint64_t* next = places.data() + item * partitions;
      Chunk& chunk = chunks_[item];
      for (std::size_t i = 0; i < chunk.values.size(); ++i) {
        const std::uint32_t group = chunk.groups[i] - lowest_;
        const std::uint64_t place = next[group >> shift]++;
        values_[place] = chunk.values[i];
        if (shift != 0) groups_[place] = group;
      }
      if (context != nullptr) chunk = Chunk();
      return {};
    });
    if (!done) return done;
    const auto workers = static_cast<std::size_t>(context == nullptr ? 1 : context->threads());
    std::vector<Sorter> sorters(workers);
    done = for_each(context, partitions, [&](std::size_t partition, int worker) -> Result<void> {
      const auto first = static_cast<std::uint32_t>(partition << shift);
      const std::span<Value> values(values_.data() + begins[partition],
                                    begins[partition + 1] - begins[partition]);
      if (values.empty()) return {};
      if (shift == 0) {
        run(lowest_ + first, Parts(&values, 1), worker);
      } else {
        sort_partition(first, shift, values, groups_.data() + begins[partition],
                       sorters[static_cast<std::size_t>(worker)], run, worker);
      }
      return {};
    });
    if (context != nullptr) {
      values_ = {};
      groups_ = {};
    }
    return done;
  }

  void sort_partition(std::uint32_t first, std::uint32_t shift, std::span<const Value> values,
                      const std::uint32_t* groups, Sorter& sorter, const Run& run, int worker) {
    const std::size_t count = std::size_t{1} << shift;
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

  std::vector<Chunk> chunks_;
  std::size_t used_ = 0;  // of chunks_; the others wait to be used again
  std::uint64_t rows_ = 0;
  std::optional<std::uint32_t> only_group_;  // then the chunks' groups are not written
  std::uint32_t lowest_ = UINT32_MAX;
  std::uint32_t highest_ = 0;
  std::vector<Value> values_;
  std::vector<std::uint32_t> groups_;
};

}  // namespace stave
