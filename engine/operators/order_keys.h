// Sort and group keys of rows as one fixed-width unsigned integer each, most significant word
// first. Invariant: these integers compare as the keys do (first key first; nulls last whether
// ascending or descending; not-a-number above all numbers), and are equal where all keys are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/context.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/group_ranks.h"
#include "engine/operators/row_locator.h"
#include "engine/plan.h"
#include "stave/result.h"

namespace stave {

enum class KeyOrder : std::uint8_t {
  kAscending,
  kDescending,
  kAny,  // equal keys must only come together: codes need no ranks
};

class OrderKeys {
 public:
  // `compared`, where given: rows are compared with those of their group only.
  static Result<OrderKeys> make(const EvaluatedColumns& columns,
                                const std::vector<KeyOrder>& orders, ExecutionContext& context,
                                const GroupedRows* compared = nullptr);

  RowNumber rows() const { return rows_; }
  unsigned bits() const { return bits_.back(); }
  // Of the first keys.
  unsigned bits(std::size_t columns) const { return bits_[columns]; }
  std::size_t words_per_row() const { return words_per_row_; }
  const std::uint64_t* words(RowNumber row) const { return words_.data() + row * words_per_row_; }

  // Negative, zero or positive as with memcmp.
  int compare(RowNumber left, RowNumber right) const;
  // Whether the first `columns` keys of two rows are equal.
  bool equal(RowNumber left, RowNumber right, std::size_t columns) const;

 private:
  RowNumber rows_ = 0;
  std::size_t words_per_row_ = 1;
  std::vector<unsigned> bits_;  // [i]: bits of the first i keys
  std::vector<std::uint64_t> words_;
};

// The keys of a `sort`.
Result<OrderKeys> make_order_keys(const std::vector<SortKey>& sort, const Relation& input,
                                  ExecutionContext& context, const GroupedRows* compared = nullptr);

// Where the first keys change along an order.
struct KeyBorders {
  std::size_t columns = 0;           // how many keys
  std::vector<std::uint8_t> begins;  // by place: 1 where they are others than at the place before
};

// The row numbers in the order of their keys; equal keys in row order. Says of each of `borders`
// where it is.
Result<std::vector<RowNumber>> sorted_rows(const OrderKeys& keys, ExecutionContext& context,
                                           std::span<KeyBorders> borders = {});

}  // namespace stave
