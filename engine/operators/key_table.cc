// See key_table.h.
#include "engine/operators/key_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/runtime/key_words.h"

namespace stave {
namespace {

constexpr std::size_t kFirstSlots = 1024;
constexpr std::uint32_t kStep = 1024;
constexpr std::uint32_t kAhead = 16;

using Tags = std::array<std::uint32_t, kStep>;

// The tags of the rows from `begin` on, at most kStep.
std::uint32_t take_tags(const std::uint64_t* keys, std::size_t words, std::uint32_t begin,
                        std::uint32_t rows, Tags& tags) {
  const std::uint32_t count = std::min(kStep, rows - begin);
  for (std::uint32_t row = 0; row < count; ++row) {
    tags[row] = tag_of(keys + (std::size_t{begin} + row) * words, words);
  }
  return count;
}

}  // namespace

std::size_t KeyTable::place_of(const std::uint64_t* key, std::uint32_t tag) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = tag & mask;
  while (slots_[at].group != 0 &&
         (slots_[at].tag != tag ||
          !same_key(key, keys_.data() + std::size_t{slots_[at].group - 1} * words_, words_))) {
    at = (at + 1) & mask;
  }
  return at;
}

void KeyTable::ask_for_slot(std::uint32_t tag) const {
  __builtin_prefetch(&slots_[tag & (slots_.size() - 1)]);
}

void KeyTable::ask_for_key(std::uint32_t tag) const {
  const std::uint32_t group = slots_[tag & (slots_.size() - 1)].group;
  if (group != 0) __builtin_prefetch(keys_.data() + std::size_t{group - 1} * words_);
}

void KeyTable::add(const std::uint64_t* keys, const std::uint8_t* takes_part, std::uint32_t rows,
                   std::uint32_t* groups) {
  Tags tags;
  for (std::uint32_t begin = 0; begin < rows; begin += kStep) {
    const std::uint32_t count = take_tags(keys, words_, begin, rows, tags);
    // Room for every row to be a new group, so that nothing moves meanwhile.
    while ((std::size_t{groups_} + count) * 3 > slots_.size() * 2) grow();
    for (std::uint32_t row = 0; row < count; ++row) {
      if (row + 2 * kAhead < count) ask_for_slot(tags[row + 2 * kAhead]);
      if (row + kAhead < count) ask_for_key(tags[row + kAhead]);
      std::uint32_t& group = groups[begin + row];
      if (takes_part[begin + row] == 0) {
        group = kNoGroup;
        continue;
      }
      const std::uint64_t* key = keys + (std::size_t{begin} + row) * words_;
      Slot& slot = slots_[place_of(key, tags[row])];
      if (slot.group == 0) {
        keys_.insert(keys_.end(), key, key + words_);
        slot = {tags[row], ++groups_};
      }
      group = slot.group - 1;
    }
  }
}

void KeyTable::find(const std::uint64_t* keys, const std::uint8_t* takes_part, std::uint32_t rows,
                    std::uint32_t* groups) const {
  if (groups_ == 0) {
    std::fill_n(groups, rows, kNoGroup);
    return;
  }
  Tags tags;
  for (std::uint32_t begin = 0; begin < rows; begin += kStep) {
    const std::uint32_t count = take_tags(keys, words_, begin, rows, tags);
    for (std::uint32_t row = 0; row < count; ++row) {
      if (row + 2 * kAhead < count) ask_for_slot(tags[row + 2 * kAhead]);
      if (row + kAhead < count) ask_for_key(tags[row + kAhead]);
      const std::uint64_t* key = keys + (std::size_t{begin} + row) * words_;
      // The group of an empty slot is 0, and one less is none.
      groups[begin + row] =
          takes_part[begin + row] == 0 ? kNoGroup : slots_[place_of(key, tags[row])].group - 1;
    }
  }
}

// A slot goes to where it was or as far behind as the table was long, so that both tables are gone
// through in order.
void KeyTable::grow() {
  const std::size_t size = std::max(kFirstSlots, slots_.size() * 2);
  const std::vector<Slot> slots = std::exchange(slots_, std::vector<Slot>(size));
  for (const Slot& slot : slots) {
    if (slot.group == 0) continue;
    std::size_t at = slot.tag & (size - 1);
    while (slots_[at].group != 0) at = (at + 1) & (size - 1);
    slots_[at] = slot;
  }
}

}  // namespace stave
