// Keys of one or more 64-bit words: how they are hashed and compared.
#pragma once

#include <cstddef>
#include <cstdint>

#include "storage/int128.h"

namespace stave {

// Bits of the key's hash, which say where a hash table looks first.
inline std::uint32_t tag_of(const std::uint64_t* key, std::size_t words) {
  const auto mix = [](std::uint64_t left, std::uint64_t right) {
    const UInt128 product = static_cast<UInt128>(left) * right;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  std::uint64_t hash = 0xA0761D6478BD642FULL;
  for (std::size_t word = 0; word < words; ++word) {
    hash = mix(key[word] ^ hash, 0xE7037ED1A0B428DBULL);
  }
  return static_cast<std::uint32_t>(hash >> 32);
}

inline bool same_key(const std::uint64_t* left, const std::uint64_t* right, std::size_t words) {
  for (std::size_t word = 0; word < words; ++word) {
    if (left[word] != right[word]) return false;
  }
  return true;
}

}  // namespace stave
