// See window_partitions.h.
#include "engine/operators/window_partitions.h"

#include <algorithm>

#include "engine/operators/cell_order.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/make_expression.h"
#include "engine/operators/order_keys.h"

namespace stave {

namespace {

constexpr std::size_t kRowsPerItem = 16384;
// Runs of peers up to this length are ordered by comparing rows, longer ones by keys of all
// columns.
constexpr std::size_t kLongRun = 4096;

}  // namespace

Result<WindowPartitions> WindowPartitions::make(const std::vector<Expression>& per,
                                                const std::vector<SortKey>& sort,
                                                const Relation& input, ExecutionContext& context) {
  WindowPartitions partitions;
  partitions.input_ = &input;
  partitions.keys_ = per;
  partitions.descending_.resize(per.size());
  partitions.per_keys_ = per.size();
  for (const SortKey& key : sort) {
    partitions.keys_.push_back(key.expression);
    partitions.descending_.push_back(key.descending);
  }
  const auto sorted = partitions.sort(0, context);
  if (!sorted) {
    return pass(sorted);
  }
  return partitions;
}

// Sorts by the keys, then by the first `tie_columns` columns of the input.
Result<void> WindowPartitions::sort(std::size_t tie_columns, ExecutionContext& context) {
  std::vector<Expression> expressions = keys_;
  std::vector<KeyOrder> orders;
  for (std::size_t key = 0; key < keys_.size(); ++key) {
    orders.push_back(key < per_keys_
                         ? KeyOrder::kAny
                         : (descending_[key] ? KeyOrder::kDescending : KeyOrder::kAscending));
  }
  for (std::size_t column = 0; column < tie_columns; ++column) {
    expressions.push_back(column_expression(column, input_->fields[column].type));
    orders.push_back(KeyOrder::kAscending);
  }
  const auto columns = evaluate_all(expressions, *input_, context);
  if (!columns) {
    return pass(columns);
  }
  const auto keys = OrderKeys::make(*columns, orders, context);
  if (!keys) {
    return pass(keys);
  }
  auto rows = sorted_rows(*keys, context);
  if (!rows) {
    return pass(std::move(rows));
  }
  rows_ = std::move(*rows);
  starts_.clear();
  peer_starts_.assign(rows_.size(), 0);
  for (std::size_t place = 0; place < rows_.size(); ++place) {
    const bool is_first = place == 0 || !keys->equal(rows_[place - 1], rows_[place], per_keys_);
    if (is_first) {
      starts_.push_back(static_cast<RowNumber>(place));
    }
    const bool is_new = is_first || !keys->equal(rows_[place - 1], rows_[place], keys_.size());
    peer_starts_[place] = is_new ? 1 : 0;
  }
  starts_.push_back(static_cast<RowNumber>(rows_.size()));
  return {};
}

std::size_t WindowPartitions::longest_run() const {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const std::uint8_t is_new : peer_starts_) {
    run = is_new != 0 ? 1 : run + 1;
    longest = std::max(longest, run);
  }
  return longest;
}

Result<void> WindowPartitions::break_ties(ExecutionContext& context) {
  if (is_total_) {
    return {};
  }
  is_total_ = true;
  if (longest_run() > kLongRun) {
    return sort(input_->fields.size(), context);
  }
  const RowLocator locator(input_->batches);
  const RowOrder order(input_->batches, locator);
  const auto less = [&order](RowNumber left, RowNumber right) {
    const int compared = order.compare(left, right);
    return compared != 0 ? compared < 0 : left < right;
  };
  return for_each(context, [&](std::size_t partition, int) -> Result<void> {
    const auto first = rows_.begin() + starts_[partition];
    const auto peers = peer_starts(partition);
    for (std::size_t begin = 0; begin < peers.size();) {
      std::size_t end = begin + 1;
      while (end < peers.size() && peers[end] == 0) {
        ++end;
      }
      if (end - begin > 1) {
        std::sort(first + static_cast<std::ptrdiff_t>(begin),
                  first + static_cast<std::ptrdiff_t>(end), less);
      }
      begin = end;
    }
    return {};
  });
}

Result<void> WindowPartitions::for_each(ExecutionContext& context, const Body& body) const {
  std::vector<std::size_t> firsts;  // of the partitions of each item
  for (std::size_t partition = 0; partition < size(); ++partition) {
    if (firsts.empty() || starts_[partition] - starts_[firsts.back()] >= kRowsPerItem) {
      firsts.push_back(partition);
    }
  }
  firsts.push_back(size());
  return context.parallel_for(firsts.size() - 1, [&](std::size_t item, int worker) {
    for (std::size_t partition = firsts[item]; partition < firsts[item + 1]; ++partition) {
      auto done = body(partition, worker);
      if (!done) {
        return done;
      }
    }
    return Result<void>();
  });
}

}  // namespace stave
