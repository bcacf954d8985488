// Memory of a MiB and more is asked for in large pages: arrays by code and states of groups are met
// at random, and a page of 2 MiB is got with one fault instead of 512. Where the system has none to
// give it is memory as ever. Of the program alone: a library leaves this to whoever links it.
// Invariant: what `new` gives, whichever, `free` takes.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

// Smaller arrays are not worth the rounding.
constexpr std::size_t kLargeBytes = std::size_t{1} << 20;

// Only a hint: that it fails changes nothing.
void ask_for_large_pages(void* memory, std::size_t size) {
#ifdef MADV_HUGEPAGE
  static const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t first = (begin + page - 1) / page * page;
  const std::uintptr_t end = (begin + size) / page * page;
  if (first < end)
    madvise(static_cast<char*>(memory) + (first - begin), end - first, MADV_HUGEPAGE);
#else
  (void)memory;
  (void)size;
#endif
}

void* take(std::size_t size, std::size_t alignment) {
  size = size == 0 ? 1 : size;
  while (true) {
    void* const memory =
        alignment <= alignof(std::max_align_t)
            ? std::malloc(size)
            : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (memory != nullptr) {
      if (size >= kLargeBytes) ask_for_large_pages(memory, size);
      return memory;
    }
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
