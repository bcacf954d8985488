// See packed_places.h.
#include "engine/operators/packed_places.h"

#include <bit>
#include <limits>

namespace stave {

PackedPlaces::PackedPlaces(std::span<const SortKey> keys, std::span<const ColumnShape> shapes) {
  unsigned room = 64;
  for (std::size_t i = 0; i < keys.size() && i < shapes.size(); ++i) {
    const ColumnShape& shape = shapes[i];
    if (shape.representation != Representation::kInt64 || !shape.range) return;
    const auto [least, most] = *shape.range;
    const std::uint64_t width =
        static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
    if (least > most || width == std::numeric_limits<std::uint64_t>::max()) return;
    const bool descending = keys[i].descending;
    const auto bits = static_cast<unsigned>(std::bit_width(width + 1));
    if (bits > room) return;
    room -= bits;
    keys_.push_back({descending ? most : least, descending, bits, width + 1});
  }
}

void PackedPlaces::find(std::span<const Vector> columns, std::span<std::uint64_t> places) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const Key& key = keys_[i];
    const auto* values = columns[i].values<std::int64_t>();
    const std::uint64_t* validity = columns[i].validity;
    const auto first = static_cast<std::uint64_t>(key.first);
    // A key of 64 bits is the only one: nothing is before it.
    const unsigned shift = key.bits % 64;
    const std::uint64_t mask = ~std::uint64_t{0} >> (64 - key.bits);
    for (std::size_t row = 0; row < places.size(); ++row) {
      const auto value = static_cast<std::uint64_t>(values[row]);
      const std::uint64_t before = i == 0 ? 0 : places[row] << shift;
      // What is beneath a null may lie out of the range.
      places[row] = before | ((key.descending ? first - value : value - first) & mask);
    }
    if (validity == nullptr) continue;
    for (std::size_t row = 0; row < places.size(); ++row) {
      if ((validity[row / 64] >> row % 64 & 1) == 0) {
        places[row] = (places[row] & ~mask) + key.null_place;
      }
    }
  }
}

}  // namespace stave
