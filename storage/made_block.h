// One block on its way into a column file: encoded, decoded again to see that it holds what was
// meant, and summarized. Invariant: several made at once are those made one after the other.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "stave/result.h"
#include "storage/codec/block.h"
#include "storage/codec/block_memory.h"
#include "storage/column_file.h"

namespace stave {

// Room for one block, reused.
struct MadeBlock {
  std::string bytes;
  BlockCodecs codecs;
  BlockSummary summary;  // without its offset
  BlockMemory memory;    // before the block, then behind it
  DecodedBlock back;
};

// The file that blocks are for, and where its next one comes.
struct BlockPlace {
  const std::string& path;
  std::uint64_t rows = 0;
  std::uint64_t blocks = 0;
};

// Of the values' strings.
std::uint64_t text_bytes(const ColumnValues& values);

Result<void> make_block(const ColumnValues& values, const EncodeOptions& options,
                        const Prediction& prediction, const BlockPlace& place, MadeBlock& made);

// The first of `values` into the first of `made`, at most so many, side by side; the first begins
// with `memory`. Gives how many were made: behind a block that chose anew the next one would begin
// with that choice, so it is left to the next call.
Result<std::size_t> make_blocks(std::span<const ColumnValues> values, const EncodeOptions& options,
                                const BlockPlace& place, const BlockMemory& memory,
                                std::span<MadeBlock> made);

}  // namespace stave
