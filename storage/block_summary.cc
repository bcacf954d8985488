// Zone maps and the comparison that every block passes before it is written.
#include "storage/block_summary.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "storage/codec/block.h"
#include "storage/codec/range_kernels.h"
#include "storage/codec/same_value.h"
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
  std::uint32_t nulls = 0;
  for (std::uint32_t row = 0; row < values.rows; ++row) {
    nulls += is_valid(values.validity, row) ? 0U : 1U;
  }
  return nulls;
}

void add_int64_range(const ColumnValues& values, BlockSummary& summary) {
  if (values.validity.empty()) {
    const auto range = range_of(values.int64s.first(values.rows));
    summary.min = range.min;
    summary.max = range.max;
    return;
  }
  summary.min = std::numeric_limits<std::int64_t>::max();
  summary.max = std::numeric_limits<std::int64_t>::min();
  for (std::uint32_t row = 0; row < values.rows; ++row) {
    if (is_valid(values.validity, row)) {
      summary.min = std::min(summary.min, values.int64s[row]);
      summary.max = std::max(summary.max, values.int64s[row]);
    }
  }
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
  if constexpr (!std::is_same_v<T, std::string_view>) {
    if (values.validity.empty()) {
      return std::memcmp(wanted.data(), found.data(), values.rows * sizeof(T)) == 0;
    }
  }
  for (std::uint32_t row = 0; row < values.rows; ++row) {
    if (is_valid(values.validity, row) && !same_value(wanted[row], found[row])) {
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

bool holds_same_values(const ColumnValues& values, const DecodedBlock& decoded) {
  if (decoded.rows != values.rows || decoded.physical != values.physical) {
    return false;
  }
  const bool any_null = !values.validity.empty() || !decoded.validity.empty();
  for (std::uint32_t row = 0; any_null && row < values.rows; ++row) {
    if (is_valid(values.validity, row) != is_valid(decoded.validity, row)) {
      return false;
    }
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
