// Group numbers by array or hash; see the header.
#include "engine/aggregate/group_index.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "engine/runtime/key_words.h"

namespace stave {
namespace {

constexpr std::uint32_t kUnknownBits = 32;
constexpr std::size_t kFirstSlots = 1024;
// A table that has outgrown what a scope mostly needs, which clears it, grows faster for a while.
constexpr std::size_t kSlotsOfScope = std::size_t{1} << 12;
constexpr std::size_t kFewSlots = std::size_t{1} << 17;
constexpr std::uint64_t kFirstCapacity = 4;  // of a column of unknown size
constexpr std::uint32_t kPrefetchAhead = 16;
constexpr std::size_t kSlotsInCache = std::size_t{1} << 18;  // of the second level

}  // namespace

KeyLayout::KeyLayout(std::span<const std::uint32_t> sizes) {
  std::uint32_t word = 0;
  std::uint32_t used = 0;
  for (const std::uint32_t size : sizes) {
    const auto bits = size == 0 ? kUnknownBits : static_cast<std::uint32_t>(std::bit_width(size));
    if (used + bits > 64) {
      ++word;
      used = 0;
    }
    places_.push_back({word, used, bits});
    used += bits;
  }
  words_ = word + 1;
}

void KeyLayout::pack(std::span<const std::uint32_t* const> codes, std::uint32_t rows,
                     std::vector<std::uint64_t>& keys) const {
  keys.assign(std::size_t{rows} * words_, 0);
  for (std::size_t column = 0; column < places_.size(); ++column) {
    const Place place = places_[column];
    const std::uint32_t* from = codes[column];
    std::uint64_t* to = keys.data() + place.word;
    for (std::uint32_t row = 0; row < rows; ++row) {
      to[row * words_] |= std::uint64_t{from[row]} << place.shift;
    }
  }
}

void KeyLayout::pack_row(std::span<const std::uint32_t* const> codes, std::uint32_t row,
                         std::uint64_t* key) const {
  std::fill_n(key, words_, 0);
  for (std::size_t column = 0; column < places_.size(); ++column) {
    const Place place = places_[column];
    key[place.word] |= std::uint64_t{codes[column][row]} << place.shift;
  }
}

void KeyLayout::unpack(std::span<const std::uint64_t> keys, std::size_t column,
                       std::span<std::uint32_t> codes) const {
  const Place place = places_[column];
  const std::uint64_t mask = (std::uint64_t{1} << place.bits) - 1;
  const std::uint64_t* from = keys.data() + place.word;
  const std::size_t words = words_;
  for (std::size_t group = 0; group < codes.size(); ++group) {
    codes[group] = static_cast<std::uint32_t>((from[group * words] >> place.shift) & mask);
  }
}

std::uint32_t KeyLayout::code(const std::uint64_t* key, std::size_t column) const {
  const Place place = places_[column];
  const std::uint64_t mask = (std::uint64_t{1} << place.bits) - 1;
  return static_cast<std::uint32_t>((key[place.word] >> place.shift) & mask);
}

GroupIndex::GroupIndex(std::vector<std::uint32_t> sizes, std::uint64_t most_slots,
                       GroupStrategy strategy)
    : sizes_(std::move(sizes)), layout_(sizes_), most_slots_(most_slots) {
  for (const std::uint32_t size : sizes_) capacities_.push_back(size == 0 ? kFirstCapacity : size);
  is_array_ = strategy != GroupStrategy::kHash && lay_out_array();
  if (!is_array_) slots_.resize(kFirstSlots);
}

bool GroupIndex::lay_out_array() {
  std::uint64_t product = 1;
  strides_.assign(sizes_.size(), 0);
  for (std::size_t column = 0; column < sizes_.size(); ++column) {
    strides_[column] = product;
    if (product > most_slots_ / capacities_[column]) return false;
    product *= capacities_[column];
  }
  array_.assign(product, 0);
  for (std::uint32_t group = sealed_; group < groups_; ++group) array_[slot_of(group)] = group + 1;
  return true;
}

void GroupIndex::widen_array(std::span<const std::uint32_t* const> codes, std::uint32_t rows) {
  bool widened = false;
  for (std::size_t column = 0; column < sizes_.size(); ++column) {
    if (sizes_[column] != 0) continue;
    const std::uint32_t largest = *std::max_element(codes[column], codes[column] + rows);
    while (largest >= capacities_[column]) {
      capacities_[column] *= 2;
      widened = true;
    }
  }
  if (widened && !lay_out_array()) become_hash();
}

std::uint64_t GroupIndex::slot_of(std::uint32_t group) const {
  std::uint64_t slot = 0;
  for (std::size_t column = 0; column < sizes_.size(); ++column) {
    slot += key(group, column) * strides_[column];
  }
  return slot;
}

const std::uint32_t* GroupIndex::find(std::span<const std::uint32_t* const> codes,
                                      std::uint32_t rows) {
  row_groups_.resize(rows);
  if (rows == 0) return row_groups_.data();
  if (uses_places()) {
    const std::uint32_t* places = find_unmarked(codes, rows);
    met_.mark(places, rows);
    return places;
  }
  if (is_array_) widen_array(codes, rows);
  if (is_array_) {
    find_in_array(codes, rows);
  } else {
    layout_.pack(codes, rows, row_keys_);
    find_by_hash(rows);
  }
  return row_groups_.data();
}

bool GroupIndex::has_keys_of(const GroupIndex& other) const {
  const bool is_known = std::find(sizes_.begin(), sizes_.end(), 0U) == sizes_.end();
  return !is_array_ && !uses_places() && is_known && sizes_ == other.sizes_;
}

const std::uint32_t* GroupIndex::find_keys_of(const GroupIndex& other, std::uint32_t first,
                                              std::uint32_t count) {
  const std::size_t words = layout_.words();
  const std::span keys = std::span(other.keys_).subspan(first * words, count * words);
  row_keys_.assign(keys.begin(), keys.end());
  row_groups_.resize(count);
  find_by_hash(count);
  return row_groups_.data();
}

void GroupIndex::find_in_array(std::span<const std::uint32_t* const> codes, std::uint32_t rows) {
  const bool prefetches = array_.size() > kSlotsInCache;
  if (codes.size() == 1) {
    return prefetches ? find_single_in_array<true>(codes[0], rows)
                      : find_single_in_array<false>(codes[0], rows);
  }
  row_slots_.resize(rows);
  std::copy(codes[0], codes[0] + rows, row_slots_.begin());  // the first stride is 1
  for (std::size_t column = 1; column < codes.size(); ++column) {
    const std::uint32_t* from = codes[column];
    const std::uint64_t stride = strides_[column];
    std::uint64_t* to = row_slots_.data();
    for (std::uint32_t row = 0; row < rows; ++row) to[row] += from[row] * stride;
  }
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (prefetches && row + kPrefetchAhead < rows) {
      __builtin_prefetch(&array_[row_slots_[row + kPrefetchAhead]]);
    }
    std::uint32_t& entry = array_[row_slots_[row]];
    if (entry == 0) entry = add_group(codes, row) + 1;
    row_groups_[row] = entry - 1;
  }
}

