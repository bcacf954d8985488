// Asks the processor: see kernel_dispatch.h.
#include "storage/kernel_dispatch.h"

#include <hwy/highway.h>

#include <atomic>

// Its functions return a `_Bool`, which Clang does not know in strict C++.
#if defined(__GLIBC__) && __has_include(<sys/platform/x86.h>)
#define _Bool bool  // NOLINT(bugprone-reserved-identifier)
#include <sys/platform/x86.h>
#undef _Bool
#endif

namespace stave {
namespace {

// Under a hypervisor each question to the processor itself takes microseconds, and glibc has asked.
#if defined(__GLIBC__) && __has_include(<sys/platform/x86.h>)
#define STAVE_HAS(glibc_name, compiler_name) CPU_FEATURE_ACTIVE(glibc_name)
#else
#define STAVE_HAS(glibc_name, compiler_name) (__builtin_cpu_supports(compiler_name) != 0)
#endif

std::int64_t ask_machine() {
  std::int64_t targets = HWY_STATIC_TARGET;
#if HWY_ARCH_X86
  const bool ssse3 = STAVE_HAS(SSSE3, "ssse3");
  const bool sse4 = ssse3 && STAVE_HAS(SSE4_1, "sse4.1") && STAVE_HAS(SSE4_2, "sse4.2") &&
                    STAVE_HAS(AES, "aes") && STAVE_HAS(PCLMULQDQ, "pclmul");
  // Machines with these have F16C and LZCNT too.
  const bool avx2 = sse4 && STAVE_HAS(AVX2, "avx2") && STAVE_HAS(FMA, "fma") &&
                    STAVE_HAS(BMI1, "bmi") && STAVE_HAS(BMI2, "bmi2");
  const bool avx3 = avx2 && STAVE_HAS(AVX512F, "avx512f") && STAVE_HAS(AVX512BW, "avx512bw") &&
                    STAVE_HAS(AVX512DQ, "avx512dq") && STAVE_HAS(AVX512CD, "avx512cd") &&
                    STAVE_HAS(AVX512VL, "avx512vl");
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
