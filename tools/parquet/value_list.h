// Values of one column without its nulls, side by side in memory, and what Parquet writes of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "stave/type.h"
#include "storage/int128.h"
#include "tools/parquet/metadata.h"

namespace stave::parquet {

// As they are encoded PLAIN: each behind its length.
class StringList {
 public:
  std::size_t size() const { return ends_.size(); }
  std::string_view operator[](std::size_t i) const {
    const std::size_t begin = begin_of(i) + kLengthBytes;
    return {plain_.data() + begin, ends_[i] - begin};
  }
  void push_back(std::string_view value) {
    const auto length = static_cast<std::uint32_t>(value.size());
    plain_.append(reinterpret_cast<const char*>(&length), kLengthBytes);
    plain_ += value;
    ends_.push_back(plain_.size());
  }
  void clear() {
    plain_.clear();
    ends_.clear();
  }
  // Values [from, to).
  std::string_view plain(std::size_t from, std::size_t to) const {
    return {plain_.data() + begin_of(from), begin_of(to) - begin_of(from)};
  }

 private:
  static constexpr std::size_t kLengthBytes = sizeof(std::uint32_t);
  std::size_t begin_of(std::size_t i) const { return i == 0 ? 0 : ends_[i - 1]; }

  std::string plain_;
  std::vector<std::size_t> ends_;
};

// bool; i64, date, timestamp and decimals up to 18 digits; longer decimals; f64; strings.
using ValueList = std::variant<std::vector<std::uint8_t>, std::vector<std::int64_t>,
                               std::vector<Int128>, std::vector<double>, StringList>;

ValueList empty_list(Type type);
std::size_t size_of(const ValueList& values);
void clear(ValueList& values);
// Of the whole list, encoded PLAIN.
std::uint64_t plain_bytes(const ValueList& values, const SchemaElement& element);

// Values [from, to) encoded PLAIN, appended.
void append_plain(const ValueList& values, std::size_t from, std::size_t to,
                  const SchemaElement& element, std::string& out);

// The smallest and the largest value as statistics hold them, in the order of the column's type:
// numbers by value, strings by bytes. NaN counts for nothing, zero has the sign that keeps both
// zeros inside; nothing where there is no value, or where a string is too long to be repeated in
// the footer.
void find_range(const ValueList& values, const SchemaElement& element, Statistics& statistics);

// The same values as places in a list of distinct ones, where that is smaller and was soon to be
// seen.
struct DistinctValues {
  ValueList values;
  std::vector<std::uint32_t> places;
};
std::optional<DistinctValues> find_distinct(const ValueList& values, const SchemaElement& element);
// Whether the values as places in `distinct` take less than written out.
bool dictionary_pays(std::uint64_t distinct_bytes, std::size_t distinct, std::size_t values,
                     std::uint64_t all_bytes);

}  // namespace stave::parquet
