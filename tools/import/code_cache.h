// Codes of the short strings seen last: one place to look at instead of three in the domain, and
// few of them for columns of few distinct values. Invariant: a code once known never changes, so
// entries are never wrong.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "storage/dictionary.h"
#include "storage/huge_pages.h"

namespace stave::loading {

class CodeCache {
 public:
  static constexpr std::size_t kMaxBytes = 24;

  // A short text as three words; texts are equal exactly when these and their sizes are.
  struct Key {
    std::array<std::uint64_t, 3> words{};
    std::uint32_t size = 0;
    std::uint32_t hash = 0;
  };

  // Of 1..kMaxBytes bytes; sixteen are read, however few there are. The words of longer texts
  // overlap. A branch at eight bytes would be one that columns of few values make hard to foresee.
  static Key key_of(const char* text, std::size_t size) {
    Key key;
    key.size = static_cast<std::uint32_t>(size);
    if (size <= kMaskedBytes) {
      key.words = {word_at(text) & kMasks[size][0], word_at(text + 8) & kMasks[size][1], 0};
    } else {
      key.words = {word_at(text), word_at(text + 8), word_at(text + size - 8)};
    }
    // Sums of products with odd numbers: every byte reaches the high bits.
    const std::uint64_t hash = key.words[0] * 0x9E3779B97F4A7C15 +
                               key.words[1] * 0xC2B2AE3D27D4EB4F +
                               key.words[2] * 0x165667B19E3779F9;
    key.hash = static_cast<std::uint32_t>(hash >> 32);
    return key;
  }

  // Whether it is too large for the nearest caches, so that a place is better fetched some time
  // before it is looked at.
  bool is_large() const { return bits_ > kNearBits; }
  void prefetch(const Key& key) const { __builtin_prefetch(&places_[place_of(key)]); }

  std::uint32_t find(const Key& key) const {
    const Place& place = places_[place_of(key)];
    // One of them has no code for the key, or both have the same: no branch, which nobody foresees.
    return place.entries[0].code_of(key) | place.entries[1].code_of(key);
  }
  // The entry before it in its place stays, the one before that goes.
  void remember(const Key& key, std::uint32_t code) {
    Place& place = places_[place_of(key)];
    place.entries[1] = place.entries[0];
    place.entries[0] = {key.words, key.size, code};
  }

  // After so many look-ups, of which so many found nothing that the domain knows: grows where more
  // room would have helped.
  void note_lookups(std::size_t lookups, std::size_t misses, std::size_t domain_size) {
    lookups_ += lookups;
    misses_ += misses;
    if (lookups_ < 8 * places_.size()) return;
    if (misses_ * 8 > lookups_ && places_.size() < std::min(domain_size, kMostPlaces)) {
      places_.assign(4 * places_.size(), Place{});
      bits_ += 2;
    }
    lookups_ = 0;
    misses_ = 0;
  }

 private:
  static constexpr std::size_t kMaskedBytes = 16;
  // By size, then by word: ones for the bytes that a text of that size has.
  static constexpr auto kMasks = [] {
    std::array<std::array<std::uint64_t, 2>, kMaskedBytes + 1> masks{};
    for (std::size_t size = 0; size <= kMaskedBytes; ++size) {
      for (std::size_t byte = 0; byte < size; ++byte) {
        masks[size][byte / 8] |= std::uint64_t{0xFF} << (byte % 8 * 8);
      }
    }
    return masks;
  }();
  static constexpr unsigned kFirstBits = 9;
  static constexpr unsigned kNearBits = 13;
  static constexpr std::size_t kMostPlaces = std::size_t{1} << 17;
  static std::uint64_t word_at(const char* text) {
    std::uint64_t word = 0;
    std::memcpy(&word, text, sizeof(word));
    return word;
  }

  struct Entry {
    std::array<std::uint64_t, 3> words{};
    std::uint32_t size = 0;
    std::uint32_t code = kNullCode;

    std::uint32_t code_of(const Key& key) const {
      const std::uint64_t differs = (words[0] ^ key.words[0]) | (words[1] ^ key.words[1]) |
                                    (words[2] ^ key.words[2]) | (size ^ key.size);
      return code & (std::uint32_t{differs != 0} - 1);
    }
  };
  // A line of the processor's caches.
  struct alignas(64) Place {
    std::array<Entry, 2> entries;
  };
  std::size_t place_of(const Key& key) const { return key.hash >> (32 - bits_); }

  unsigned bits_ = kFirstBits;
  using Places = std::vector<Place, HugePageAllocator<Place>>;
  Places places_ = Places(std::size_t{1} << kFirstBits);
  std::size_t lookups_ = 0;
  std::size_t misses_ = 0;
};

}  // namespace stave::loading
