// How key domains hash and place values, on disk and in memory. Bytes: format-spec/key-domain.md.
// The high bits of a hash choose the slot, the low bits are the tag that saves most comparisons.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <string_view>

#include "storage/int128.h"

namespace stave {

inline std::uint64_t domain_hash(std::int64_t value) {
  auto hash = static_cast<std::uint64_t>(value);
  hash ^= hash >> 32;
  hash *= 0x9E3779B97F4A7C15U;
  hash ^= hash >> 29;
  hash *= 0xBF58476D1CE4E5B9U;
  return hash ^ (hash >> 32);
}

inline std::uint64_t domain_hash(std::string_view value) {
  return XXH3_64bits(value.data(), value.size());
}

// A slot of 0..slots - 1, by the high bits, for any number of slots.
inline std::uint64_t slot_of(std::uint64_t hash, std::uint64_t slots) {
  return static_cast<std::uint64_t>((static_cast<UInt128>(hash) * slots) >> 64);
}

// A slot word holds position + 1 in its low `position_bits` and the tag above; 0 is an empty slot.
struct SlotFormat {
  std::uint32_t position_bits = 0;

  std::uint32_t tag_of(std::uint64_t hash) const {
    return static_cast<std::uint32_t>(hash & (std::uint64_t{0xFFFFFFFF} >> position_bits));
  }
  std::uint32_t word(std::uint64_t hash, std::uint32_t position) const {
    return static_cast<std::uint32_t>(std::uint64_t{tag_of(hash)} << position_bits) |
           (position + 1);
  }
  // Of a word that is not 0.
  bool matches(std::uint32_t word, std::uint64_t hash) const {
    return static_cast<std::uint32_t>(std::uint64_t{word} >> position_bits) == tag_of(hash);
  }
  std::uint32_t position(std::uint32_t word) const {
    return static_cast<std::uint32_t>(word & ((std::uint64_t{1} << position_bits) - 1)) - 1;
  }
};

// How many look-ups run side by side, so that their cache misses overlap.
inline constexpr std::size_t kLookupGroup = 32;

}  // namespace stave
