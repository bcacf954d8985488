// See kept_memory.h. A question asks for buffers of some hundred kilobytes batch by batch. By
// default such are mappings of their own, and what is freed at the end of the heap goes back at
// once: the next batch then pays for its pages again. And a page of 2 MiB is got in the time of 60
// small ones, of which a short question touches hundreds. Invariant: all of this only advises; a
// system that works otherwise gives memory as ever.
#include "tools/cli/kept_memory.h"

#include <malloc.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "tools/cli/large_pages.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STAVE_HAS_OTHER_MALLOC
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define STAVE_HAS_OTHER_MALLOC
#endif
#endif

namespace stave::cli {

#if defined(__GLIBC__) && !defined(STAVE_HAS_OTHER_MALLOC)

namespace {

// What the program's heap grows by at first; pages that are not touched cost nothing.
constexpr int kFirstGrowth = 32 << 20;
constexpr int kLaterGrowth = 1 << 20;
// Heaps of threads begin at such a border, and what is met this near behind it is new.
constexpr std::uintptr_t kThreadHeap = std::uintptr_t{64} << 20;
constexpr std::uintptr_t kNewHeap = std::uintptr_t{64} << 10;

bool g_is_kept = false;

std::uintptr_t address_of(const void* memory) {
  return reinterpret_cast<std::uintptr_t>(memory);
}

constexpr std::size_t kMarkSize = 512;

// Where the first large page behind the mark begins, once what lies between is taken, never to be
// touched: what is asked for next begins there. 0 where there is no memory.
std::uintptr_t skip_to_large_page(const void* mark) {
  static void* volatile skipped;  // not left out, as an allocation without use might be
  constexpr std::size_t kHeaders = 4 * sizeof(std::size_t);
  const std::uintptr_t next = address_of(mark) + kMarkSize + kHeaders;
  const std::uintptr_t begin = (next + kLargePage - 1) / kLargePage * kLargePage;
  skipped = std::malloc(begin - next);
  return skipped == nullptr ? 0 : begin;
}

void ask_between(std::uintptr_t begin, std::uintptr_t end) {
  if (begin == 0 || end < begin) return;
  ask_for_large_pages(reinterpret_cast<void*>(begin), end - begin);
}

}  // namespace

void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, static_cast<int>(kLargePage));
  mallopt(M_TRIM_THRESHOLD, 2 * kFirstGrowth);
  mallopt(M_TOP_PAD, kFirstGrowth);
  if (void* const mark = std::malloc(kMarkSize)) {
    const std::uintptr_t begin = skip_to_large_page(mark);  // the heap grows by that
    ask_between(begin, address_of(sbrk(0)));
    std::free(mark);
  }
  mallopt(M_TOP_PAD, kLaterGrowth);
  g_is_kept = true;
}

// The mark stays where it was put: by the next thread that takes over this heap, another is put
// farther behind, which tells that nothing is left to do.
void begin_heap_of_thread() {
  if (!g_is_kept) return;
  void* const mark = std::malloc(kMarkSize);
  if (mark == nullptr || address_of(mark) % kThreadHeap >= kNewHeap) {
    std::free(mark);
    return;
  }
  const std::uintptr_t begin = skip_to_large_page(mark);
  ask_between(begin, begin + kLargePage);
  // Such heaps grow by what is asked for, and only a page that is there in whole can be large.
  constexpr std::size_t kNearlyAll = kLargePage - 128;
  void* volatile page = std::malloc(kNearlyAll);
  std::free(page);
}

#else

void keep_freed_memory() {}
void begin_heap_of_thread() {}

#endif

}  // namespace stave::cli
