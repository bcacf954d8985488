// Dictionaries of columns that have no codes of their own. A column of which most values differ is
// given up after a look at its beginning.
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <type_traits>

#include "tools/parquet/run_length.h"
#include "tools/parquet/value_list.h"

namespace stave::parquet {
namespace {

constexpr std::size_t kFirstLook = 4096;  // values
constexpr std::size_t kMostDistinct = 1U << 17;

// What is looked up: doubles by their bits, so that NaN equals itself and the zeros differ.
std::int64_t key_of(std::int64_t value) {
  return value;
}
std::uint64_t key_of(double value) {
  return std::bit_cast<std::uint64_t>(value);
}
std::string_view key_of(std::string_view value) {
  return value;
}

template <typename List>
std::optional<DistinctValues> distinct_of(const List& values, const SchemaElement& element,
                                          std::uint64_t all_bytes) {
  using Key = decltype(key_of(values[0]));
  DistinctValues found;
  found.values = List();
  List& list = std::get<List>(found.values);
  boost::unordered_flat_map<Key, std::uint32_t> place_of;
  found.places.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto [entry, is_new] =
        place_of.try_emplace(key_of(values[i]), static_cast<std::uint32_t>(place_of.size()));
    if (is_new) list.push_back(values[i]);
    found.places.push_back(entry->second);
    if (place_of.size() > kMostDistinct || (i == kFirstLook && place_of.size() > kFirstLook / 2)) {
      return std::nullopt;
    }
  }
  if (!dictionary_pays(plain_bytes(found.values, element), list.size(), values.size(), all_bytes)) {
    return std::nullopt;
  }
  return found;
}

}  // namespace

bool dictionary_pays(std::uint64_t distinct_bytes, std::size_t distinct, std::size_t values,
                     std::uint64_t all_bytes) {
  if (distinct == 0) return false;
  const auto bits = static_cast<std::uint64_t>(bits_for(static_cast<std::uint32_t>(distinct - 1)));
  return distinct_bytes + values * bits / 8 < all_bytes;
}

std::optional<DistinctValues> find_distinct(const ValueList& values, const SchemaElement& element) {
  return std::visit(
      [&](const auto& list) -> std::optional<DistinctValues> {
        using List = std::decay_t<decltype(list)>;
        if constexpr (std::is_same_v<List, std::vector<std::uint8_t>> ||
                      std::is_same_v<List, std::vector<Int128>>) {
          return std::nullopt;
        } else {
          return distinct_of(list, element, plain_bytes(values, element));
        }
      },
      values);
}

}  // namespace stave::parquet
