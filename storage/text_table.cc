// A look-up touches its slot and, where 24 bits of the hash agree, one record, which holds position
// and text: two memory accesses, both prefetched a group ahead.
#include "storage/text_table.h"

#include <algorithm>
#include <array>
#include <bit>

#include "storage/domain_hash.h"

namespace stave {
namespace {

constexpr std::uint64_t kFewestSlots = 512;
constexpr std::uint64_t kOffsetMask = (std::uint64_t{1} << TextArena::kOffsetBits) - 1;

std::uint64_t word_of(std::uint64_t hash, std::uint64_t offset) {
  return (hash << TextArena::kOffsetBits) | offset;
}

bool matches(std::uint64_t word, std::uint64_t hash) {
  return (word ^ (hash << TextArena::kOffsetBits)) <= kOffsetMask;
}

}  // namespace

void TextTable::find(std::span<const std::string_view> values,
                     std::span<std::uint32_t> positions) const {
  const PublishedTable<Index>::Reader reader(index_);
  if (reader.get() == nullptr) {
    std::ranges::fill(positions, kAbsent);
    return;
  }
  for (std::size_t i = 0; i < values.size(); i += kLookupGroup) {
    const std::size_t count = std::min(kLookupGroup, values.size() - i);
    find_group(*reader.get(), values.subspan(i, count), positions.subspan(i, count));
  }
}

void TextTable::find_group(const Index& index, std::span<const std::string_view> values,
                           std::span<std::uint32_t> positions) const {
  std::array<std::uint64_t, kLookupGroup> hashes;
  std::array<std::uint64_t, kLookupGroup> slots;
  for (std::size_t i = 0; i < values.size(); ++i) {
    hashes[i] = domain_hash(values[i]);
    slots[i] = slot_of(hashes[i], index.slots);
    __builtin_prefetch(&index.words[slots[i]]);
  }
  const std::uint64_t mask = index.slots - 1;
  std::array<std::uint64_t, kLookupGroup> words;
  const auto next_candidate = [&](std::size_t i) {
    std::uint64_t word = index.words[slots[i]].load(std::memory_order_acquire);
    while (word != 0 && !matches(word, hashes[i])) {
      slots[i] = (slots[i] + 1) & mask;
      word = index.words[slots[i]].load(std::memory_order_acquire);
    }
    words[i] = word;
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    next_candidate(i);
    if (words[i] != 0) {
      const char* record = arena_.address_of(words[i] & kOffsetMask);
      __builtin_prefetch(record);
      __builtin_prefetch(record + 40);
    }
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    positions[i] = kAbsent;
    while (words[i] != 0) {
      const TextArena::Record record = arena_.at(words[i] & kOffsetMask);
      if (record.text == values[i]) {
        positions[i] = record.position;
        break;
      }
      slots[i] = (slots[i] + 1) & mask;
      next_candidate(i);
    }
  }
}

void TextTable::insert(Index& index, std::uint64_t hash, std::uint64_t offset) {
  std::uint64_t slot = slot_of(hash, index.slots);
  while (index.words[slot].load(std::memory_order_relaxed) != 0) {
    slot = (slot + 1) & (index.slots - 1);
  }
  index.words[slot].store(word_of(hash, offset), std::memory_order_release);
}

std::unique_ptr<TextTable::Index> TextTable::new_index(std::uint32_t size) const {
  auto index = std::make_unique<Index>();
  index->slots = std::max(kFewestSlots, std::bit_ceil(3 * std::uint64_t{size}));
  index->words = decltype(index->words)(index->slots);
  std::array<std::uint64_t, kLookupGroup> hashes;
  for (std::uint32_t begin = 0; begin < size; begin += kLookupGroup) {
    const std::uint32_t count = std::min<std::uint32_t>(kLookupGroup, size - begin);
    for (std::uint32_t i = 0; i < count; ++i) {
      hashes[i] = domain_hash(at(begin + i));
      __builtin_prefetch(&index->words[slot_of(hashes[i], index->slots)], 1);
    }
    for (std::uint32_t i = 0; i < count; ++i) insert(*index, hashes[i], offsets_[begin + i]);
  }
  return index;
}

void TextTable::add(std::span<const std::string_view> values, std::span<std::uint32_t> positions) {
  if (index_.current() == nullptr) {
    index_.publish(new_index(0));
  }
  for (std::size_t i = 0; i < values.size(); i += kLookupGroup) {
    const std::size_t count = std::min(kLookupGroup, values.size() - i);
    add_group(values.subspan(i, count), positions.subspan(i, count));
  }
}

void TextTable::add_group(std::span<const std::string_view> values,
                          std::span<std::uint32_t> positions) {
  std::array<std::uint64_t, kLookupGroup> hashes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    hashes[i] = domain_hash(values[i]);
    const Index& index = *index_.current();
    __builtin_prefetch(&index.words[slot_of(hashes[i], index.slots)], 1);
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Index& index = *index_.current();
    std::uint64_t slot = slot_of(hashes[i], index.slots);
    positions[i] = kAbsent;
    for (std::uint64_t word = 0; positions[i] == kAbsent; slot = (slot + 1) & (index.slots - 1)) {
      word = index.words[slot].load(std::memory_order_relaxed);
      if (word == 0) {
        positions[i] = append(values[i], hashes[i], slot);
        break;
      }
      if (!matches(word, hashes[i])) {
        continue;
      }
      const TextArena::Record record = arena_.at(word & kOffsetMask);
      if (record.text == values[i]) {
        positions[i] = record.position;
      }
    }
  }
}

// Of a value that is absent; `slot` is an empty one where probing for it ends.
std::uint32_t TextTable::append(std::string_view value, std::uint64_t hash, std::uint64_t slot) {
  const std::uint32_t position = size_.load(std::memory_order_relaxed);
  const std::uint64_t offset = arena_.append(position, value);
  offsets_.set(position, offset);
  Index& index = *index_.current();
  // At most five eighths full.
  if ((std::uint64_t{position} + 1) * 8 <= index.slots * 5) {
    index.words[slot].store(word_of(hash, offset), std::memory_order_release);
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
