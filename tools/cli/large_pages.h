// Pages of 2 MiB, of the program's own memory.
#pragma once

#include <sys/mman.h>

#include <cstddef>

namespace stave::cli {

inline constexpr std::size_t kLargePage = std::size_t{2} << 20;

// Of memory that begins at such a page. Only a hint: that it fails changes nothing.
inline void ask_for_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t size) {
#ifdef MADV_HUGEPAGE
  const std::size_t whole = size / kLargePage * kLargePage;
  if (whole > 0) madvise(memory, whole, MADV_HUGEPAGE);
#endif
}

}  // namespace stave::cli
