// Sorting groups: ranks are packed into one integer with the group's number below, and sorted by
// radix; keys too wide for that have the number beside them, and wider ones are compared.
#include "engine/aggregate/group_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <utility>

namespace stave {
namespace {

constexpr int kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

template <typename Entry, typename KeyOf>
void radix_sort(std::vector<Entry>& entries, int low_bit, int high_bit, const KeyOf& key_of) {
  std::vector<Entry> other(entries.size());
  for (int shift = low_bit; shift < high_bit; shift += kDigitBits) {
    std::array<std::uint32_t, kDigits> places{};
    for (const Entry& entry : entries) ++places[(key_of(entry) >> shift) & (kDigits - 1)];
    std::uint32_t total = 0;
    for (auto& place : places) total += std::exchange(place, total);
    for (const Entry& entry : entries) {
      other[places[(key_of(entry) >> shift) & (kDigits - 1)]++] = entry;
    }
    entries.swap(other);
  }
}

struct WideEntry {
  std::uint64_t key = 0;
  std::uint32_t group = 0;
};

// Keys of 64 bits together; the sort is stable, so that groups of equal keys stay as they are.
std::vector<std::uint32_t> order_wide(std::span<const RankedKey> keys, std::uint32_t groups,
                                      int bits) {
  std::vector<WideEntry> entries(groups);
  for (std::uint32_t group = 0; group < groups; ++group) entries[group].group = group;
  for (const RankedKey& key : keys) {
    const int width = static_cast<int>(std::bit_width(key.ranks_used));
    for (WideEntry& entry : entries) entry.key = (entry.key << width) | key.ranks[entry.group];
  }
  radix_sort(entries, 0, bits, [](const WideEntry& entry) { return entry.key; });
  std::vector<std::uint32_t> order(groups);
  std::ranges::transform(entries, order.begin(), &WideEntry::group);
  return order;
}

std::vector<std::uint32_t> order_by_comparing(std::span<const RankedKey> keys,
                                              std::uint32_t groups) {
  std::vector<std::uint32_t> order(groups);
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
    for (const RankedKey& key : keys) {
      if (key.ranks[left] != key.ranks[right]) return key.ranks[left] < key.ranks[right];
    }
    return false;
  });
  return order;
}

}  // namespace

std::vector<std::uint32_t> order_groups(std::span<const RankedKey> keys, std::uint32_t groups) {
  const int group_bits = static_cast<int>(std::bit_width(groups));
  int bits = group_bits;
  for (const RankedKey& key : keys) bits += static_cast<int>(std::bit_width(key.ranks_used));
  if (bits - group_bits > 64) return order_by_comparing(keys, groups);
  if (bits > 64) return order_wide(keys, groups, bits - group_bits);
  std::vector<std::uint64_t> entries(groups, 0);
  for (const RankedKey& key : keys) {
    const int width = static_cast<int>(std::bit_width(key.ranks_used));
    for (std::uint32_t group = 0; group < groups; ++group) {
      entries[group] = (entries[group] << width) | key.ranks[group];
    }
  }
  for (std::uint32_t group = 0; group < groups; ++group) {
    entries[group] = (entries[group] << group_bits) | group;
  }
  if (!std::is_sorted(entries.begin(), entries.end())) {
    radix_sort(entries, group_bits, bits, [](std::uint64_t entry) { return entry; });
  }
  std::vector<std::uint32_t> order(groups);
  const std::uint64_t mask = (std::uint64_t{1} << group_bits) - 1;
  std::transform(entries.begin(), entries.end(), order.begin(),
                 [mask](std::uint64_t entry) { return static_cast<std::uint32_t>(entry & mask); });
  return order;
}

}  // namespace stave
