// Counts and sums of narrow integers that share a word for each group, so that a row is one
// addition for all of them. Accumulators take what was added up before a field could run over.
// Invariant: no field is beyond its bits: no more than `most_rows` rows are added between two
// `clear`s, and of a value no more bits are taken than its range has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/vector.h"

namespace stave {

// What an accumulator needs that does not have to see the rows: counts, or sums of integers from 0
// to `most` that are never null.
struct PackableSum {
  std::uint64_t most = 0;
  bool needs_counts = false;
};

// One field of every word.
struct WordField {
  std::uint32_t shift = 0;
  std::uint64_t mask = 0;

  std::uint64_t of(std::uint64_t word) const { return word >> shift & mask; }
};

class PackedSums {
 public:
  struct Sum {
    std::size_t accumulator = 0;
    std::size_t argument = 0;
    std::uint64_t most = 0;
    WordField field;
  };

  // As many words as it takes for `wanted`, by accumulator, whose arguments are those of
  // `argument_of`; the first one counts rows. Those that no word has must be fed by row. None where
  // that is no use.
  static std::vector<PackedSums> plan(std::size_t groups,
                                      std::span<const std::optional<PackableSum>> wanted,
                                      std::span<const std::size_t> argument_of);

  std::span<const Sum> sums() const { return sums_; }
  // Takes nothing where rows are not counted.
  WordField count_field() const { return count_; }
  std::uint64_t rows() const { return rows_; }
  std::uint64_t most_rows() const { return most_rows_; }

  // No more rows than `most_rows` leaves; the arguments have no nulls.
  void add(const std::uint32_t* groups, std::uint32_t rows, std::span<const Vector> arguments);
  // The word of each group; rows may not be added before `clear`.
  std::span<const std::uint64_t> words();
  void clear();

  std::size_t memory_bytes() const { return words_.capacity() * sizeof(std::uint64_t); }

 private:
  // Gives every field as many bits as leave room for the most rows.
  void lay_out(std::size_t groups);

  bool counts_ = false;
  std::vector<Sum> sums_;
  WordField count_;
  std::uint64_t most_rows_ = 0;
  std::uint64_t rows_ = 0;
  std::size_t groups_ = 0;
  std::size_t copies_ = 1;
  std::vector<std::uint64_t> words_;  // of each group in turn, a copy after the other
};

}  // namespace stave
