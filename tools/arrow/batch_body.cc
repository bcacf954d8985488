// Rows that are null have a value too, zero or an empty text.
#include "tools/arrow/batch_body.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <type_traits>

namespace stave::arrow {
namespace {

// Calls `take(value)` for each row, with null where it has none.
template <typename List, typename Take>
void each_row(const List& values, const parquet::ColumnBuffer& column, Take take) {
  const std::vector<std::uint8_t>& present = column.present();
  std::size_t next = 0;
  for (std::uint64_t row = 0; row < column.rows(); ++row) {
    if (!present.empty() && present[row] == 0) {
      take(std::decay_t<decltype(values[0])>{});
      continue;
    }
    take(values[column.has_places() ? column.places()[next] : next]);
    ++next;
  }
}

template <typename T>
void append_number(T value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

}  // namespace

void BatchBody::add_buffer(std::string_view bytes) {
  buffers_.push_back(
      {static_cast<std::int64_t>(bytes_.size()), static_cast<std::int64_t>(bytes.size())});
  bytes_ += bytes;
  bytes_.resize((bytes_.size() + 7) / 8 * 8);
}

void BatchBody::add_bits(const std::vector<std::uint8_t>& bits) {
  std::string packed((bits.size() + 7) / 8, '\0');
  for (std::size_t i = 0; i < bits.size(); ++i) {
    packed[i / 8] = static_cast<char>(packed[i / 8] | (bits[i] != 0) << i % 8);
  }
  add_buffer(packed);
}

template <typename List>
Result<void> BatchBody::add_values(const List& values, const parquet::ColumnBuffer& column,
                                   const Field& field) {
  using Value = std::decay_t<decltype(values[0])>;
  std::string data;
  if constexpr (std::is_same_v<Value, std::uint8_t>) {
    std::vector<std::uint8_t> bits;
    each_row(values, column, [&](std::uint8_t value) { bits.push_back(value); });
    add_bits(bits);
    return {};
  } else if constexpr (std::is_same_v<Value, std::string_view>) {
    std::string offsets;
    append_number(std::int32_t{0}, offsets);
    each_row(values, column, [&](std::string_view value) {
      data += value;
      append_number(static_cast<std::int32_t>(data.size()), offsets);
    });
    if (data.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
      return fail(
          ErrorCode::kUnsupported,
          fmt::format("The texts of column `{}` are too long for a batch of Arrow.", field.name));
    }
    add_buffer(offsets);
  } else {
    each_row(values, column, [&](Value value) {
      if (field.type.kind == TypeKind::kDate) {
        append_number(static_cast<std::int32_t>(value), data);
      } else if (field.type.kind == TypeKind::kDecimal) {
        append_number(static_cast<Int128>(value), data);
      } else {
        append_number(value, data);
      }
    });
  }
  add_buffer(data);
  return {};
}

Result<void> BatchBody::add(const parquet::ColumnBuffer& column, const Field& field) {
  const std::vector<std::uint8_t>& present = column.present();
  const auto nulls = std::count(present.begin(), present.end(), std::uint8_t{0});
  nodes_.push_back({static_cast<std::int64_t>(column.rows()), nulls});
  if (nulls == 0) {
    add_buffer({});  // all rows have a value
  } else {
    add_bits(present);
  }
  return std::visit([&](const auto& values) { return add_values(values, column, field); },
                    column.values());
}

}  // namespace stave::arrow
