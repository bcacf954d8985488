// Sorting groups: ranks are packed into one integer with the group's number below, and sorted by
// radix; keys too wide for that are compared column by column.
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

void radix_sort(std::vector<std::uint64_t>& entries, int low_bit, int high_bit) {
  std::vector<std::uint64_t> other(entries.size());
  for (int shift = low_bit; shift < high_bit; shift += kDigitBits) {
    std::array<std::uint32_t, kDigits> places{};
    for (const std::uint64_t entry : entries) ++places[(entry >> shift) & (kDigits - 1)];
    std::uint32_t total = 0;
    for (auto& place : places) total += std::exchange(place, total);
    for (const std::uint64_t entry : entries) {
      other[places[(entry >> shift) & (kDigits - 1)]++] = entry;
    }
    entries.swap(other);
  }
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
  if (bits > 64) return order_by_comparing(keys, groups);
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
  if (!std::is_sorted(entries.begin(), entries.end())) radix_sort(entries, group_bits, bits);
  std::vector<std::uint32_t> order(groups);
  const std::uint64_t mask = (std::uint64_t{1} << group_bits) - 1;
  std::transform(entries.begin(), entries.end(), order.begin(),
                 [mask](std::uint64_t entry) { return static_cast<std::uint32_t>(entry & mask); });
  return order;
}

}  // namespace stave
