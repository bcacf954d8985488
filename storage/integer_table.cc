// Ids are mostly counters: while they come one after another, a subtraction tells where they are.
// Once a domain is dense enough, an array indexed by the value answers with one memory access and
// no comparison. Sparse ids go through hashing with tags.
#include "storage/integer_table.h"

#include <algorithm>
#include <array>

#include "storage/domain_hash.h"

namespace stave {
namespace {

constexpr std::uint64_t kFewestSlots = 1024;
// A direct index has at most this many slots for each value, plus some for small domains.
constexpr std::uint64_t kDirectSpread = 4;
constexpr std::uint64_t kDirectSlack = 4096;

std::uint64_t distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

}  // namespace

void IntegerTable::find(std::span<const std::int64_t> values,
                        std::span<std::uint32_t> positions) const {
  const PublishedTable<Index>::Reader reader(index_);
  const Index* index = reader.get();
  if (index == nullptr) {
    find_counted(values, positions);
    return;
  }
  if (index->is_direct) {
    find_direct(*index, values, positions);
    return;
  }
  for (std::size_t i = 0; i < values.size(); i += kLookupGroup) {
    const std::size_t count = std::min(kLookupGroup, values.size() - i);
    find_group(*index, values.subspan(i, count), positions.subspan(i, count));
  }
}

// A reader that saw no index may go on counting after it was made: what it finds stays true.
void IntegerTable::find_counted(std::span<const std::int64_t> values,
                                std::span<std::uint32_t> positions) const {
  const std::uint32_t count = counted_.load(std::memory_order_acquire);
  const std::int64_t first = first_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t position = distance(first, values[i]);
    positions[i] = position < count ? static_cast<std::uint32_t>(position) : kAbsent;
  }
}

void IntegerTable::find_direct(const Index& index, std::span<const std::int64_t> values,
                               std::span<std::uint32_t> positions) const {
  const std::atomic<std::uint32_t>* words = index.words.get();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t slot = distance(index.minimum, values[i]);
    // An empty slot holds 0, so kAbsent comes out of the subtraction.
    positions[i] = slot < index.slots ? words[slot].load(std::memory_order_acquire) - 1 : kAbsent;
  }
}

void IntegerTable::find_group(const Index& index, std::span<const std::int64_t> values,
                              std::span<std::uint32_t> positions) const {
  const SlotFormat format{index.position_bits};
  std::array<std::uint64_t, kLookupGroup> hashes;
  std::array<std::uint64_t, kLookupGroup> slots;
  for (std::size_t i = 0; i < values.size(); ++i) {
    hashes[i] = domain_hash(values[i]);
    slots[i] = slot_of(hashes[i], index.slots);
    __builtin_prefetch(&index.words[slots[i]]);
  }
  const std::uint64_t mask = index.slots - 1;
  std::array<std::uint32_t, kLookupGroup> words;
  const auto next_candidate = [&](std::size_t i) {
    std::uint32_t word = index.words[slots[i]].load(std::memory_order_acquire);
    while (word != 0 && !format.matches(word, hashes[i])) {
      slots[i] = (slots[i] + 1) & mask;
      word = index.words[slots[i]].load(std::memory_order_acquire);
    }
    words[i] = word;
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    next_candidate(i);
    if (words[i] != 0) {
      __builtin_prefetch(values_.address_of(format.position(words[i])));
    }
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    while (words[i] != 0 && values_[format.position(words[i])] != values[i]) {
      slots[i] = (slots[i] + 1) & mask;
      next_candidate(i);
    }
    positions[i] = words[i] == 0 ? kAbsent : format.position(words[i]);
  }
}

bool IntegerTable::has_room(const Index& index, std::uint32_t size, std::int64_t value) {
  return index.is_direct ? distance(index.minimum, value) < index.slots
                         : std::uint64_t{size} + 1 <= index.slots / 2;
}

void IntegerTable::insert(Index& index, std::int64_t value, std::uint32_t position) {
  if (index.is_direct) {
    index.words[distance(index.minimum, value)].store(position + 1, std::memory_order_release);
    return;
  }
  const std::uint64_t hash = domain_hash(value);
  std::uint64_t slot = slot_of(hash, index.slots);
  while (index.words[slot].load(std::memory_order_relaxed) != 0) {
    slot = (slot + 1) & (index.slots - 1);
  }
  index.words[slot].store(SlotFormat{index.position_bits}.word(hash, position),
                          std::memory_order_release);
}

