// Room for texts that are not a piece of the input as they stand, e.g. after undoubling quotes.
// Invariant: texts stay where they are until `clear`, each with kTextPadding readable bytes behind
// it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "tools/import/structure.h"

namespace stave::loading {

class TextArena {
 public:
  char* allocate(std::size_t size) {
    const std::size_t needed = size + kTextPadding;
    if (block_ == blocks_.size() || blocks_[block_].size - used_ < needed) next_block(needed);
    char* out = blocks_[block_].bytes.get() + used_;
    used_ += size;
    return out;
  }
  std::string_view copy(std::string_view text) {
    char* out = allocate(text.size());
    if (!text.empty()) std::memcpy(out, text.data(), text.size());
    return {out, text.size()};
  }
  // Everything goes, the memory stays.
  void clear() {
    block_ = 0;
    used_ = 0;
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  void next_block(std::size_t needed) {
    if (!blocks_.empty() && block_ < blocks_.size()) ++block_;
    while (block_ < blocks_.size() && blocks_[block_].size < needed) ++block_;
    if (block_ == blocks_.size()) {
      const std::size_t size = std::max(kBlockBytes, needed);
      blocks_.push_back({std::make_unique<char[]>(size), size});
    }
    used_ = 0;
  }

  static constexpr std::size_t kBlockBytes = std::size_t{64} << 10;
  std::vector<Block> blocks_;
  std::size_t block_ = 0;
  std::size_t used_ = 0;
};

}  // namespace stave::loading
