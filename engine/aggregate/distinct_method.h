// How many different codes each group has, counted by marking those that were set aside for it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/code_marks.h"
#include "engine/aggregate/pending_rows.h"
#include "engine/aggregate/result_vector.h"
#include "engine/aggregate/value_encoder.h"

namespace stave {

// A Method of CollectingAccumulator.
class DistinctMethod {
 public:
  using Value = std::uint32_t;
  using Scratch = CodeMarks;

  DistinctMethod(const AggregateCall& call, const ColumnShape& shape)
      : type_(call.type), encoder_(shape) {}

  std::optional<ValueEncoder>& encoder() { return encoder_; }
  void resize(std::uint32_t groups) { counts_.resize(groups); }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) {
    retain_states(counts_, first, kept);
  }
  bool holds(std::uint32_t group) const { return counts_[group] != 0; }
  void take(std::uint32_t target, DistinctMethod& other, std::uint32_t group) {
    counts_[target] = other.counts_[group];
  }

  void set(std::uint32_t group, std::uint64_t count) {
    counts_[group] = static_cast<std::int64_t>(count);
  }
  void run(std::uint32_t group, PendingRows<Value>::Parts parts, Scratch& marks) {
    marks.make_room(encoder_->size());
    set(group, marks.count(parts));
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const {
    std::vector<std::int64_t> values(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) values[row] = counts_[order[row]];
    return make_vector(type_, Representation::kInt64, std::move(values),
                       ValidityBits(order.size()));
  }

  std::size_t memory_bytes() const {
    return counts_.capacity() * sizeof(std::int64_t) + encoder_->memory_bytes() +
           encoder_->size() / 8;
  }

 private:
  Type type_;
  std::optional<ValueEncoder> encoder_;
  std::vector<std::int64_t> counts_;
};

}  // namespace stave
