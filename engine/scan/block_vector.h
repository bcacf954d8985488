// One block of a column file as a vector.
// Invariant: codes are tested against their dictionary here, so that nobody indexes out of bounds
// later, whatever the file holds.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "engine/runtime/recycler.h"
#include "engine/runtime/vector_buffer.h"
#include "engine/vector.h"
#include "storage/column_file.h"

namespace stave {

class BlockDecoder {
 public:
  // `dictionary` for coded columns; `stretch` of who reads many blocks, or null.
  Result<Vector> read(const ColumnFileReader& file, std::uint32_t block, Type type,
                      const std::shared_ptr<const Dictionary>& dictionary, BlockStretch* stretch);
  // Some rows of the block, ascending; they hold no more memory than they need.
  Result<Vector> read_rows(const ColumnFileReader& file, std::uint32_t block,
                           std::span<const std::uint32_t> rows, Type type,
                           const std::shared_ptr<const Dictionary>& dictionary,
                           BlockStretch* stretch);

  // Rows given as bits, with a word behind them that is 0.
  Result<Vector> read_kept(const ColumnFileReader& file, std::uint32_t block,
                           const std::uint64_t* bits, std::uint32_t kept, Type type,
                           const std::shared_ptr<const Dictionary>& dictionary,
                           BlockStretch* stretch);

 private:
  Result<Vector> vector_of(std::shared_ptr<DecodedBlock> decoded, std::uint32_t block, Type type,
                           const std::shared_ptr<const Dictionary>& dictionary);

  Recycler<DecodedBlock> blocks_;
  BufferRecycler buffers_;
};

}  // namespace stave
