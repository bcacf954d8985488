// Dictionaries of columns that have no codes of their own. A column of which most values differ is
// given up after two looks at its beginning; integers of a narrow range have an array of places.
#include <algorithm>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <type_traits>

#include "tools/parquet/key_places.h"
#include "tools/parquet/run_length.h"
#include "tools/parquet/value_list.h"

namespace stave::parquet {
namespace {

// Values looked at, and of how many distinct ones on the column is given up.
struct Look {
  std::size_t values;
  std::size_t most_distinct;
};
constexpr Look kFirstLook{512, 480};
constexpr Look kSecondLook{4096, 2048};
constexpr std::size_t kMostDistinct = 1U << 17;
constexpr std::uint64_t kNarrowRange = 1U << 16;

class TextPlaces {
 public:
  std::uint32_t place_of(std::string_view text) {
    return places_.try_emplace(text, static_cast<std::uint32_t>(places_.size())).first->second;
  }

 private:
  boost::unordered_flat_map<std::string_view, std::uint32_t> places_;
};

// By their bits, so that NaN equals itself and the zeros differ.
class DoublePlaces {
 public:
  std::uint32_t place_of(double value) {
    return places_.place_of(std::bit_cast<std::uint64_t>(value));
  }

 private:
  KeyPlaces<std::uint64_t> places_;
};

class NarrowPlaces {
 public:
  NarrowPlaces(std::int64_t low, std::uint64_t range) : low_(low), places_(range + 1, 0) {}

  std::uint32_t place_of(std::int64_t value) {
    std::uint32_t& place = places_[offset_from(low_, value)];
    if (place == 0) place = ++used_;
    return place - 1;
  }

  static std::uint64_t offset_from(std::int64_t low, std::int64_t value) {
    return static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(low);
  }

 private:
  std::int64_t low_;
  std::vector<std::uint32_t> places_;  // plus one; 0: none yet
  std::uint32_t used_ = 0;
};

bool differ_mostly(const Look& look, std::size_t values, std::size_t distinct) {
  return values == look.values && distinct > look.most_distinct;
}

template <typename List, typename Places>
std::optional<DistinctValues> distinct_of(const List& values, Places places,
                                          const SchemaElement& element, std::uint64_t all_bytes) {
  DistinctValues found;
  found.values = List();
  List& list = std::get<List>(found.values);
  found.places.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint32_t place = places.place_of(values[i]);
    if (place == list.size()) list.push_back(values[i]);
    found.places[i] = place;
    if (list.size() > kMostDistinct || differ_mostly(kFirstLook, i, list.size()) ||
        differ_mostly(kSecondLook, i, list.size())) {
      return std::nullopt;
    }
  }
  if (!dictionary_pays(plain_bytes(found.values, element), list.size(), values.size(), all_bytes)) {
    return std::nullopt;
  }
  return found;
}

std::optional<DistinctValues> distinct_integers(const std::vector<std::int64_t>& values,
                                                const SchemaElement& element,
                                                std::uint64_t all_bytes) {
  if (values.empty()) return std::nullopt;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const std::uint64_t range = NarrowPlaces::offset_from(*low, *high);
  if (range < kNarrowRange && range / 8 < values.size()) {
    return distinct_of(values, NarrowPlaces(*low, range), element, all_bytes);
  }
  return distinct_of(values, KeyPlaces<std::int64_t>(), element, all_bytes);
}

}  // namespace

bool dictionary_pays(std::uint64_t distinct_bytes, std::size_t distinct, std::size_t values,
                     std::uint64_t all_bytes) {
  if (distinct == 0) return false;
  const auto bits = static_cast<std::uint64_t>(bits_for(static_cast<std::uint32_t>(distinct - 1)));
  return distinct_bytes + values * bits / 8 < all_bytes;
}

std::optional<DistinctValues> find_distinct(const ValueList& values, const SchemaElement& element) {
  const std::uint64_t all_bytes = plain_bytes(values, element);
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&values)) {
    return distinct_integers(*integers, element, all_bytes);
  }
  if (const auto* doubles = std::get_if<std::vector<double>>(&values)) {
    return distinct_of(*doubles, DoublePlaces(), element, all_bytes);
  }
  if (const auto* texts = std::get_if<StringList>(&values)) {
    return distinct_of(*texts, TextPlaces(), element, all_bytes);
  }
  return std::nullopt;
}

}  // namespace stave::parquet
