// Memory of 2 MiB and more begins at a large page and is asked for in such: arrays by code and
// states of groups are met at random, and a page of 2 MiB is got with one fault instead of 512.
// Where the system has none to give it is memory as ever. Of the program alone: a library leaves
// this to whoever links it. Invariant: what `new` gives, whichever, `free` takes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "tools/cli/kept_memory.h"
#include "tools/cli/large_pages.h"

namespace {

using stave::cli::kLargePage;

// A large page is got in the time of 60 small ones: where more than half of the last one is wanted,
// it is taken whole.
constexpr std::size_t in_large_pages(std::size_t size) {
  const std::size_t rest = size % kLargePage;
  return rest > kLargePage / 2 ? size + (kLargePage - rest) : size;
}

void* allocate(std::size_t size, std::size_t alignment) {
  if (size >= kLargePage && size <= PTRDIFF_MAX) {
    const std::size_t rounded = in_large_pages(size);
    void* memory = nullptr;
    if (posix_memalign(&memory, std::max(alignment, kLargePage), rounded) != 0) return nullptr;
    stave::cli::ask_for_large_pages(memory, rounded);
    return memory;
  }
  thread_local bool has_heap = false;
  if (!has_heap) {
    has_heap = true;
    stave::cli::begin_heap_of_thread();
  }
  if (alignment <= alignof(std::max_align_t)) return std::malloc(size);
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* take(std::size_t size, std::size_t alignment) {
  size = size == 0 ? 1 : size;
  while (true) {
    if (void* const memory = allocate(size, alignment)) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

}  // namespace

void* operator new(std::size_t size) {
  return take(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return take(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
