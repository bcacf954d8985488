// Which instruction set the kernels run on here: see include/stave/version.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/target.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include "hwy/highway.h"
#include "stave/version.h"
#include "storage/kernel_dispatch.h"
#include "storage/manifest.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {

const char* target_name() {
  return hwy::TargetName(HWY_TARGET);
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {
STAVE_KERNEL(target_name);
static const char* chosen_target() {
  return STAVE_RUN_KERNEL(target_name)();
}
}  // namespace stave::kernels

namespace stave {

std::string simd_target() {
  return kernels::chosen_target();
}
std::string version() {
  return STAVE_VERSION;
}
int format_version() {
  return kFormatVersion;
}

}  // namespace stave
#endif
