// Codes of the short strings seen last, for columns of few distinct values: one multiplication and
// one comparison instead of a look-up in the domain. Invariant: a code once known never changes, so
// entries are never wrong.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "storage/dictionary.h"

namespace stave::loading {

class CodeCache {
 public:
  static constexpr std::size_t kMaxBytes = 24;

  // A short text as three words; texts are equal exactly when these are. Reads up to eight bytes
  // behind the text.
  struct Key {
    std::uint64_t words[3] = {0, 0, 0};
    std::uint64_t size = 0;

    std::size_t slot() const {
      std::uint64_t hash = words[0] * 0x9E3779B97F4A7C15;
      hash = (hash ^ words[1] ^ (hash >> 32)) * 0xC2B2AE3D27D4EB4F;
      hash = (hash ^ words[2] ^ (hash >> 29) ^ size) * 0x165667B19E3779F9;
      return hash >> (64 - kSlotBits);
    }
  };

  // `text` not empty and of at most kMaxBytes bytes.
  static Key key_of(std::string_view text) {
    Key key;
    key.size = text.size();
    std::size_t word = 0;
    std::size_t rest = text.size();
    for (; rest > 8; rest -= 8, ++word) std::memcpy(&key.words[word], text.data() + 8 * word, 8);
    std::memcpy(&key.words[word], text.data() + 8 * word, 8);
    key.words[word] &= ~std::uint64_t{0} >> (64 - 8 * rest);
    return key;
  }

  std::uint32_t find(const Key& key) const {
    const Entry& entry = entries_[key.slot()];
    const bool same = entry.words[0] == key.words[0] && entry.words[1] == key.words[1] &&
                      entry.words[2] == key.words[2] && entry.size == key.size;
    return same ? entry.code : kNullCode;
  }
  void remember(const Key& key, std::uint32_t code) {
    Entry& entry = entries_[key.slot()];
    std::memcpy(entry.words, key.words, sizeof(entry.words));
    entry.size = static_cast<std::uint32_t>(key.size);
    entry.code = code;
  }

 private:
  static constexpr unsigned kSlotBits = 12;
  struct Entry {
    std::uint64_t words[3] = {0, 0, 0};
    std::uint32_t size = 0;
    std::uint32_t code = kNullCode;
  };
  std::vector<Entry> entries_ = std::vector<Entry>(std::size_t{1} << kSlotBits);
};

}  // namespace stave::loading
