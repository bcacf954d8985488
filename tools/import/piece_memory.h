// Where pieces lie that are held in memory: side by side in blocks.
// Invariant: a block goes back to the system once all pieces in it are released, whatever the
// order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>

namespace stave::loading {

// Thread-safe.
class PieceMemory {
 public:
  PieceMemory() = default;
  ~PieceMemory();
  PieceMemory(const PieceMemory&) = delete;
  PieceMemory& operator=(const PieceMemory&) = delete;

  struct Place {
    char* bytes = nullptr;
    std::uint32_t block = 0;  // to be released
  };
  Place take(std::size_t size);
  // One of the pieces in the block is not needed any more.
  void release(std::uint32_t block);

 private:
  struct Block {
    char* bytes = nullptr;
    std::size_t size = 0;
    std::size_t used = 0;
    std::uint32_t pieces = 0;
  };
  static void map(std::size_t size, Block& block);
  static void unmap(Block& block);
  bool is_open(std::uint32_t block) const { return block + std::size_t{1} == blocks_.size(); }

  std::mutex mutex_;
  std::deque<Block> blocks_;  // the last one is being filled
};

}  // namespace stave::loading