// Room for at least twice the values there are.
std::unique_ptr<IntegerTable::Index> IntegerTable::new_index(std::uint32_t size) const {
  auto index = std::make_unique<Index>();
  const std::uint64_t span = distance(minimum_, maximum_);
  if (span < kDirectSpread * size + kDirectSlack) {
    index->is_direct = true;
    // Twice the span, most of it above, where counters grow; kept within the integers.
    const std::uint64_t slots = std::max(2 * (span + 1), kFewestSlots);
    const std::uint64_t below = std::min(
        (slots - span - 1) / 8, distance(std::numeric_limits<std::int64_t>::min(), minimum_));
    index->minimum = minimum_ - static_cast<std::int64_t>(below);
    index->slots = slots;
  } else {
    index->slots = std::max(kFewestSlots, std::bit_ceil(4 * std::uint64_t{size}));
    index->position_bits =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(std::bit_width(index->slots / 2), 32));
  }
  index->words = std::make_unique<std::atomic<std::uint32_t>[]>(index->slots);
  for (std::uint32_t position = 0; position < size; ++position) {
    insert(*index, values_[position], position);
  }
  return index;
}

std::uint32_t IntegerTable::find_in(const Index& index, std::int64_t value) const {
  std::uint32_t position = kAbsent;
  if (index.is_direct) {
    find_direct(index, {&value, 1}, {&position, 1});
  } else {
    find_group(index, {&value, 1}, {&position, 1});
  }
  return position;
}

void IntegerTable::add(std::span<const std::int64_t> values, std::span<std::uint32_t> positions) {
  for (std::size_t begin = 0; begin < values.size(); begin += kLookupGroup) {
    const std::size_t end = std::min(begin + kLookupGroup, values.size());
    const Index* index = index_.current();
    for (std::size_t i = begin; index != nullptr && !index->is_direct && i < end; ++i) {
      __builtin_prefetch(&index->words[slot_of(domain_hash(values[i]), index->slots)], 1);
    }
    for (std::size_t i = begin; i < end; ++i) {
      positions[i] = add(values[i]);
    }
  }
}

// Whether the value is the next one of a counter, which it may begin.
bool IntegerTable::goes_on_counting(std::int64_t value, std::uint32_t position) {
  if (position == 0) {
    first_.store(value, std::memory_order_relaxed);
    return true;
  }
  return value > counted(0) && distance(counted(0), value) == position;
}

void IntegerTable::stop_counting() {
  const std::uint32_t size = size_.load(std::memory_order_relaxed);
  for (std::uint32_t position = 0; position < size; ++position) {
    values_.set(position, counted(position));
  }
  minimum_ = counted(0);
  maximum_ = counted(size - 1);
  is_counter_.store(false, std::memory_order_release);
  index_.publish(new_index(size));
}

std::uint32_t IntegerTable::add(std::int64_t value) {
  const std::uint32_t position = size_.load(std::memory_order_relaxed);
  if (index_.current() == nullptr) {
    if (value >= counted(0) && distance(counted(0), value) < position) {
      return static_cast<std::uint32_t>(distance(counted(0), value));
    }
    if (goes_on_counting(value, position)) {
      counted_.store(position + 1, std::memory_order_release);
      size_.store(position + 1, std::memory_order_release);
      return position;
    }
    stop_counting();
  }
  const Index* current = index_.current();
  const std::uint32_t found = find_in(*current, value);
  if (found != kAbsent) {
    return found;
  }
  values_.set(position, value);
  minimum_ = std::min(minimum_, value);
  maximum_ = std::max(maximum_, value);
  if (has_room(*current, position, value)) {
    insert(*index_.current(), value, position);
    if (position % 4096 == 0) {
      index_.free_retired();
    }
  } else {
    index_.publish(new_index(position + 1));
  }
  size_.store(position + 1, std::memory_order_release);
  return position;
}

}  // namespace stave