bool GroupIndex::use_places(std::uint64_t most, std::span<const std::size_t> fastest_first) {
  std::vector<CodeRange> codes;
  for (const std::uint32_t size : sizes_) codes.push_back({0, size});
  grid_ = PlaceGrid::make(std::move(codes), fastest_first, most);
  if (!grid_) return false;
  is_array_ = false;
  array_ = {};
  slots_ = {};
  groups_ = grid_->places();
  met_.reset(groups_);
  return true;
}

const std::uint32_t* GroupIndex::find_unmarked(std::span<const std::uint32_t* const> codes,
                                               std::uint32_t rows) {
  if (codes.size() == 1) return codes[0];
  row_groups_.resize(rows);
  grid_->find(codes, rows, row_groups_.data());
  return row_groups_.data();
}

void GroupIndex::take_places(const GroupIndex& other) {
  met_.take(other.met_);
}

void GroupIndex::find_by_hash(std::uint32_t rows) {
  const std::size_t words = layout_.words();
  row_tags_.resize(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    row_tags_[row] = tag_of(row_keys_.data() + row * words, words);
  }
  // Room for every row to be a new group, so that the table does not move meanwhile; bounded steps
  // keep it from growing for rows that are no new groups.
  constexpr std::uint32_t kStep = 1024;
  for (std::uint32_t begin = 0; begin < rows; begin += kStep) {
    const std::uint32_t end = std::min(rows, begin + kStep);
    while ((std::size_t{groups_ - sealed_} + kStep) * 3 > slots_.size() * 2) grow_hash();
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t row = begin; row < end; ++row) {
      if (row + 2 * kPrefetchAhead < end) {
        __builtin_prefetch(&slots_[row_tags_[row + 2 * kPrefetchAhead] & mask]);
      }
      if (row + kPrefetchAhead < end) {
        const std::uint32_t group = slots_[row_tags_[row + kPrefetchAhead] & mask].group;
        if (group != 0) __builtin_prefetch(keys_.data() + std::size_t{group - 1} * words);
      }
      const std::uint32_t tag = row_tags_[row];
      const std::uint64_t* key = row_keys_.data() + row * words;
      for (std::size_t at = tag & mask;; at = (at + 1) & mask) {
        Slot& slot = slots_[at];
        if (slot.group == 0) {
          slot = {tag, add_group(key) + 1};
          row_groups_[row] = slot.group - 1;
          break;
        }
        if (slot.tag == tag &&
            same_key(key, keys_.data() + std::size_t{slot.group - 1} * words, words)) {
          row_groups_[row] = slot.group - 1;
          break;
        }
      }
    }
  }
}

