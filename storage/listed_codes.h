// The codes of a predictor by rank, read block by block where they are asked for: a question about
// few rows reads the lists of few clusters, and one about many reads them in all of its threads.
// Invariant: thread-safe; what was given stays in place.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "stave/result.h"
#include "storage/column_file.h"
#include "storage/huge_pages.h"

namespace stave {

class ListedCodes {
 public:
  // All there.
  explicit ListedCodes(std::vector<std::uint32_t> codes);
  explicit ListedCodes(std::unique_ptr<ColumnFileReader> reader);

  std::size_t size() const { return size_; }
  // Codes [first, first + count), which lie within.
  Result<std::span<const std::uint32_t>> part(std::size_t first, std::size_t count) const;

 private:
  struct Block {
    std::mutex mutex;
    std::atomic<bool> is_there{false};
  };
  Result<void> read(std::size_t block, DecodedBlock& room) const;

  std::size_t size_ = 0;
  std::vector<std::uint32_t> given_;
  std::unique_ptr<ColumnFileReader> reader_;  // null: `given_` has the codes
  using Allocator = MarkAllocator<std::uint32_t>;
  struct Free {
    std::size_t size;
    void operator()(std::uint32_t* codes) const { Allocator().deallocate(codes, size); }
  };
  std::unique_ptr<std::uint32_t[], Free> read_codes_;  // not initialized where no block was read
  mutable std::vector<Block> blocks_;
};

}  // namespace stave
