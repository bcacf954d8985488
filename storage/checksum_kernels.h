// XXH3-64 as compiled for one instruction set each; checksum.cc chooses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave {

struct ChecksumKernel {
  std::uint64_t (*of)(const void* bytes, std::size_t size);
  // `state` is an XXH3_state_t, whose layout is the same for all.
  void (*add)(void* state, const void* bytes, std::size_t size);
};

extern const ChecksumKernel kPlainChecksum;
#if defined(__x86_64__)
extern const ChecksumKernel kAvx2Checksum;
extern const ChecksumKernel kAvx512Checksum;
#endif

}  // namespace stave

// xxHash is inlined, so what is defined in a file that was compiled for more than every machine has
// is seen in that file alone.
#define STAVE_CHECKSUM_KERNEL(name)                                         \
  static std::uint64_t of_bytes(const void* bytes, std::size_t size) {      \
    return XXH3_64bits(bytes, size);                                        \
  }                                                                         \
  static void add_bytes(void* state, const void* bytes, std::size_t size) { \
    XXH3_64bits_update(static_cast<XXH3_state_t*>(state), bytes, size);     \
  }                                                                         \
  namespace stave {                                                         \
  const ChecksumKernel name{of_bytes, add_bytes};                           \
  }
