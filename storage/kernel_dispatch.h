// Which of the instruction sets that a kernel was compiled for runs here. Highway's own dispatch is
// in a shared library that measures the machine's clock while it is loaded, longer than many a
// query takes. To be used in the part of a kernel's source that HWY_ONCE guards.
// Invariant: a target is chosen only where the machine has all of it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave {

// Highway's HWY_... bits of the targets that this machine can run.
std::int64_t machine_targets();
// Kernels run on the best of these from now on; 0: of all that the machine has. For tests.
void use_kernel_targets(std::int64_t targets);
// The ones in use.
std::int64_t kernel_targets();

// The place of the best target of `targets` in a table that STAVE_KERNEL makes.
inline std::size_t kernel_place(std::uint64_t targets, unsigned lowest_bit, unsigned last) {
  const std::uint64_t shifted = (targets >> lowest_bit) | std::uint64_t{1} << last;
  return static_cast<std::size_t>(__builtin_ctzll(shifted));
}

}  // namespace stave

// A table of what `name` was compiled to for each target, and a call of the one for this machine.
#define STAVE_KERNEL(name)                    \
  static decltype(&HWY_STATIC_DISPATCH(name)) \
      const name##_table[] = {HWY_CHOOSE_TARGET_LIST(name), HWY_CHOOSE_FALLBACK(name)}
#define STAVE_RUN_KERNEL(name)                                                            \
  name##_table[::stave::kernel_place(                                                     \
      static_cast<std::uint64_t>(::stave::kernel_targets()) & std::uint64_t{HWY_TARGETS}, \
      HWY_HIGHEST_TARGET_BIT + 1 - HWY_MAX_DYNAMIC_TARGETS, HWY_MAX_DYNAMIC_TARGETS)]
