// A set of rows: which are null, which are exceptions. Bytes: format-spec/block.md, "Row sets".
// Invariant: positions are ascending, distinct and below the number of rows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "storage/codec/codec.h"

namespace stave {

void write_positions(std::span<const std::uint32_t> positions, std::uint32_t rows,
                     NodeEncoder& encoder);
// Nothing where the input is damaged; the positions live in the decoder's arena.
std::optional<std::span<const std::uint32_t>> read_positions(std::uint32_t rows,
                                                             NodeDecoder& decoder);

// The same set as a bit for each row; those beyond the rows are 0.
struct RowBits {
  std::span<const std::uint64_t> words;  // of a set that was read, in the decoder's arena
  std::uint32_t set = 0;                 // how many bits are

  bool holds(std::uint32_t row) const { return (words[row / 64] >> (row % 64) & 1) != 0; }
};
void write_row_bits(const RowBits& bits, std::uint32_t rows, NodeEncoder& encoder);
std::optional<RowBits> read_row_bits(std::uint32_t rows, NodeDecoder& decoder);

// Rows that are wanted of a node whose rows were dealt to two: those of the first, which has the
// rows whose bit is 0, and of the second.
struct DealtRows {
  std::span<const std::uint32_t> zeros;
  std::span<const std::uint32_t> ones;
};
DealtRows deal_rows(const RowBits& bits, const WantedRows& wanted, Arena& arena);

}  // namespace stave
