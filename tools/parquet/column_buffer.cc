// A column comes either as codes or as values in all its batches; codes become places as they come,
// so that each distinct value is fetched once.
#include "tools/parquet/column_buffer.h"

#include <string_view>
#include <type_traits>

namespace stave::parquet {
namespace {

bool is_null_at(const Vector& vector, std::uint32_t row) {
  return vector.validity != nullptr && (vector.validity[row / 64] >> row % 64 & 1) == 0;
}

// The value of a row as the list holds it.
template <typename Value>
Value value_at(const Vector& vector, std::uint32_t row) {
  if constexpr (std::is_same_v<Value, std::uint8_t>) {
    return vector.representation == Representation::kBool
               ? vector.values<std::uint8_t>()[row]
               : static_cast<std::uint8_t>(vector.values<std::int64_t>()[row] != 0);
  } else if constexpr (std::is_same_v<Value, Int128>) {
    return vector.representation == Representation::kInt128 ? vector.values<Int128>()[row]
                                                            : vector.values<std::int64_t>()[row];
  } else {
    return vector.values<Value>()[row];
  }
}

}  // namespace

void ColumnBuffer::append(const Vector& vector, std::span<const std::uint32_t> rows) {
  if (vector.type.kind == TypeKind::kNull || vector.data == nullptr) {
    for (std::size_t i = 0; i < rows.size(); ++i) note_null();
  } else if (vector.representation == Representation::kCode) {
    append_codes(vector, rows);
  } else {
    append_values(vector, rows);
  }
}

void ColumnBuffer::append_codes(const Vector& vector, std::span<const std::uint32_t> rows) {
  has_places_ = true;
  if (dictionary_ != vector.dictionary) {
    dictionary_ = vector.dictionary;
    place_of_code_.clear();
  }
  const std::uint32_t* codes = vector.values<std::uint32_t>();
  std::uint32_t last_code = kNullCode;
  std::uint32_t last_place = 0;
  for (const std::uint32_t row : rows) {
    const std::uint32_t code = codes[row];
    if (code == kNullCode) {
      note_null();
      continue;
    }
    if (code != last_code) {
      last_code = code;
      last_place = place_of(code, *dictionary_);
    }
    places_.push_back(last_place);
    if (!present_.empty()) present_.push_back(1);
    ++rows_;
  }
}

std::uint32_t ColumnBuffer::place_of(std::uint32_t code, const Dictionary& dictionary) {
  const auto next = static_cast<std::uint32_t>(size_of(values_));
  const auto [entry, is_new] = place_of_code_.try_emplace(code, next);
  if (is_new) {
    if (auto* texts = std::get_if<StringList>(&values_)) {
      texts->push_back(dictionary.string_at(code));
    } else if (auto* integers = std::get_if<std::vector<std::int64_t>>(&values_)) {
      integers->push_back(dictionary.int64_at(code));
    }
  }
  return entry->second;
}

void ColumnBuffer::append_values(const Vector& vector, std::span<const std::uint32_t> rows) {
  std::visit(
      [&](auto& list) {
        using Value = std::decay_t<decltype(list[0])>;
        for (const std::uint32_t row : rows) {
          if (is_null_at(vector, row)) {
            note_null();
            continue;
          }
          list.push_back(value_at<Value>(vector, row));
          if (!present_.empty()) present_.push_back(1);
          ++rows_;
        }
      },
      values_);
}

void ColumnBuffer::note_null() {
  if (present_.empty()) present_.assign(rows_, 1);
  present_.push_back(0);
  ++rows_;
}

std::uint64_t ColumnBuffer::bytes() const {
  const std::uint64_t of_values = std::visit(
      [](const auto& list) -> std::uint64_t {
        using List = std::decay_t<decltype(list)>;
        if constexpr (std::is_same_v<List, StringList>) {
          return list.text_bytes() + list.size() * 4;
        } else {
          return list.size() * sizeof(list[0]);
        }
      },
      values_);
  return of_values + places_.size() * 4 + present_.size() / 8;
}

void ColumnBuffer::clear() {
  rows_ = 0;
  stave::parquet::clear(values_);
  places_.clear();
  present_.clear();
  place_of_code_.clear();
}

}  // namespace stave::parquet
