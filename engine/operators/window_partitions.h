// The rows of a relation brought together by partition and, within, into the order of a window.
// Invariant: partitions and peers depend on values only; the order of peers does so once
// `break_ties` ran, but for rows that are equal in every column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/context.h"
#include "engine/operators/order_keys.h"
#include "engine/operators/row_locator.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

class WindowPartitions {
 public:
  // Keeps a reference to the input. The first `asked_keys` of `sort` rarely leave ties for the
  // others to break; 0: nobody knows.
  static Result<WindowPartitions> make(const std::vector<Expression>& per,
                                       const std::vector<SortKey>& sort, std::size_t asked_keys,
                                       const Relation& input, ExecutionContext& context);
  // Orders peers by all columns of the input, ascending.
  Result<void> break_ties(ExecutionContext& context);

  std::size_t size() const { return starts_.size() - 1; }
  // The rows of a partition in order.
  std::span<const RowNumber> rows(std::size_t partition) const {
    return std::span(rows_).subspan(starts_[partition],
                                    starts_[partition + 1] - starts_[partition]);
  }
  // For each of rows(partition): 1 where its sort keys differ from those of the row before it.
  std::span<const std::uint8_t> peer_starts(std::size_t partition) const {
    return std::span(peer_starts_)
        .subspan(starts_[partition], starts_[partition + 1] - starts_[partition]);
  }

  // Calls body(partition) for each, in parallel; partitions of one `worker` run one by one.
  using Body = std::function<Result<void>(std::size_t partition, int worker)>;
  Result<void> for_each(ExecutionContext& context, const Body& body) const;

 private:
  Result<void> sort(std::size_t tie_columns, ExecutionContext& context);
  Result<void> sort_by(const std::vector<Expression>& keys, const std::vector<KeyOrder>& orders,
                       ExecutionContext& context);
  std::vector<RowNumber> tied_places() const;
  Result<void> break_ties_by(const std::vector<Expression>& keys,
                             const std::vector<KeyOrder>& orders, std::span<const RowNumber> places,
                             ExecutionContext& context);
  std::size_t longest_run() const;

  const Relation* input_ = nullptr;
  std::vector<Expression> keys_;  // per, then sort
  std::vector<bool> descending_;
  std::size_t per_keys_ = 0;
  std::size_t asked_keys_ = 0;  // of keys_, with per; 0: not told apart
  std::vector<RowNumber> rows_;
  std::vector<RowNumber> starts_;
  std::vector<std::uint8_t> peer_starts_;
  bool is_total_ = false;
};

}  // namespace stave
