// Least significant digit first, over no more bits than the keys have. Keys of at most 32 bits
// travel in one word with their row.
#include "tools/import/stable_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace stave::loading {

namespace {

constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

struct WideEntry {
  std::uint64_t key = 0;
  std::uint32_t row = 0;
};

template <typename Entry, typename Digit>
void sort_by_digits(std::vector<Entry>& entries, unsigned bits, Digit digit_of) {
  std::vector<Entry> other(entries.size());
  std::array<std::uint32_t, kDigits> places{};
  for (unsigned shift = 0; shift < bits; shift += kDigitBits) {
    places.fill(0);
    for (const Entry& entry : entries) ++places[digit_of(entry, shift)];
    std::uint32_t next = 0;
    for (std::uint32_t& place : places) {
      const std::uint32_t count = place;
      place = next;
      next += count;
    }
    for (const Entry& entry : entries) other[places[digit_of(entry, shift)]++] = entry;
    entries.swap(other);
  }
}

}  // namespace

void find_stable_order(const std::vector<std::uint64_t>& keys, std::vector<std::uint32_t>& order) {
  order.resize(keys.size());
  std::uint64_t all = 0;
  for (const std::uint64_t key : keys) all |= key;
  const auto bits = static_cast<unsigned>(std::bit_width(all));
  if (bits <= 32) {
    std::vector<std::uint64_t> entries(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) entries[i] = keys[i] << 32 | i;
    sort_by_digits(entries, bits, [](std::uint64_t entry, unsigned shift) {
      return entry >> (32 + shift) & (kDigits - 1);
    });
    std::transform(entries.begin(), entries.end(), order.begin(),
                   [](std::uint64_t entry) { return static_cast<std::uint32_t>(entry); });
    return;
  }
  std::vector<WideEntry> entries(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i)
    entries[i] = {keys[i], static_cast<std::uint32_t>(i)};
  sort_by_digits(entries, bits, [](const WideEntry& entry, unsigned shift) {
    return entry.key >> shift & (kDigits - 1);
  });
  std::transform(entries.begin(), entries.end(), order.begin(),
                 [](const WideEntry& entry) { return entry.row; });
}

}  // namespace stave::loading
