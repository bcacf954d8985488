// Zone maps and the comparison that every block passes before it is written.
#include "storage/block_summary.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "storage/codec/block.h"
#include "storage/codec/range_kernels.h"
#include "storage/codec/valid_runs.h"
#include "storage/dictionary.h"

namespace stave {
namespace {

std::uint32_t count_nulls(const ColumnValues& values) {
  if (values.physical == Physical::kCode) {
    return static_cast<std::uint32_t>(count_equal(values.codes.first(values.rows), kNullCode));
  }
  if (values.validity.empty()) {
    return 0;
  }
  std::uint32_t nulls = values.rows;
  visit_valid_runs(values.validity, values.rows,
                   [&](std::uint32_t /*first*/, std::uint32_t count) { nulls -= count; });
  return nulls;
}

void add_int64_range(const ColumnValues& values, BlockSummary& summary) {
  summary.min = std::numeric_limits<std::int64_t>::max();
  summary.max = std::numeric_limits<std::int64_t>::min();
  visit_valid_runs(values.validity, values.rows, [&](std::uint32_t first, std::uint32_t count) {
    const auto range = range_of(values.int64s.subspan(first, count));
    summary.min = std::min(summary.min, range.min);
    summary.max = std::max(summary.max, range.max);
  });
}

void add_code_range(const ColumnValues& values, BlockSummary& summary) {
  if (summary.nulls == 0) {
    const auto range = range_of(values.codes.first(values.rows));
    summary.min = range.min;
    summary.max = range.max;
    return;
  }
  std::uint32_t min = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t max = 0;
  for (const std::uint32_t code : values.codes.first(values.rows)) {
    min = std::min(min, code - 1);  // null becomes the largest
    max = std::max(max, code);
  }
  summary.min = std::int64_t{min} + 1;
  summary.max = max;
}

// False where there is a NaN, which has no place in an order.
bool add_float64_range(const ColumnValues& values, BlockSummary& summary) {
  double min = std::numeric_limits<double>::infinity();
  double max = -min;
  for (std::uint32_t row = 0; row < values.rows; ++row) {
    if (is_valid(values.validity, row)) {
      if (std::isnan(values.float64s[row])) {
        return false;
      }
      min = std::min(min, values.float64s[row]);
      max = std::max(max, values.float64s[row]);
    }
  }
  summary.min = std::bit_cast<std::int64_t>(min);
  summary.max = std::bit_cast<std::int64_t>(max);
  return true;
}

template <typename T>
bool same_values(const ColumnValues& values, std::span<const T> wanted,
                 const std::vector<T>& found) {
  bool are_same = true;
  visit_valid_runs(values.validity, values.rows, [&](std::uint32_t first, std::uint32_t count) {
    if constexpr (std::is_same_v<T, std::string_view>) {
      are_same = are_same && std::equal(wanted.begin() + first, wanted.begin() + first + count,
                                        found.begin() + first);
    } else {
      are_same = are_same && std::memcmp(&wanted[first], &found[first], count * sizeof(T)) == 0;
    }
  });
  return are_same;
}

// Whether the same rows are null.
bool same_validity(std::span<const std::uint64_t> left, std::span<const std::uint64_t> right,
                   std::uint32_t rows) {
  for (std::uint32_t begin = 0; begin < rows; begin += 64) {
    const std::uint64_t rest = rows - begin;
    const std::uint64_t of_block = rest < 64 ? (std::uint64_t{1} << rest) - 1 : ~std::uint64_t{0};
    const std::uint64_t one = left.empty() ? ~std::uint64_t{0} : left[begin / 64];
    const std::uint64_t other = right.empty() ? ~std::uint64_t{0} : right[begin / 64];
    if (((one ^ other) & of_block) != 0) {
      return false;
    }
  }
  return true;
}

}  // namespace

BlockSummary summarize(const ColumnValues& values) {
  BlockSummary summary;
  summary.rows = values.rows;
  summary.nulls = count_nulls(values);
  if (summary.nulls == summary.rows) {
    return summary;
  }
  switch (values.physical) {
    case Physical::kCode:
      add_code_range(values, summary);
      summary.has_range = true;
      break;
    case Physical::kInt64:
      add_int64_range(values, summary);
      summary.has_range = true;
      break;
    case Physical::kFloat64:
      summary.has_range = add_float64_range(values, summary);
      break;
    case Physical::kInt128:
    case Physical::kString:
      break;
  }
  return summary;
}

std::string codecs_text(const BlockSummary& block) {
  return to_string(BlockCodecs{block.codecs, static_cast<Compression>(block.compression)});
}

bool holds_same_values(const ColumnValues& values, const DecodedBlock& decoded) {
  if (decoded.rows != values.rows || decoded.physical != values.physical) {
    return false;
  }
  if (!same_validity(values.validity, decoded.validity, values.rows)) {
    return false;
  }
  switch (values.physical) {
    case Physical::kCode:
      return same_values(values, values.codes, decoded.codes);
    case Physical::kInt64:
      return same_values(values, values.int64s, decoded.int64s);
    case Physical::kInt128:
      return same_values(values, values.int128s, decoded.int128s);
    case Physical::kFloat64:
      return same_values(values, values.float64s, decoded.float64s);
    case Physical::kString:
      return same_values(values, values.strings, decoded.strings);
  }
  return false;
}

}  // namespace stave
