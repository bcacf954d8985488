// See window_partitions.h.
#include "engine/operators/window_partitions.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "engine/make_expression.h"
#include "engine/operators/cell_order.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/row_gather.h"

namespace stave {

namespace {

constexpr std::size_t kRowsPerItem = 16384;
// Runs of peers up to this length are ordered by comparing rows, longer ones by keys of all
// columns.
constexpr std::size_t kLongRun = 4096;
// Where more rows than one of so many are tied, all are sorted again.
constexpr std::size_t kRowsPerTied = 8;

Result<OrderKeys> keys_over(const Relation& input, const std::vector<Expression>& expressions,
                            const std::vector<KeyOrder>& orders, ExecutionContext& context) {
  const auto columns = evaluate_all(expressions, input, context);
  if (!columns) {
    return pass(columns);
  }
  return OrderKeys::make(*columns, orders, context);
}

}  // namespace

Result<WindowPartitions> WindowPartitions::make(const std::vector<Expression>& per,
                                                const std::vector<SortKey>& sort,
                                                std::size_t asked_keys, const Relation& input,
                                                ExecutionContext& context) {
  WindowPartitions partitions;
  partitions.input_ = &input;
  partitions.keys_ = per;
  partitions.descending_.resize(per.size());
  partitions.per_keys_ = per.size();
  if (asked_keys > 0 && asked_keys < sort.size()) {
    partitions.asked_keys_ = per.size() + asked_keys;
  }
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

// Sorts by the keys, then by the first `tie_columns` columns of the input. Keys of many columns are
// wide and slow, so that where few rows are tied by those that were asked for, only these are
// ordered by the rest.
Result<void> WindowPartitions::sort(std::size_t tie_columns, ExecutionContext& context) {
  std::vector<Expression> keys = keys_;
  std::vector<KeyOrder> orders;
  for (std::size_t key = 0; key < keys_.size(); ++key) {
    orders.push_back(key < per_keys_
                         ? KeyOrder::kAny
                         : (descending_[key] ? KeyOrder::kDescending : KeyOrder::kAscending));
  }
  for (std::size_t column = 0; column < tie_columns; ++column) {
    keys.push_back(column_expression(column, input_->fields[column].type));
    orders.push_back(KeyOrder::kAscending);
  }
  if (asked_keys_ > 0) {
    const auto asked = static_cast<std::ptrdiff_t>(asked_keys_);
    auto sorted = sort_by({keys.begin(), keys.begin() + asked},
                          {orders.begin(), orders.begin() + asked}, context);
    if (!sorted) {
      return sorted;
    }
    const std::vector<RowNumber> tied = tied_places();
    if (tied.size() <= rows_.size() / kRowsPerTied) {
      return break_ties_by({keys.begin() + asked, keys.end()},
                           {orders.begin() + asked, orders.end()}, tied, context);
    }
  }
  return sort_by(keys, orders, context);
}

Result<void> WindowPartitions::sort_by(const std::vector<Expression>& expressions,
                                       const std::vector<KeyOrder>& orders,
                                       ExecutionContext& context) {
  const auto keys = keys_over(*input_, expressions, orders, context);
  if (!keys) {
    return pass(keys);
  }
  std::array<KeyBorders, 2> borders;
  borders[0].columns = per_keys_;
  borders[1].columns = expressions.size();
  auto rows = sorted_rows(*keys, context, borders);
  if (!rows) {
    return pass(std::move(rows));
  }
  rows_ = std::move(*rows);
  const std::vector<std::uint8_t>& is_first = borders[0].begins;
  peer_starts_ = std::move(borders[1].begins);
  starts_.clear();
  for (std::size_t place = 0; place < rows_.size(); ++place) {
    if (is_first[place] != 0) {
      starts_.push_back(static_cast<RowNumber>(place));
    }
  }
  starts_.push_back(static_cast<RowNumber>(rows_.size()));
  return {};
}

// Places of rows that have peers.
std::vector<RowNumber> WindowPartitions::tied_places() const {
  std::vector<RowNumber> tied;
  for (std::size_t place = 0; place < rows_.size(); ++place) {
    const bool ends_run = place + 1 == rows_.size() || peer_starts_[place + 1] != 0;
    if (peer_starts_[place] == 0 || !ends_run) {
      tied.push_back(static_cast<RowNumber>(place));
    }
  }
  return tied;
}

// Orders each run of peers by more keys; `places` are those of all runs.
Result<void> WindowPartitions::break_ties_by(const std::vector<Expression>& expressions,
                                             const std::vector<KeyOrder>& orders,
                                             std::span<const RowNumber> places,
                                             ExecutionContext& context) {
  if (places.empty()) {
    return {};
  }
  std::vector<RowNumber> rows;
  rows.reserve(places.size());
  for (const RowNumber place : places) {
    rows.push_back(rows_[place]);
  }
  const auto tied = gather_rows(*input_, input_->fields, rows, context);
  if (!tied) {
    return pass(tied);
  }
  const auto keys = keys_over(*tied, expressions, orders, context);
  if (!keys) {
    return pass(keys);
  }
  std::vector<RowNumber> order(rows.size());
  std::iota(order.begin(), order.end(), RowNumber{0});
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && peer_starts_[places[end]] == 0) {
      ++end;
    }
    std::sort(order.begin() + static_cast<std::ptrdiff_t>(begin),
              order.begin() + static_cast<std::ptrdiff_t>(end),
              [&](RowNumber left, RowNumber right) {
                const int compared = keys->compare(left, right);
                return compared != 0 ? compared < 0 : rows[left] < rows[right];
              });
    for (std::size_t at = begin; at < end; ++at) {
      rows_[places[at]] = rows[order[at]];
      peer_starts_[places[at]] =
          at == begin || keys->compare(order[at - 1], order[at]) != 0 ? 1 : 0;
    }
    begin = end;
  }
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
    // Peers stay who they were: they are of the keys alone.
    std::vector<std::uint8_t> peers = peer_starts_;
    auto sorted = sort(input_->fields.size(), context);
    peer_starts_ = std::move(peers);
    return sorted;
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
