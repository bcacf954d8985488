// See allocated_totals.h.
#include "engine/operators/allocated_totals.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <limits>
#include <numeric>

#include "engine/make_expression.h"
#include "engine/operators/evaluate_all.h"
#include "engine/operators/row_locator.h"
#include "storage/int128.h"

namespace stave {
namespace {

constexpr std::uint32_t kMostOfKey = 64;  // totals, which are compared with each other

// All rows of one evaluated column as codes.
Result<std::vector<std::uint32_t>> codes_of(const EvaluatedColumns& columns, std::size_t column,
                                            ValueEncoder& encoder) {
  std::vector<std::uint32_t> all;
  for (const Batch& batch : columns.batches) {
    const auto codes = encoder.encode(batch.columns[column]);
    if (!codes) return pass(codes);
    all.insert(all.end(), *codes, *codes + batch.rows);
  }
  return all;
}

// The amounts; nothing where one is null, negative or wide.
std::optional<std::vector<std::int64_t>> amounts_of(const EvaluatedColumns& columns,
                                                    std::size_t column) {
  std::vector<std::int64_t> all;
  for (const Batch& batch : columns.batches) {
    const Vector& vector = batch.columns[column];
    const bool is_wide = vector.representation == Representation::kInt128;
    if (!is_wide && vector.representation != Representation::kInt64) return std::nullopt;
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      const bool is_null =
          vector.validity != nullptr && (vector.validity[row / 64] >> (row % 64) & 1) == 0;
      const Int128 amount =
          is_wide ? vector.values<Int128>()[row] : Int128{vector.values<std::int64_t>()[row]};
      if (is_null || amount < 0 || amount > std::numeric_limits<std::int64_t>::max()) {
        return std::nullopt;
      }
      all.push_back(static_cast<std::int64_t>(amount));
    }
  }
  return all;
}

}  // namespace

RankedCodes::RankedCodes(const ValueEncoder& encoder) {
  std::vector<std::uint32_t> codes(encoder.size());
  std::iota(codes.begin(), codes.end(), 0U);
  std::uint32_t used = 0;
  rank_of_code = encoder.rank(codes, used);
  ranks = used;
  code_of_rank.resize(used);
  for (const std::uint32_t code : codes) code_of_rank[rank_of_code[code]] = code;
}

Result<std::optional<AllocatedTotals>> AllocatedTotals::make(const AllocatedSums& plan,
                                                             const ColumnShape& key,
                                                             const Relation& right,
                                                             ExecutionContext& context) {
  if (key.representation != Representation::kCode || !key.dictionary || right.rows == 0 ||
      right.rows >= kNoRow) {
    return std::nullopt;
  }
  std::vector<Expression> expressions = plan.join->right_keys;
  const auto ask = [&](std::size_t column) {
    expressions.push_back(column_expression(column, right.fields[column].type));
  };
  ask(plan.total);
  for (const std::size_t column : plan.per) ask(column);
  const std::size_t first_group = expressions.size();
  std::vector<std::size_t> grouped;
  for (const AllocatedSums::Group& group : plan.groups) {
    if (!group.is_right || std::ranges::find(grouped, group.at) != grouped.end()) continue;
    ask(group.at);
    grouped.push_back(group.at);
  }
  const auto read = evaluate_all(expressions, right, context);
  if (!read) return pass(read);
  if (read->shapes[0].representation != Representation::kCode ||
      read->shapes[0].dictionary != key.dictionary) {
    return std::nullopt;
  }
  const auto amounts = amounts_of(*read, 1);
  if (!amounts) return std::nullopt;

  AllocatedTotals made;
  const auto rows = static_cast<std::size_t>(right.rows);
  std::vector<std::uint64_t> places(rows, 0);  // of the group among all that there could be
  for (std::size_t i = 0; i < grouped.size(); ++i) {
    ValueEncoder encoder(read->shapes[first_group + i]);
    const auto codes = codes_of(*read, first_group + i, encoder);
    if (!codes) return pass(codes);
    RankedCodes ranked(encoder);
    for (std::size_t row = 0; row < rows; ++row) {
      places[row] = places[row] * ranked.ranks + ranked.rank_of_code[(*codes)[row]];
    }
    if (__builtin_mul_overflow(made.order_product_, ranked.ranks, &made.order_product_)) {
      return std::nullopt;
    }
    made.columns_.emplace(grouped[i], Column{std::move(encoder), std::move(ranked)});
  }
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> groups;
  std::vector<std::uint32_t> group_of_row;
  for (const std::uint64_t place : places) {
    const auto [group, is_new] =
        groups.try_emplace(place, static_cast<std::uint32_t>(groups.size()));
    if (is_new) made.places_.push_back(place);
    group_of_row.push_back(group->second);
  }
  std::uint64_t stride = 1;
  for (std::size_t i = grouped.size(); i-- > 0;) {
    RankedCodes& ranked = made.columns_.at(grouped[i]).ranked;
    ranked.stride = stride;
    stride *= ranked.ranks;
  }

  ValueEncoder keys(read->shapes[0]);
  const auto key_codes = codes_of(*read, 0, keys);
  if (!key_codes) return pass(key_codes);
  made.starts_.assign(std::size_t{key.dictionary->size()} + 2, 0);
  for (const std::uint32_t code : *key_codes) ++made.starts_[code + 1];
  made.starts_[kNullCode + 1] = 0;  // null finds nothing
  std::partial_sum(made.starts_.begin(), made.starts_.end(), made.starts_.begin());
  made.totals_.resize(made.starts_.back());
  std::vector<std::uint32_t> next(made.starts_.begin(), made.starts_.end() - 1);
  std::vector<std::uint32_t> row_at(made.totals_.size());
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint32_t code = (*key_codes)[row];
    if (code == kNullCode) continue;
    row_at[next[code]] = static_cast<std::uint32_t>(row);
    made.totals_[next[code]++] = {(*amounts)[row], group_of_row[row]};
  }

  // Two totals of a key must differ in what they are told apart by.
  std::vector<std::vector<std::uint32_t>> apart;
  for (std::size_t i = 0; i < plan.per.size(); ++i) {
    ValueEncoder encoder(read->shapes[2 + i]);
    auto codes = codes_of(*read, 2 + i, encoder);
    if (!codes) return pass(codes);
    apart.push_back(*std::move(codes));
  }
  const auto is_told_apart = [&](std::uint32_t one, std::uint32_t other) {
    return std::ranges::any_of(apart,
                               [&](const auto& codes) { return codes[one] != codes[other]; });
  };
  for (std::size_t code = 0; code + 1 < made.starts_.size(); ++code) {
    for (std::uint32_t one = made.starts_[code]; one < made.starts_[code + 1]; ++one) {
      if (one - made.starts_[code] > kMostOfKey) return std::nullopt;
      for (std::uint32_t other = made.starts_[code]; other < one; ++other) {
        if (!is_told_apart(row_at[one], row_at[other])) return std::nullopt;
      }
    }
  }
  return std::optional(std::move(made));
}

}  // namespace stave
