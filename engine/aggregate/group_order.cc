// Sorting groups: ranks are packed into one integer beside the group's number. Where groups are
// many they are dealt to parts by the highest bits, which threads sort by radix in their caches;
// keys too wide for one integer are compared.
#include "engine/aggregate/group_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <numeric>
#include <utility>

namespace stave {
namespace {

constexpr int kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
constexpr std::uint32_t kGroupsAtOnce = 1U << 14;
// Parts of about so many groups.
constexpr std::uint32_t kGroupsOfPart = 1U << 13;
constexpr int kMostPartBits = 12;
// Fewer are compared.
constexpr std::size_t kFewEntries = 256;

struct Entry {
  std::uint64_t key;
  std::uint32_t group;
};

int bits_of(const RankedKey& key) {
  return static_cast<int>(std::bit_width(key.ranks_used));
}

// The packed ranks of the groups from `first` on.
void pack(std::span<const RankedKey> keys, std::uint32_t first, std::span<Entry> entries) {
  for (std::uint32_t i = 0; i < entries.size(); ++i) entries[i] = {0, first + i};
  for (const RankedKey& key : keys) {
    const int width = bits_of(key);
    for (Entry& entry : entries) entry.key = (entry.key << width) | key.rank(entry.group);
  }
}

bool comes_before(const Entry& left, const Entry& right) {
  return left.key != right.key ? left.key < right.key : left.group < right.group;
}

// Entries that come by group, ordered by the lowest `bits` of their keys; `other` has room for as
// many.
void sort_entries(std::span<Entry> entries, int bits, std::vector<Entry>& other) {
  if (std::is_sorted(entries.begin(), entries.end(), comes_before)) return;
  if (entries.size() <= kFewEntries) {
    std::sort(entries.begin(), entries.end(), comes_before);
    return;
  }
  if (other.size() < entries.size()) other.resize(entries.size());
  std::span<Entry> from = entries;
  std::span<Entry> to = std::span(other).first(entries.size());
  for (int shift = 0; shift < bits; shift += kDigitBits) {
    std::array<std::uint32_t, kDigits> places{};
    for (const Entry& entry : from) ++places[(entry.key >> shift) & (kDigits - 1)];
    std::uint32_t total = 0;
    for (auto& place : places) total += std::exchange(place, total);
    for (const Entry& entry : from) to[places[(entry.key >> shift) & (kDigits - 1)]++] = entry;
    std::swap(from, to);
  }
  if (from.data() != entries.data()) std::copy(from.begin(), from.end(), entries.begin());
}

std::vector<std::uint32_t> order_by_comparing(std::span<const RankedKey> keys,
                                              std::uint32_t groups) {
  std::vector<std::uint32_t> order(groups);
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
    for (const RankedKey& key : keys) {
      if (key.rank(left) != key.rank(right)) return key.rank(left) < key.rank(right);
    }
    return false;
  });
  return order;
}

// How many groups each part has of each stretch of groups; then where the stretch writes them.
class Parts {
 public:
  Parts(std::size_t stretches, int key_bits, int part_bits)
      : parts_(std::size_t{1} << part_bits),
        shift_(key_bits - part_bits),
        places_(stretches * parts_, 0) {}

  std::size_t count() const { return parts_; }
  // Bits of a key that its part does not tell.
  int rest_bits() const { return shift_; }
  std::uint32_t& place(std::size_t stretch, const Entry& entry) {
    return places_[stretch * parts_ + (shift_ == 64 ? 0 : entry.key >> shift_)];
  }
  // Where each part begins, and the last one ends.
  std::vector<std::uint32_t> begin_all() {
    std::vector<std::uint32_t> begins;
    std::uint32_t total = 0;
    for (std::size_t part = 0; part < parts_; ++part) {
      begins.push_back(total);
      for (std::size_t at = part; at < places_.size(); at += parts_) {
        total += std::exchange(places_[at], total);
      }
    }
    begins.push_back(total);
    return begins;
  }

 private:
  std::size_t parts_;
  int shift_;
  std::vector<std::uint32_t> places_;
};

}  // namespace

Result<std::vector<std::uint32_t>> order_groups(std::span<const RankedKey> keys,
                                                std::uint32_t groups, ExecutionContext& context) {
  int bits = 0;
  for (const RankedKey& key : keys) bits += bits_of(key);
  if (bits > 64) return order_by_comparing(keys, groups);
  const int wanted = static_cast<int>(std::bit_width(groups / kGroupsOfPart));
  const std::size_t stretches = (groups + kGroupsAtOnce - 1) / kGroupsAtOnce;
  Parts parts(stretches, bits, std::min({wanted, kMostPartBits, bits}));
  std::vector<std::vector<Entry>> rooms(static_cast<std::size_t>(context.threads()));
  const auto each_stretch = [&](const auto& note) {
    return context.parallel_for(stretches, [&](std::size_t stretch, int worker) -> Result<void> {
      const auto first = static_cast<std::uint32_t>(stretch) * kGroupsAtOnce;
      std::vector<Entry>& room = rooms[static_cast<std::size_t>(worker)];
      room.resize(std::max<std::size_t>(room.size(), kGroupsAtOnce));
      const std::span packed = std::span(room).first(std::min(kGroupsAtOnce, groups - first));
      pack(keys, first, packed);
      for (const Entry& entry : packed) note(parts.place(stretch, entry), entry);
      return {};
    });
  };
  auto done = each_stretch([](std::uint32_t& place, const Entry&) { ++place; });
  if (!done) return pass(done);
  const std::vector<std::uint32_t> begins = parts.begin_all();
  const auto entries = std::make_unique_for_overwrite<Entry[]>(groups);
  done = each_stretch([&](std::uint32_t& place, const Entry& entry) { entries[place++] = entry; });
  if (!done) return pass(done);
  std::vector<std::uint32_t> order(groups);
  done = context.parallel_for(parts.count(), [&](std::size_t part, int worker) -> Result<void> {
    const std::span sorted(entries.get() + begins[part], begins[part + 1] - begins[part]);
    sort_entries(sorted, parts.rest_bits(), rooms[static_cast<std::size_t>(worker)]);
    std::transform(sorted.begin(), sorted.end(), order.begin() + begins[part],
                   [](const Entry& entry) { return entry.group; });
    return {};
  });
  if (!done) return pass(done);
  return order;
}

}  // namespace stave
