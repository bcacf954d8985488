// A block with what the directory of its file says of it. Bytes: format-spec/block.md.
#pragma once

#include <string>

#include "storage/codec/block_memory.h"
#include "storage/codec/codec.h"
#include "storage/codec/compression.h"
#include "storage/column_file.h"

namespace stave {

struct BlockCodecs {
  std::string chain;  // ids of the tree's nodes, each before those inside it
  Compression compression = Compression::kNone;
};

// "delta+packed, zstd".
std::string to_string(const BlockCodecs& codecs);

// As encode_block, and says which codecs it took. `memory` is of the column's blocks before.
BlockCodecs encode_block_naming_codecs(const ColumnValues& values, const EncodeOptions& options,
                                       std::string& out, const Prediction& prediction = {},
                                       BlockMemory* memory = nullptr);

// As decode_block, for a block that itself lies in `out.scratch`.
Result<void> decode_block_beside(std::span<const std::byte> block, Physical physical,
                                 std::uint32_t rows, DecodedBlock& out,
                                 const Prediction& prediction);

// These of its values alone, in rows 0, 1 .. of `out`. Damage that touches none of them may go
// unseen.
Result<void> pick_block_beside(std::span<const std::byte> block, Physical physical,
                               const WantedRows& wanted, DecodedBlock& out,
                               const Prediction& prediction);

// The same for rows that may be many: `kept.bits` has a word more than the rows take, which is 0.
Result<void> keep_block_beside(std::span<const std::byte> block, Physical physical,
                               const KeptRows& kept, DecodedBlock& out,
                               const Prediction& prediction);

// A bit for each row of a block of codes or 64-bit integers: whether it passes. The block lies in
// `room.scratch`, which takes what is worked in too.
Result<void> test_block_beside(std::span<const std::byte> block, Physical physical,
                               std::uint32_t rows, const ValueTest& test, DecodedBlock& room,
                               const Prediction& prediction, std::uint64_t* bits);

// Whether row `row` holds a value.
inline bool is_valid(std::span<const std::uint64_t> validity, std::uint32_t row) {
  return validity.empty() || (validity[row / 64] >> (row % 64) & 1U) != 0;
}

}  // namespace stave
