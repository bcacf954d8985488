// Compress by selection on every instruction set: see compress.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/compress.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include "engine/kernels/compress.h"
#include "hwy/highway.h"
#include "storage/kernel_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename T>
HWY_INLINE std::size_t compress_loop(const T* values, const std::uint64_t* bits, std::size_t rows,
                                     T* out) {
  const hn::ScalableTag<T> d;
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  std::size_t kept = 0;
  std::size_t row = 0;
  for (; row + 64 <= rows; row += 64) {
    const std::uint64_t word = bits[row / 64];
    if (word == 0) continue;
    for (std::size_t lane = 0; lane < 64; lane += kLanes) {
      const std::uint64_t part = word >> lane;
      std::uint8_t bytes[8];
      hwy::CopyBytes<8>(&part, bytes);
      const auto mask = hn::LoadMaskBits(d, bytes);
      kept += hn::CompressStore(hn::LoadU(d, values + row + lane), mask, d, out + kept);
    }
  }
  return kept + scalar::compress(values + row, bits + row / 64, rows - row, out + kept);
}

std::size_t keep_others(const std::uint32_t* codes, std::size_t rows, std::uint32_t code,
                        std::uint32_t* out) {
  const hn::ScalableTag<std::uint32_t> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto left_out = hn::Set(d, code);
  std::size_t kept = 0;
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    const auto values = hn::LoadU(d, codes + row);
    kept += hn::CompressStore(values, hn::Ne(values, left_out), d, out + kept);
  }
  return kept + scalar::keep_others(codes + row, rows - row, code, out + kept);
}

std::size_t compress_u32(const std::uint32_t* values, const std::uint64_t* bits, std::size_t rows,
                         std::uint32_t* out) {
  return compress_loop(values, bits, rows, out);
}
std::size_t compress_i64(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows,
                         std::int64_t* out) {
  return compress_loop(values, bits, rows, out);
}
std::size_t compress_f64(const double* values, const std::uint64_t* bits, std::size_t rows,
                         double* out) {
  return compress_loop(values, bits, rows, out);
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {

STAVE_KERNEL(keep_others);
STAVE_KERNEL(compress_u32);
STAVE_KERNEL(compress_i64);
STAVE_KERNEL(compress_f64);

std::size_t compress(const std::uint32_t* values, const std::uint64_t* bits, std::size_t rows,
                     std::uint32_t* out) {
  return STAVE_RUN_KERNEL(compress_u32)(values, bits, rows, out);
}
std::size_t compress(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows,
                     std::int64_t* out) {
  return STAVE_RUN_KERNEL(compress_i64)(values, bits, rows, out);
}
std::size_t compress(const double* values, const std::uint64_t* bits, std::size_t rows,
                     double* out) {
  return STAVE_RUN_KERNEL(compress_f64)(values, bits, rows, out);
}

std::size_t keep_others(const std::uint32_t* codes, std::size_t rows, std::uint32_t code,
                        std::uint32_t* out) {
  return STAVE_RUN_KERNEL(keep_others)(codes, rows, code, out);
}

}  // namespace stave::kernels
#endif
