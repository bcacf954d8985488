// Least significant digit first, over the bits that tell the values apart.
#include "storage/codec/sorted_integers.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace stave {
namespace {

constexpr unsigned kDigitBits = 8;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
// With more digits, or fewer values, comparing is as fast.
constexpr unsigned kMostBits = 6 * kDigitBits;
constexpr std::size_t kLeastValues = 64;

void sort_by_digits(std::vector<std::uint64_t>& offsets, unsigned bits) {
  std::vector<std::uint64_t> other(offsets.size());
  for (unsigned shift = 0; shift < bits; shift += kDigitBits) {
    const auto digit_of = [shift](std::uint64_t offset) { return offset >> shift & (kDigits - 1); };
    std::array<std::uint32_t, kDigits> places{};
    for (const std::uint64_t offset : offsets) {
      ++places[digit_of(offset)];
    }
    std::uint32_t next = 0;
    for (std::uint32_t& place : places) {
      const std::uint32_t count = place;
      place = next;
      next += count;
    }
    for (const std::uint64_t offset : offsets) {
      other[places[digit_of(offset)]++] = offset;
    }
    offsets.swap(other);
  }
}

}  // namespace

void sort_integers(std::vector<std::int64_t>& values) {
  if (values.size() < kLeastValues) {
    std::ranges::sort(values);
    return;
  }
  const auto [least, most] = std::ranges::minmax(values);
  const auto base = static_cast<std::uint64_t>(least);
  const auto bits = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(most) - base));
  if (bits > kMostBits) {
    std::ranges::sort(values);
    return;
  }
  std::vector<std::uint64_t> offsets(values.size());
  std::ranges::transform(values, offsets.begin(), [base](std::int64_t value) {
    return static_cast<std::uint64_t>(value) - base;
  });
  sort_by_digits(offsets, bits);
  std::ranges::transform(offsets, values.begin(), [base](std::uint64_t offset) {
    return static_cast<std::int64_t>(offset + base);
  });
}

}  // namespace stave
