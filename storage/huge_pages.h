// Memory for large tables that are looked up at random: in pages of 2 MiB where the system has
// them, since with small ones each look-up would miss the processor's table of pages too.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace stave {

inline constexpr std::size_t kHugePage = std::size_t{2} << 20;

// Whole pages of the memory come as huge ones. It is only faster; where the system refuses, nothing
// is lost.
inline void ask_for_huge_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t size) {
#ifdef MADV_HUGEPAGE
  ::madvise(memory, size, MADV_HUGEPAGE);
#endif
}

// For std::vector; vectors of less than `kLeast` bytes are allocated as usual.
template <typename T, std::size_t kLeast = kHugePage>
struct HugePageAllocator {
  using value_type = T;
  template <typename U>
  struct rebind {
    using other = HugePageAllocator<U, kLeast>;
  };

  HugePageAllocator() = default;
  template <typename U>
  HugePageAllocator(const HugePageAllocator<U, kLeast>&) {}  // NOLINT(google-explicit-constructor)

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kLeast) {
      return static_cast<T*>(::operator new (bytes, std::align_val_t{alignof(T)}));
    }
    const std::size_t whole_pages = (bytes + kHugePage - 1) / kHugePage * kHugePage;
    void* memory = std::aligned_alloc(kHugePage, whole_pages);
    if (memory == nullptr) {
      throw std::bad_alloc();
    }
    ask_for_huge_pages(memory, whole_pages);
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < kLeast) {
      ::operator delete (memory, std::align_val_t{alignof(T)});
    } else {
      std::free(memory);
    }
  }
  bool operator==(const HugePageAllocator&) const { return true; }
};

// Marks and lists by code: a large page is got in the time that 60 small ones take.
template <typename T>
using MarkAllocator = HugePageAllocator<T, kHugePage / 4>;

}  // namespace stave
