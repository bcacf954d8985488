// The bytes of neighbouring blocks of one file, read with one call: blocks are small, and asking
// for one takes about as long as copying it. Of one thread and one column. Invariant: never more
// than is wanted: it grows while blocks are asked for one after another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "storage/column_file.h"

namespace stave {

class BlockStretch {
 public:
  // So many blocks may be wanted after the one that is asked for next; or all of them will be.
  void expect(std::uint32_t blocks_ahead, bool all) {
    ahead_ = blocks_ahead;
    all_ = all;
    keys_ = {};
  }
  std::uint32_t blocks_ahead() const { return ahead_; }
  // What the block asked for next is predicted from, where the caller has it already: the values of
  // the key column in all of its rows. Forgotten with the next call of `expect`.
  void know_keys(std::span<const std::uint32_t> keys) { keys_ = keys; }
  std::span<const std::uint32_t> keys() const { return keys_; }
  // The bytes of one block, which stay until the next call.
  Result<std::span<const std::byte>> read(const ReadableFile& file,
                                          const std::vector<BlockSummary>& blocks,
                                          std::uint32_t block);
  // That of the column which this one is predicted from.
  BlockStretch& beside();

 private:
  const ReadableFile* file_ = nullptr;
  std::uint32_t first_ = 0;  // block
  std::uint32_t end_ = 0;
  std::uint32_t ahead_ = 0;
  bool all_ = false;
  std::span<const std::uint32_t> keys_;
  std::vector<std::byte> bytes_;
  std::unique_ptr<BlockStretch> beside_;
};

}  // namespace stave
