// See kept_memory.h. A question asks for buffers of some hundred kilobytes batch by batch. By
// default such are mappings of their own, and what is freed at the end of the heap goes back at
// once: the next batch then pays for its pages again. What has large pages of its own stays a
// mapping.
#include "tools/cli/kept_memory.h"

#include <malloc.h>

namespace stave::cli {

void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 2 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
#endif
}

}  // namespace stave::cli
