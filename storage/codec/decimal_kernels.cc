// Converting and dividing with Highway, eight at once where the machine has AVX-512.
#include "storage/codec/decimal_kernels.h"

#include "storage/kernel_dispatch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "storage/codec/decimal_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace stave {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void DivideIntegers(const std::int64_t* integers, std::size_t count, double divisor,
                    double* values) {
  const hn::ScalableTag<double> tag;
  const hn::RebindToSigned<decltype(tag)> integer_tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto by = hn::Set(tag, divisor);
  std::size_t at = 0;
  for (; at + lanes <= count; at += lanes) {
    const auto whole = hn::ConvertTo(tag, hn::LoadU(integer_tag, integers + at));
    hn::StoreU(hn::Div(whole, by), tag, values + at);
  }
  for (; at < count; ++at) values[at] = static_cast<double>(integers[at]) / divisor;
}

}  // namespace HWY_NAMESPACE
}  // namespace stave
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave {

STAVE_KERNEL(DivideIntegers);

void divide_integers(const std::int64_t* integers, std::size_t count, double divisor,
                     double* values) {
  STAVE_RUN_KERNEL(DivideIntegers)(integers, count, divisor, values);
}

void divide_integers_scalar(const std::int64_t* integers, std::size_t count, double divisor,
                            double* values) {
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<double>(integers[i]) / divisor;
}

}  // namespace stave
#endif  // HWY_ONCE
