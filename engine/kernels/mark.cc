// The loops of mark.h compiled for every instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/mark.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include "engine/kernels/mark.h"
#include "hwy/highway.h"
#include "storage/kernel_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {

std::size_t mark_codes(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows) {
  return scalar::mark_codes(bits, codes, rows);
}
std::size_t mark_and_list(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows,
                          std::uint32_t* fresh) {
  return scalar::mark_and_list(bits, codes, rows, fresh);
}
std::size_t mark_by_group(std::uint64_t* bits, const std::uint32_t* codes,
                          const std::uint32_t* groups, std::size_t rows, std::uint32_t* fresh,
                          std::int64_t* counts) {
  return scalar::mark_by_group(bits, codes, groups, rows, fresh, counts);
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {

STAVE_KERNEL(mark_codes);
STAVE_KERNEL(mark_and_list);
STAVE_KERNEL(mark_by_group);

std::size_t mark_codes(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows) {
  return STAVE_RUN_KERNEL(mark_codes)(bits, codes, rows);
}
std::size_t mark_and_list(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows,
                          std::uint32_t* fresh) {
  return STAVE_RUN_KERNEL(mark_and_list)(bits, codes, rows, fresh);
}
std::size_t mark_by_group(std::uint64_t* bits, const std::uint32_t* codes,
                          const std::uint32_t* groups, std::size_t rows, std::uint32_t* fresh,
                          std::int64_t* counts) {
  return STAVE_RUN_KERNEL(mark_by_group)(bits, codes, groups, rows, fresh, counts);
}

}  // namespace stave::kernels
#endif
