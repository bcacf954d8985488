// A column comes either as codes or as values in all its batches; codes become places as they come,
// so that each distinct value is fetched once.
#include "tools/parquet/column_buffer.h"

#include <algorithm>
#include <string_view>
#include <type_traits>

#include "engine/runtime/vector_buffer.h"

namespace stave::parquet {
namespace {

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

template <typename T>
constexpr Representation kListed = Representation::kString;  // never copied as it is
template <>
constexpr Representation kListed<std::int64_t> = Representation::kInt64;
template <>
constexpr Representation kListed<Int128> = Representation::kInt128;
template <>
constexpr Representation kListed<double> = Representation::kFloat64;
template <>
constexpr Representation kListed<std::uint8_t> = Representation::kBool;

// Rows that lie side by side, in one copy; false where that cannot be.
template <typename List>
bool append_neighbours(const Vector& vector, std::span<const std::uint32_t> rows, List& list) {
  if constexpr (!std::is_same_v<List, StringList>) {
    using Value = typename List::value_type;
    if (vector.representation != kListed<Value> || rows.back() - rows.front() + 1 != rows.size()) {
      return false;
    }
    const Value* values = vector.values<Value>() + rows.front();
    list.insert(list.end(), values, values + rows.size());
    return true;
  }
  return false;
}

}  // namespace

void ColumnBuffer::append(const Vector& vector, std::span<const std::uint32_t> rows) {
  if (rows.empty()) return;
  if (vector.type.kind == TypeKind::kNull || vector.data == nullptr) {
    note_presence(rows, [](std::uint32_t) { return false; });
    rows_ += rows.size();
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
    code_places_.clear();
    first_place_ = static_cast<std::uint32_t>(size_of(values_));
  }
  const std::uint32_t* codes = vector.values<std::uint32_t>();
  const auto is_null = [codes](std::uint32_t row) { return codes[row] == kNullCode; };
  const bool has_nulls = std::any_of(rows.begin(), rows.end(), is_null);
  if (has_nulls || !present_.empty()) note_presence(rows, [&](auto row) { return !is_null(row); });
  rows_ += rows.size();
  std::size_t end = places_.size();
  places_.resize(end + rows.size());
  std::uint32_t last_code = kNullCode;
  std::uint32_t last_place = 0;
  for (const std::uint32_t row : rows) {
    const std::uint32_t code = codes[row];
    if (code == kNullCode) continue;
    if (code != last_code) {
      last_code = code;
      last_place = first_place_ + code_places_.place_of(code);
    }
    places_[end++] = last_place;
  }
  places_.resize(end);
  fetch_values();
}

// Of codes that are new.
void ColumnBuffer::fetch_values() {
  const std::vector<std::uint32_t>& codes = code_places_.keys();
  const std::size_t first = size_of(values_) - first_place_;
  if (auto* texts = std::get_if<StringList>(&values_)) {
    for (std::size_t i = first; i < codes.size(); ++i) {
      texts->push_back(dictionary_->string_at(codes[i]));
    }
  } else if (auto* integers = std::get_if<std::vector<std::int64_t>>(&values_)) {
    for (std::size_t i = first; i < codes.size(); ++i) {
      integers->push_back(dictionary_->int64_at(codes[i]));
    }
  }
}

void ColumnBuffer::append_values(const Vector& vector, std::span<const std::uint32_t> rows) {
  const auto has_value = [&](std::uint32_t row) { return is_valid(vector.validity, row); };
  const bool has_nulls =
      vector.validity != nullptr && !std::all_of(rows.begin(), rows.end(), has_value);
  if (has_nulls || !present_.empty()) note_presence(rows, has_value);
  rows_ += rows.size();
  std::visit(
      [&](auto& list) {
        using Value = std::decay_t<decltype(list[0])>;
        if (!has_nulls && append_neighbours(vector, rows, list)) return;
        for (const std::uint32_t row : rows) {
          if (has_value(row)) list.push_back(value_at<Value>(vector, row));
        }
      },
      values_);
}

// Before the rows are counted.
template <typename HasValue>
void ColumnBuffer::note_presence(std::span<const std::uint32_t> rows, const HasValue& has_value) {
  present_.resize(rows_, 1);
  present_.reserve(rows_ + rows.size());
  for (const std::uint32_t row : rows) present_.push_back(has_value(row) ? 1 : 0);
}

std::uint64_t ColumnBuffer::bytes() const {
  const std::uint64_t of_values = std::visit(
      [](const auto& list) -> std::uint64_t {
        using List = std::decay_t<decltype(list)>;
        if constexpr (std::is_same_v<List, StringList>) {
          return list.plain(0, list.size()).size();
        } else {
          return list.size() * sizeof(list[0]);
        }
      },
      values_);
  return of_values + places_.size() * 4 + present_.size() / 8;
}

void ColumnBuffer::clear() {
  rows_ = 0;
  has_places_ = false;
  stave::parquet::clear(values_);
  places_.clear();
  present_.clear();
  code_places_.clear();
  first_place_ = 0;
}

}  // namespace stave::parquet
