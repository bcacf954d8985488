// Asks the processor: see kernel_dispatch.h.
#include "storage/kernel_dispatch.h"

#include <hwy/highway.h>

#include <atomic>

namespace stave {
namespace {

std::int64_t ask_machine() {
  std::int64_t targets = HWY_STATIC_TARGET;
#if HWY_ARCH_X86
  __builtin_cpu_init();
  const bool ssse3 = __builtin_cpu_supports("ssse3") != 0;
  const bool sse4 = ssse3 && __builtin_cpu_supports("sse4.1") != 0 &&
                    __builtin_cpu_supports("sse4.2") != 0 && __builtin_cpu_supports("aes") != 0 &&
                    __builtin_cpu_supports("pclmul") != 0;
  // Machines with these have F16C and LZCNT too.
  const bool avx2 = sse4 && __builtin_cpu_supports("avx2") != 0 &&
                    __builtin_cpu_supports("fma") != 0 && __builtin_cpu_supports("bmi") != 0 &&
                    __builtin_cpu_supports("bmi2") != 0;
  const bool avx3 =
      avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512cd") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0;
  if (ssse3) targets |= HWY_SSSE3;
  if (sse4) targets |= HWY_SSE4;
  if (avx2) targets |= HWY_AVX2;
  if (avx3) targets |= HWY_AVX3;
#endif
  return targets;
}

std::atomic<std::int64_t>& targets_in_use() {
  static std::atomic<std::int64_t> targets{machine_targets()};
  return targets;
}

}  // namespace

std::int64_t machine_targets() {
  static const std::int64_t targets = ask_machine();
  return targets;
}

void use_kernel_targets(std::int64_t targets) {
  targets_in_use().store(targets == 0 ? machine_targets() : targets & machine_targets(),
                         std::memory_order_relaxed);
}

std::int64_t kernel_targets() {
  return targets_in_use().load(std::memory_order_relaxed);
}

}  // namespace stave
