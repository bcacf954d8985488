// Groups of equal keys of one or more words, numbered in the order they are met: open addressing,
// looked up many rows at a time, with what later rows need asked for ahead.
// Invariant: at least a third of the slots is empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace stave {

class KeyTable {
 public:
  static constexpr std::uint32_t kNoGroup = 0xFFFFFFFF;

  explicit KeyTable(std::size_t words_per_key) : words_(words_per_key) {}

  std::uint32_t groups() const { return groups_; }

  // `keys` has words_per_key words for each of `rows` rows, and `takes_part` a byte; the group of a
  // row that takes no part is kNoGroup.
  void add(const std::uint64_t* keys, const std::uint8_t* takes_part, std::uint32_t rows,
           std::uint32_t* groups);
  // kNoGroup, too, where no row has that key. Thread-safe.
  void find(const std::uint64_t* keys, const std::uint8_t* takes_part, std::uint32_t rows,
            std::uint32_t* groups) const;

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t group = 0;  // plus one; 0: empty
  };

  // The slot of the key, or the empty one where it would be.
  std::size_t place_of(const std::uint64_t* key, std::uint32_t tag) const;
  // Asks for what a row with this tag will need: its slot, or the key that its slot leads to.
  void ask_for_slot(std::uint32_t tag) const;
  void ask_for_key(std::uint32_t tag) const;
  void grow();

  std::size_t words_;
  std::uint32_t groups_ = 0;
  std::vector<Slot> slots_;
  std::vector<std::uint64_t> keys_;  // words_ for each group
};

}  // namespace stave
