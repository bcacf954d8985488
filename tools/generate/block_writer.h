// Writes one dump: blocks are made by several threads and written in order.
// Invariant: memory is bounded by one block for each thread, and the bytes do not depend on them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "stave/result.h"

namespace stave::generator {

struct Dump {
  std::string path;
  std::string header;  // with its line end
  std::uint64_t blocks = 0;
  // Appends the rows of a block; called from several threads at once.
  std::function<void(std::uint64_t block, std::string& out)> make_block;
  // Called in order, from one thread at a time; may be empty.
  std::function<void()> on_block;
};

// The file appears under its name only when it is whole.
Result<void> write_dump(const Dump& dump, int threads, const std::atomic<bool>* cancelled);

}  // namespace stave::generator
