// Buckets on every instruction set: see bucket.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/bucket.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include "engine/kernels/bucket.h"
#include "hwy/highway.h"
#include "storage/kernel_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void floor_runs(const std::int64_t* values, std::size_t rows, std::int64_t width,
                std::int64_t offset, std::int64_t* out) {
  const hn::ScalableTag<std::int64_t> d;
  const hn::RebindToUnsigned<decltype(d)> distances;
  const std::size_t lanes = hn::Lanes(d);
  const auto unsigned_width = static_cast<std::uint64_t>(width);
  const auto widths = hn::Set(distances, unsigned_width);
  const auto distance = [](std::int64_t value, std::int64_t from) {
    return static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(from);
  };
  std::int64_t begin = 0;
  for (std::size_t row = 0; row < rows;) {
    const std::uint64_t since = distance(values[row], begin);
    if (row != 0 && since >= unsigned_width && since - unsigned_width < unsigned_width) {
      begin = static_cast<std::int64_t>(static_cast<std::uint64_t>(begin) + unsigned_width);
    } else {
      begin = scalar::floor_to_bucket(values[row], width, offset);
    }
    const auto begins = hn::Set(d, begin);
    out[row++] = begin;
    bool is_here = true;
    while (is_here && row + lanes <= rows) {
      // What is beyond the bucket is written again.
      hn::StoreU(begins, d, out + row);
      const auto far = hn::BitCast(distances, hn::Sub(hn::LoadU(d, values + row), begins));
      const std::intptr_t first = hn::FindFirstTrue(distances, hn::Not(hn::Lt(far, widths)));
      is_here = first < 0;
      row += is_here ? lanes : static_cast<std::size_t>(first);
    }
    for (; is_here && row < rows && distance(values[row], begin) < unsigned_width; ++row) {
      out[row] = begin;
    }
  }
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {

STAVE_KERNEL(floor_runs);

void floor_to_buckets(const std::int64_t* values, std::size_t rows, std::int64_t width,
                      std::int64_t offset, std::int64_t* out) {
  STAVE_RUN_KERNEL(floor_runs)(values, rows, width, offset, out);
}

}  // namespace stave::kernels
#endif
