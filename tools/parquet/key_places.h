// Distinct keys in the order in which they were met, and the place of each: an open-addressing
// table of places over the list of keys, small enough for the nearer caches where the keys of a
// file are few.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace stave::parquet {

// Keys are integers.
template <typename Key>
class KeyPlaces {
 public:
  // The key's place; where that is the number of keys before the call, the key is new.
  std::uint32_t place_of(Key key) {
    if ((keys_.size() + 1) * 2 > slots_.size()) grow();
    for (std::size_t at = home_of(key);; at = (at + 1) & (slots_.size() - 1)) {
      const std::uint32_t slot = slots_[at];
      if (slot == 0) {
        keys_.push_back(key);
        slots_[at] = static_cast<std::uint32_t>(keys_.size());
        return slots_[at] - 1;
      }
      if (keys_[slot - 1] == key) return slot - 1;
    }
  }

  std::size_t size() const { return keys_.size(); }
  const std::vector<Key>& keys() const { return keys_; }
  void clear() {
    keys_.clear();
    slots_.assign(kFirstSlots, 0);
    shift_ = kWordBits - std::countr_zero(kFirstSlots);
  }

 private:
  static constexpr std::size_t kFirstSlots = 512;
  static constexpr int kWordBits = 64;

  std::size_t home_of(Key key) const {
    return static_cast<std::uint64_t>(key) * 0x9E37'79B9'7F4A'7C15U >> shift_;
  }

  void grow() {
    slots_.assign(slots_.empty() ? kFirstSlots : slots_.size() * 4, 0);
    shift_ = kWordBits - std::countr_zero(slots_.size());
    std::uint32_t place = 0;
    for (const Key key : keys_) {
      std::size_t at = home_of(key);
      while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = ++place;
    }
  }

  std::vector<std::uint32_t> slots_;  // place plus one; 0: empty
  std::vector<Key> keys_;
  int shift_ = kWordBits;
};

}  // namespace stave::parquet
