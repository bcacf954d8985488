// Compiled for machines with AVX-512.
#if defined(__x86_64__)
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "storage/checksum_kernels.h"

static_assert(XXH_VECTOR == XXH_AVX512);
STAVE_CHECKSUM_KERNEL(kAvx512Checksum)
#endif
