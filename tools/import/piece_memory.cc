// Mapped, not allocated: what is freed goes back at once, and does not change how the allocator
// treats everything else.
#include "tools/import/piece_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace stave::loading {

namespace {

constexpr std::size_t kBlockBytes = std::size_t{2} << 20;

}  // namespace

PieceMemory::~PieceMemory() {
  for (Block& block : blocks_) unmap(block);
}

// In small pages: large ones would be fewer faults, but virtual machines that give free memory back
// to their host pay several times as much for having each of them again.
void PieceMemory::map(std::size_t size, Block& block) {
  const std::size_t whole = (size + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
  void* const mapped =
      ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  block = {static_cast<char*>(mapped), whole, 0, 0};
}

void PieceMemory::unmap(Block& block) {
  if (block.bytes != nullptr) ::munmap(block.bytes, block.size);
  block.bytes = nullptr;
}

PieceMemory::Place PieceMemory::take(std::size_t size) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (blocks_.empty() || blocks_.back().size - blocks_.back().used < size) {
    if (!blocks_.empty() && blocks_.back().pieces == 0) {
      unmap(blocks_.back());
    } else {
      blocks_.emplace_back();
    }
    map(size, blocks_.back());
  }
  Block& block = blocks_.back();
  char* const bytes = block.bytes + block.used;
  block.used += size;
  ++block.pieces;
  return {bytes, static_cast<std::uint32_t>(blocks_.size() - 1)};
}

void PieceMemory::release(std::uint32_t block) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (--blocks_[block].pieces == 0 && !is_open(block)) unmap(blocks_[block]);
}

}  // namespace stave::loading
