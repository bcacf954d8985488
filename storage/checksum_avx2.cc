// Compiled for machines with AVX2.
#if defined(__x86_64__)
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "storage/checksum_kernels.h"

static_assert(XXH_VECTOR == XXH_AVX2);
STAVE_CHECKSUM_KERNEL(kAvx2Checksum)
#endif
