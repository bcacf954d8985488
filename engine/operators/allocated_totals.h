// What each key has to split, and the groups that these totals go to: the right side of sums of
// allocations (allocated_sums.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "engine/aggregate/value_encoder.h"
#include "engine/operators/allocated_sums.h"

namespace stave {

// The codes of a column by value, nulls last.
struct RankedCodes {
  std::vector<std::uint32_t> rank_of_code;
  std::vector<std::uint32_t> code_of_rank;
  std::uint64_t ranks = 1;
  std::uint64_t stride = 1;  // in what it is a part of

  RankedCodes() = default;
  explicit RankedCodes(const ValueEncoder& encoder);
};

class AllocatedTotals {
 public:
  struct Total {
    std::int64_t amount = 0;  // not negative
    std::uint32_t group = 0;
  };

  // `key`: what the left key reads as. Nothing where the codes of the right key are others, where
  // an amount is null, negative or above 63 bits, or where a key has two totals that are to be one,
  // or very many.
  static Result<std::optional<AllocatedTotals>> make(const AllocatedSums& plan,
                                                     const ColumnShape& key, const Relation& right,
                                                     ExecutionContext& context);

  std::span<const Total> of(std::uint32_t key) const {
    return std::span(totals_).subspan(starts_[key], starts_[key + 1] - starts_[key]);
  }
  // Codes of keys are below it.
  std::uint64_t keys() const { return starts_.size() - 1; }
  std::uint64_t groups() const { return places_.size(); }
  // How many groups there could be.
  std::uint64_t order_product() const { return order_product_; }

  // Of the right columns that the sums are grouped by.
  const RankedCodes& column(std::size_t right_column) const {
    return columns_.at(right_column).ranked;
  }
  const ValueEncoder& encoder(std::size_t right_column) const {
    return columns_.at(right_column).encoder;
  }
  std::uint32_t rank(std::uint64_t group, std::size_t right_column) const {
    const RankedCodes& ranked = columns_.at(right_column).ranked;
    return static_cast<std::uint32_t>(places_[group] / ranked.stride % ranked.ranks);
  }

 private:
  struct Column {
    ValueEncoder encoder;
    RankedCodes ranked;
  };

  std::vector<std::uint32_t> starts_ = {0};
  std::vector<Total> totals_;
  std::map<std::size_t, Column> columns_;
  std::vector<std::uint64_t> places_;  // of groups, among all that there could be
  std::uint64_t order_product_ = 1;
};

}  // namespace stave
