// Loops over values, one for each type in memory. Little-endian machines only, as the rest of the
// library.
#include "tools/parquet/value_list.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "storage/physical.h"

namespace stave::parquet {
namespace {

template <typename T>
void append_bytes(const T* values, std::size_t count, std::string& out) {
  out.append(reinterpret_cast<const char*>(values), count * sizeof(T));
}

void append_big_endian(Int128 value, std::int32_t bytes, std::string& out) {
  for (std::int32_t byte = bytes - 1; byte >= 0; --byte) {
    out.push_back(static_cast<char>(static_cast<UInt128>(value) >> (8 * byte)));
  }
}

void append_range(const std::vector<std::uint8_t>& values, std::size_t from, std::size_t to,
                  const SchemaElement&, std::string& out) {
  const std::size_t begin = out.size();
  out.resize(begin + (to - from + 7) / 8);
  for (std::size_t i = from; i < to; ++i) {
    const std::size_t bit = i - from;
    out[begin + bit / 8] = static_cast<char>(out[begin + bit / 8] | (values[i] != 0) << bit % 8);
  }
}

void append_range(const std::vector<std::int64_t>& values, std::size_t from, std::size_t to,
                  const SchemaElement& element, std::string& out) {
  if (element.type != PhysicalType::kInt32) {
    append_bytes(values.data() + from, to - from, out);
    return;
  }
  const std::size_t begin = out.size();
  out.resize(begin + (to - from) * sizeof(std::int32_t));
  for (std::size_t i = from; i < to; ++i) {
    const auto value = static_cast<std::int32_t>(values[i]);
    std::memcpy(out.data() + begin + (i - from) * sizeof(value), &value, sizeof(value));
  }
}

void append_range(const std::vector<Int128>& values, std::size_t from, std::size_t to,
                  const SchemaElement& element, std::string& out) {
  for (std::size_t i = from; i < to; ++i) append_big_endian(values[i], element.type_length, out);
}

void append_range(const std::vector<double>& values, std::size_t from, std::size_t to,
                  const SchemaElement&, std::string& out) {
  append_bytes(values.data() + from, to - from, out);
}

void append_range(const StringList& values, std::size_t from, std::size_t to, const SchemaElement&,
                  std::string& out) {
  out += values.plain(from, to);
}

constexpr std::size_t kLongestBorder = 256;

// Positions of the smallest and largest value that can be compared.
template <typename List>
std::optional<std::pair<std::size_t, std::size_t>> places_of_range(const List& values) {
  std::optional<std::pair<std::size_t, std::size_t>> range;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if constexpr (std::is_same_v<List, std::vector<double>>) {
      if (std::isnan(values[i])) continue;
    }
    if (!range) range = {i, i};
    if (values[i] < values[range->first]) range->first = i;
    if (values[range->second] < values[i]) range->second = i;
  }
  return range;
}

}  // namespace

ValueList empty_list(Type type) {
  if (type.kind == TypeKind::kBool) return std::vector<std::uint8_t>();
  if (type.kind == TypeKind::kNull) return StringList();
  switch (physical_of(type)) {
    case Physical::kInt128:
      return std::vector<Int128>();
    case Physical::kFloat64:
      return std::vector<double>();
    case Physical::kString:
      return StringList();
    default:
      return std::vector<std::int64_t>();
  }
}

std::size_t size_of(const ValueList& values) {
  return std::visit([](const auto& list) { return list.size(); }, values);
}

void clear(ValueList& values) {
  std::visit([](auto& list) { list.clear(); }, values);
}

std::uint64_t plain_bytes(const ValueList& values, const SchemaElement& element) {
  const std::uint64_t count = size_of(values);
  switch (element.type.value_or(PhysicalType::kInt64)) {
    case PhysicalType::kBoolean:
      return (count + 7) / 8;
    case PhysicalType::kInt32:
      return count * 4;
    case PhysicalType::kFixedLengthByteArray:
      return count * static_cast<std::uint64_t>(element.type_length);
    case PhysicalType::kByteArray:
      return std::get<StringList>(values).plain(0, count).size();
    default:
      return count * 8;
  }
}

void append_plain(const ValueList& values, std::size_t from, std::size_t to,
                  const SchemaElement& element, std::string& out) {
  std::visit([&](const auto& list) { append_range(list, from, to, element, out); }, values);
}

void find_range(const ValueList& values, const SchemaElement& element, Statistics& statistics) {
  std::visit(
      [&](const auto& list) {
        const auto range = places_of_range(list);
        if (!range) return;
        std::string low, high;
        if constexpr (std::is_same_v<std::decay_t<decltype(list)>, StringList>) {
          low = list[range->first];
          high = list[range->second];
          if (low.size() > kLongestBorder || high.size() > kLongestBorder) return;
        } else {
          append_range(list, range->first, range->first + 1, element, low);
          append_range(list, range->second, range->second + 1, element, high);
        }
        if constexpr (std::is_same_v<std::decay_t<decltype(list)>, std::vector<double>>) {
          const double negative_zero = -0.0, zero = 0.0;
          if (list[range->first] == 0) std::memcpy(low.data(), &negative_zero, sizeof(double));
          if (list[range->second] == 0) std::memcpy(high.data(), &zero, sizeof(double));
        }
        statistics.min_value = std::move(low);
        statistics.max_value = std::move(high);
      },
      values);
}

}  // namespace stave::parquet
