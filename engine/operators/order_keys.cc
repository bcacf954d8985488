// See order_keys.h. Each key column is first measured (ranks, smallest and largest value), so that
// it takes as few bits as its values need; then all columns are packed row by row.
#include "engine/operators/order_keys.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include "engine/operators/ordered_bits.h"
#include "engine/operators/value_ranks.h"
#include "engine/runtime/vector_buffer.h"
#include "storage/int128.h"

namespace stave {

namespace {

constexpr UInt128 kMaxUInt128 = ~UInt128{0};

struct KeyColumn {
  const EvaluatedColumns* columns = nullptr;
  std::size_t index = 0;
  KeyOrder order = KeyOrder::kAscending;
  std::optional<CodeRanks> code_ranks;
  std::vector<std::uint32_t> row_ranks;  // by row over all batches

  // Set by measure():
  UInt128 smallest = 0;
  UInt128 range = 0;
  bool has_flag = false;  // the range leaves no room for null: a bit of its own before the value
  unsigned value_bits = 0;

  unsigned bits() const { return value_bits + (has_flag ? 1U : 0U); }
};

// Calls visit(row, is_null, number) for each row of a batch; numbers order as values do.
template <typename Visit>
void visit_numbers(const KeyColumn& column, std::size_t batch, RowNumber start,
                   const Visit& visit) {
  const Vector& vector = column.columns->batches[batch].columns[column.index];
  const auto visit_all = [&](const auto& number_at) {
    for (std::uint32_t row = 0; row < vector.size; ++row) {
      const bool null = is_null_at(vector, row);
      visit(row, null, null ? decltype(number_at(row)){0} : number_at(row));
    }
  };
  if (!column.row_ranks.empty()) {
    return visit_all(
        [&](std::uint32_t row) { return std::uint64_t{column.row_ranks[start + row]}; });
  }
  switch (vector.representation) {
    case Representation::kCode: {
      const auto* codes = vector.values<std::uint32_t>();
      if (column.code_ranks) {
        const CodeRanks& ranks = *column.code_ranks;
        visit_all([&](std::uint32_t row) { return std::uint64_t{ranks[codes[row]]}; });
      } else {
        visit_all([&](std::uint32_t row) { return std::uint64_t{codes[row]}; });
      }
      return;
    }
    case Representation::kInt64: {
      const auto* values = vector.values<std::int64_t>();
      visit_all([&](std::uint32_t row) { return ordered_bits(values[row]); });
      return;
    }
    case Representation::kInt128: {
      const auto* values = vector.values<Int128>();
      visit_all([&](std::uint32_t row) { return ordered_bits(values[row]); });
      return;
    }
    case Representation::kFloat64: {
      const auto* values = vector.values<double>();
      visit_all([&](std::uint32_t row) { return ordered_bits(values[row]); });
      return;
    }
    case Representation::kBool: {
      const auto* values = vector.values<std::uint8_t>();
      visit_all([&](std::uint32_t row) { return std::uint64_t{values[row]}; });
      return;
    }
    case Representation::kString:
      return;  // have ranks by row
  }
}

unsigned bit_width(UInt128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  return static_cast<unsigned>(high != 0 ? 64 + std::bit_width(high)
                                         : std::bit_width(static_cast<std::uint64_t>(value)));
}

// Numbers for texts, which have none of their own.
Result<void> rank(KeyColumn& column, const GroupedRows* compared, ExecutionContext& context) {
  const ColumnShape& shape = column.columns->shapes[column.index];
  const bool is_coded = shape.representation == Representation::kCode;
  if (is_coded && column.order == KeyOrder::kAny) return {};
  const bool is_text = is_coded ? shape.dictionary->kind() == DictionaryKind::kString
                                : shape.representation == Representation::kString;
  if (is_text && compared != nullptr && compared->are_small()) {
    auto ranks = ranks_in_groups(*column.columns, column.index, *compared, context);
    if (!ranks) return pass(std::move(ranks));
    column.row_ranks = std::move(*ranks);
  } else if (is_coded) {
    auto ranks = CodeRanks::make(*column.columns, column.index, context);
    if (!ranks) {
      return pass(std::move(ranks));
    }
    column.code_ranks = std::move(*ranks);
  } else if (is_text) {
    auto ranks = string_ranks(*column.columns, column.index, context);
    if (!ranks) {
      return pass(std::move(ranks));
    }
    column.row_ranks = std::move(*ranks);
  }
  return {};
}

Result<void> measure(KeyColumn& column, const RowLocator& locator, ExecutionContext& context) {
  struct Extent {
    UInt128 smallest = kMaxUInt128;
    UInt128 largest = 0;
    bool has_null = false;
  };
  std::vector<Extent> extents(column.columns->batches.size());
  auto measured = context.parallel_for(extents.size(), [&](std::size_t batch, int) {
    Extent extent;
    visit_numbers(column, batch, locator.start_of(batch),
                  [&](std::uint32_t, bool null, auto number) {
                    if (null) {
                      extent.has_null = true;
                    } else {
                      extent.smallest = std::min<UInt128>(extent.smallest, number);
                      extent.largest = std::max<UInt128>(extent.largest, number);
                    }
                  });
    extents[batch] = extent;
    return Result<void>();
  });
  Extent all;
  for (const Extent& extent : extents) {
    all.smallest = std::min(all.smallest, extent.smallest);
    all.largest = std::max(all.largest, extent.largest);
    all.has_null |= extent.has_null;
  }
  if (all.smallest > all.largest) {  // nothing but nulls
    all.smallest = all.largest = 0;
  }
  column.smallest = all.smallest;
  column.range = all.largest - all.smallest;
  column.has_flag = all.has_null && column.range == kMaxUInt128;
  column.value_bits = bit_width(column.range + (all.has_null && !column.has_flag ? 1U : 0U));
  return measured;
}

// Writes `bits` bits of a value at bit `position` of words that are zero there.
void put_bits(std::uint64_t* words, unsigned position, unsigned bits, std::uint64_t value) {
  if (bits == 0) {
    return;
  }
  const unsigned room = 64 - position % 64;
  std::uint64_t* word = words + position / 64;
  if (bits <= room) {
    *word |= value << (room - bits);
  } else {
    *word |= value >> (bits - room);
    word[1] |= value << (64 - (bits - room));
  }
}

void pack(const KeyColumn& column, std::size_t batch, RowNumber start, unsigned position,
          std::uint64_t* words, std::size_t words_per_row) {
  const bool descending = column.order == KeyOrder::kDescending;
  visit_numbers(column, batch, start, [&](std::uint32_t row, bool null, auto number) {
    std::uint64_t* const out = words + (std::size_t{start} + row) * words_per_row;
    unsigned at = position;
    if (column.has_flag) {
      put_bits(out, at++, 1, null ? 1 : 0);
    }
    UInt128 value = number - column.smallest;
    if (null) {
      value = column.has_flag ? 0 : column.range + 1;
    } else if (descending) {
      value = column.range - value;
    }
    const unsigned low_bits = std::min(column.value_bits, 64U);
    const unsigned high_bits = column.value_bits - low_bits;
    put_bits(out, at, high_bits, static_cast<std::uint64_t>(value >> 64));
    put_bits(out, at + high_bits, low_bits, static_cast<std::uint64_t>(value));
  });
}

}  // namespace

Result<OrderKeys> OrderKeys::make(const EvaluatedColumns& columns,
                                  const std::vector<KeyOrder>& orders, ExecutionContext& context,
                                  const GroupedRows* compared) {
  const RowLocator locator(columns.batches);
  OrderKeys keys;
  keys.rows_ = locator.rows();
  keys.bits_.push_back(0);
  std::vector<KeyColumn> parts(orders.size());
  for (std::size_t index = 0; index < orders.size(); ++index) {
    parts[index].columns = &columns;
    parts[index].index = index;
    parts[index].order = orders[index];
    if (auto ranked = rank(parts[index], compared, context); !ranked) {
      return pass(ranked);
    }
    const auto measured = measure(parts[index], locator, context);
    if (!measured) {
      return pass(measured);
    }
    keys.bits_.push_back(keys.bits() + parts[index].bits());
  }
  keys.words_per_row_ = std::max(1U, (keys.bits() + 63) / 64);
  keys.words_.resize(keys.words_per_row_ * keys.rows_);
  const auto packed = context.parallel_for(columns.batches.size(), [&](std::size_t batch, int) {
    for (std::size_t index = 0; index < parts.size(); ++index) {
      pack(parts[index], batch, locator.start_of(batch), keys.bits_[index], keys.words_.data(),
           keys.words_per_row_);
    }
    return Result<void>();
  });
  if (!packed) {
    return pass(packed);
  }
  return keys;
}

Result<OrderKeys> make_order_keys(const std::vector<SortKey>& sort, const Relation& input,
                                  ExecutionContext& context, const GroupedRows* compared) {
  std::vector<Expression> expressions;
  std::vector<KeyOrder> orders;
  for (const SortKey& key : sort) {
    expressions.push_back(key.expression);
    orders.push_back(key.descending ? KeyOrder::kDescending : KeyOrder::kAscending);
  }
  const auto columns = evaluate_all(expressions, input, context);
  if (!columns) {
    return pass(columns);
  }
  return OrderKeys::make(*columns, orders, context, compared);
}

int OrderKeys::compare(RowNumber left, RowNumber right) const {
  const std::uint64_t* const left_words = words(left);
  const std::uint64_t* const right_words = words(right);
  for (std::size_t word = 0; word < words_per_row_; ++word) {
    if (left_words[word] != right_words[word]) {
      return left_words[word] < right_words[word] ? -1 : 1;
    }
  }
  return 0;
}

bool OrderKeys::equal(RowNumber left, RowNumber right, std::size_t columns) const {
  const std::uint64_t* const left_words = words(left);
  const std::uint64_t* const right_words = words(right);
  const unsigned prefix = bits_[columns];
  for (std::size_t word = 0; word < prefix / 64; ++word) {
    if (left_words[word] != right_words[word]) {
      return false;
    }
  }
  return prefix % 64 == 0 ||
         (left_words[prefix / 64] ^ right_words[prefix / 64]) >> (64 - prefix % 64) == 0;
}

}  // namespace stave
