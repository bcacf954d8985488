// Memory is not cleared before it is written to.
#include "engine/runtime/narrow_lookup.h"

#include <algorithm>
#include <limits>

namespace stave {

namespace {

std::uint64_t above(std::int64_t smallest, std::int64_t value) {
  return static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(smallest);
}

}  // namespace

unsigned NarrowLookup::bytes_for(const Range& range) {
  const std::uint64_t reach = above(range.first, range.second);
  if (reach <= std::numeric_limits<std::uint8_t>::max()) return 1;
  if (reach <= std::numeric_limits<std::uint16_t>::max()) return 2;
  return reach <= std::numeric_limits<std::uint32_t>::max() ? 4 : 8;
}

NarrowLookup::NarrowLookup(const Range& range, std::size_t size) : smallest_(range.first) {
  switch (bytes_for(range)) {
    case 1:
      values_ = std::make_unique_for_overwrite<std::uint8_t[]>(size);
      break;
    case 2:
      values_ = std::make_unique_for_overwrite<std::uint16_t[]>(size);
      break;
    default:
      values_ = std::make_unique_for_overwrite<std::uint32_t[]>(size);
  }
}

void NarrowLookup::write(std::size_t first, std::span<const std::int64_t> values) {
  const auto write_as = [&]<typename T>(Values<T>& out) {
    std::ranges::transform(values, out.get() + first, [&](std::int64_t value) {
      return static_cast<T>(above(smallest_, value));
    });
  };
  std::visit(write_as, values_);
}

void NarrowLookup::fill(std::size_t first, std::size_t count) {
  std::visit([&](auto& values) { std::fill_n(values.get() + first, count, 0); }, values_);
}

void NarrowLookup::gather(const std::uint32_t* places, std::uint32_t rows,
                          std::int64_t* out) const {
  const auto gather_from = [&]<typename T>(const Values<T>& from) {
    const T* const values = from.get();
    const auto smallest = static_cast<std::uint64_t>(smallest_);
    for (std::uint32_t row = 0; row < rows; ++row) {
      out[row] = static_cast<std::int64_t>(smallest + values[places[row]]);
    }
  };
  std::visit(gather_from, values_);
}

}  // namespace stave
