// Codes of the short strings seen last: one place to look at instead of three in the domain, and
// few of them for columns of few distinct values. Invariant: a code once known never changes, so
// entries are never wrong.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "storage/dictionary.h"

namespace stave::loading {

class CodeCache {
 public:
  static constexpr std::size_t kMaxBytes = 24;

  // A short text as three words; texts are equal exactly when these and their sizes are.
  struct Key {
    std::uint64_t words[3] = {0, 0, 0};
    std::uint32_t size = 0;
    std::uint32_t hash = 0;
  };

  // `text` not empty and of at most kMaxBytes bytes; up to eight bytes behind it are read.
  static Key key_of(std::string_view text) {
    Key key;
    key.size = static_cast<std::uint32_t>(text.size());
    std::size_t word = 0;
    std::size_t rest = text.size();
    for (; rest > 8; rest -= 8, ++word) std::memcpy(&key.words[word], text.data() + 8 * word, 8);
    std::memcpy(&key.words[word], text.data() + 8 * word, 8);
    key.words[word] &= ~std::uint64_t{0} >> (64 - 8 * rest);
    std::uint64_t hash = key.words[0] * 0x9E3779B97F4A7C15;
    if (word > 0) {
      hash = (hash ^ key.words[1] ^ (hash >> 32)) * 0xC2B2AE3D27D4EB4F;
      hash = (hash ^ key.words[2] ^ (hash >> 29)) * 0x165667B19E3779F9;
    }
    key.hash = static_cast<std::uint32_t>(hash >> 32);
    return key;
  }

  void prefetch(const Key& key) const { __builtin_prefetch(&entries_[slot_of(key)]); }

  std::uint32_t find(const Key& key) const {
    const Entry& entry = entries_[slot_of(key)];
    const std::uint64_t differs = (entry.words[0] ^ key.words[0]) |
                                  (entry.words[1] ^ key.words[1]) |
                                  (entry.words[2] ^ key.words[2]) | (entry.size ^ key.size);
    return differs == 0 ? entry.code : kNullCode;
  }
  void remember(const Key& key, std::uint32_t code) {
    Entry& entry = entries_[slot_of(key)];
    std::memcpy(entry.words, key.words, sizeof(entry.words));
    entry.size = key.size;
    entry.code = code;
  }

  // After so many look-ups, of which so many found nothing that the domain knows: grows where more
  // room would have helped.
  void note_lookups(std::size_t lookups, std::size_t misses, std::size_t domain_size) {
    lookups_ += lookups;
    misses_ += misses;
    if (lookups_ < 4 * entries_.size()) return;
    if (misses_ * 8 > lookups_ && entries_.size() < std::min(2 * domain_size, kMostSlots)) {
      entries_.assign(4 * entries_.size(), Entry{});
      bits_ += 2;
    }
    lookups_ = 0;
    misses_ = 0;
  }

 private:
  static constexpr unsigned kFirstBits = 10;
  static constexpr std::size_t kMostSlots = std::size_t{1} << 18;
  struct alignas(32) Entry {
    std::uint64_t words[3] = {0, 0, 0};
    std::uint32_t size = 0;
    std::uint32_t code = kNullCode;
  };
  std::size_t slot_of(const Key& key) const { return key.hash >> (32 - bits_); }

  unsigned bits_ = kFirstBits;
  std::vector<Entry> entries_ = std::vector<Entry>(std::size_t{1} << kFirstBits);
  std::size_t lookups_ = 0;
  std::size_t misses_ = 0;
};

}  // namespace stave::loading