void GroupIndex::become_hash() {
  is_array_ = false;
  array_ = {};
  std::size_t size = kFirstSlots;
  while (size < std::size_t{groups_ - sealed_} * 2) size *= 2;
  slots_.assign(size, Slot{});
  const std::size_t words = layout_.words();
  for (std::uint32_t group = sealed_; group < groups_; ++group) {
    put({tag_of(keys_.data() + std::size_t{group} * words, words), group + 1});
  }
}

// Places come from tags: a slot goes to where it was or as far behind as the table was long, so
// that both tables are gone through in order.
void GroupIndex::grow_hash() {
  const bool grows_on = slots_.size() >= kSlotsOfScope && slots_.size() < kFewSlots;
  const std::size_t factor = grows_on ? 4 : 2;
  const std::vector<Slot> slots = std::exchange(slots_, std::vector<Slot>(slots_.size() * factor));
  for (const Slot& slot : slots) {
    if (slot.group != 0) put(slot);
  }
}

void GroupIndex::put(Slot slot) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = slot.tag & mask;
  while (slots_[at].group != 0) at = (at + 1) & mask;
  slots_[at] = slot;
}

// The key of one column is its code. Whether a row opens a group cannot be foreseen: so there is no
// branch, each key is written down, and stays where it is a new one.
template <bool kPrefetches>
void GroupIndex::find_single_in_array(const std::uint32_t* codes, std::uint32_t rows) {
  keys_.resize(std::size_t{groups_} + rows);
  std::uint32_t* entries = array_.data();
  std::uint64_t* keys = keys_.data();
  std::uint32_t* row_groups = row_groups_.data();
  std::uint32_t groups = groups_;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (kPrefetches && row + kPrefetchAhead < rows) {
      __builtin_prefetch(entries + codes[row + kPrefetchAhead], 1);
    }
    const std::uint32_t code = codes[row];
    const std::uint32_t entry = entries[code];
    const std::uint32_t is_new = entry == 0 ? 1U : 0U;
    keys[groups] = code;
    groups += is_new;
    const std::uint32_t known = entry | (groups & (0U - is_new));
    entries[code] = known;
    row_groups[row] = known - 1;
  }
  groups_ = groups;
  keys_.resize(groups);
}

std::uint32_t GroupIndex::add_group(std::span<const std::uint32_t* const> codes,
                                    std::uint32_t row) {
  keys_.resize(keys_.size() + layout_.words());
  layout_.pack_row(codes, row, keys_.data() + keys_.size() - layout_.words());
  return groups_++;
}

std::uint32_t GroupIndex::add_group(const std::uint64_t* key) {
  keys_.insert(keys_.end(), key, key + layout_.words());
  return groups_++;
}

std::vector<std::uint32_t> GroupIndex::key_column(std::size_t column) const {
  std::vector<std::uint32_t> codes(groups_);
  layout_.unpack(keys_, column, codes);
  return codes;
}

void GroupIndex::seal() {
  if (is_array_ && sizes_.size() == 1) {
    for (std::uint32_t group = sealed_; group < groups_; ++group) array_[keys_[group]] = 0;
  } else if (is_array_) {
    for (std::uint32_t group = sealed_; group < groups_; ++group) array_[slot_of(group)] = 0;
  } else if (groups_ > sealed_) {
    std::fill(slots_.begin(), slots_.end(), Slot{});
  }
  sealed_ = groups_;
}

void GroupIndex::retain(std::uint32_t first, std::span<const std::uint32_t> kept) {
  const std::size_t words = layout_.words();
  for (std::size_t i = 0; i < kept.size(); ++i) {
    std::copy_n(keys_.begin() + static_cast<std::ptrdiff_t>(kept[i] * words), words,
                keys_.begin() + static_cast<std::ptrdiff_t>((first + i) * words));
  }
  groups_ = first + static_cast<std::uint32_t>(kept.size());
  sealed_ = groups_;
  keys_.resize(groups_ * words);
}

std::size_t GroupIndex::memory_bytes() const {
  return array_.capacity() * sizeof(std::uint32_t) + slots_.capacity() * sizeof(Slot) +
         keys_.capacity() * sizeof(std::uint64_t) + met_.memory_bytes();
}

}  // namespace stave
