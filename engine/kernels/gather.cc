// Look-ups by code on every instruction set: see gather.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/gather.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include "engine/kernels/gather.h"
#include "hwy/highway.h"
#include "storage/kernel_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void gather_u32(const std::uint32_t* table, const std::uint32_t* codes, std::size_t rows,
                std::uint32_t* out) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::RebindToSigned<decltype(d)> indices;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    const auto index = hn::BitCast(indices, hn::LoadU(d, codes + row));
    hn::StoreU(hn::GatherIndex(d, table, index), d, out + row);
  }
  scalar::gather(table, codes + row, rows - row, out + row);
}

template <typename T>
HWY_INLINE void gather_wide(const T* table, const std::uint32_t* codes, std::size_t rows, T* out) {
  const hn::ScalableTag<T> d;
  const hn::RebindToSigned<decltype(d)> indices;
  const hn::Rebind<std::uint32_t, decltype(d)> narrow;
  const hn::RebindToUnsigned<decltype(indices)> unsigned_indices;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    const auto wide = hn::PromoteTo(unsigned_indices, hn::LoadU(narrow, codes + row));
    hn::StoreU(hn::GatherIndex(d, table, hn::BitCast(indices, wide)), d, out + row);
  }
  scalar::gather(table, codes + row, rows - row, out + row);
}
void gather_i64(const std::int64_t* table, const std::uint32_t* codes, std::size_t rows,
                std::int64_t* out) {
  gather_wide(table, codes, rows, out);
}
void gather_f64(const double* table, const std::uint32_t* codes, std::size_t rows, double* out) {
  gather_wide(table, codes, rows, out);
}

// Words of the set are read as halves of 32 codes: the set's bytes are little-endian.
void in_set_u32(const std::uint64_t* set, const std::uint32_t* codes, std::size_t rows,
                std::uint64_t* bits) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::RebindToSigned<decltype(d)> indices;
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  const auto* halves = reinterpret_cast<const std::uint32_t*>(set);
  const auto one = hn::Set(d, 1U);
  const auto low = hn::Set(d, 31U);
  std::size_t row = 0;
  for (; row + 64 <= rows; row += 64) {
    std::uint64_t word = 0;
    for (std::size_t lane = 0; lane < 64; lane += kLanes) {
      const auto code = hn::LoadU(d, codes + row + lane);
      const auto half = hn::GatherIndex(d, halves, hn::BitCast(indices, hn::ShiftRight<5>(code)));
      const auto mask = hn::Shl(one, hn::And(code, low));
      std::uint8_t bytes[8] = {};
      hn::StoreMaskBits(d, hn::TestBit(half, mask), bytes);
      std::uint64_t part = 0;
      hwy::CopyBytes<8>(bytes, &part);
      word |= part << lane;
    }
    bits[row / 64] = word;
  }
  if (row < rows) scalar::in_set(set, codes + row, rows - row, bits + row / 64);
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {

STAVE_KERNEL(gather_u32);
STAVE_KERNEL(gather_i64);
STAVE_KERNEL(gather_f64);
STAVE_KERNEL(in_set_u32);

namespace {
// Gathers take signed 32-bit indices.
constexpr std::size_t kMostIndices = std::size_t{1} << 31;
}  // namespace

void gather(const std::uint32_t* table, std::size_t table_size, const std::uint32_t* codes,
            std::size_t rows, std::uint32_t* out) {
  if (table_size > kMostIndices) return scalar::gather(table, codes, rows, out);
  STAVE_RUN_KERNEL(gather_u32)(table, codes, rows, out);
}
void gather(const std::int64_t* table, std::size_t table_size, const std::uint32_t* codes,
            std::size_t rows, std::int64_t* out) {
  if (table_size > kMostIndices) return scalar::gather(table, codes, rows, out);
  STAVE_RUN_KERNEL(gather_i64)(table, codes, rows, out);
}
void gather(const double* table, std::size_t table_size, const std::uint32_t* codes,
            std::size_t rows, double* out) {
  if (table_size > kMostIndices) return scalar::gather(table, codes, rows, out);
  STAVE_RUN_KERNEL(gather_f64)(table, codes, rows, out);
}
void in_set(const std::uint64_t* set, const std::uint32_t* codes, std::size_t rows,
            std::uint64_t* bits) {
  STAVE_RUN_KERNEL(in_set_u32)(set, codes, rows, bits);
}

}  // namespace stave::kernels
#endif
