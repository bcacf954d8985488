// Runs of values to one on every instruction set: see reduce.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/reduce.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include "engine/kernels/reduce.h"
#include "hwy/highway.h"
#include "storage/kernel_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename D>
HWY_INLINE auto mask_at(D d, const std::uint64_t* bits, std::size_t row) {
  std::uint64_t part = bits[row / 64] >> (row % 64);
  std::uint8_t bytes[8];
  hwy::CopyBytes<8>(&part, bytes);
  return hn::LoadMaskBits(d, bytes);
}

// Low and high halves are added apart, so that no lane overflows within 2^31 rows.
void sum_i64(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows,
             Int128* total) {
  const hn::ScalableTag<std::int64_t> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto low_half = hn::Set(d, std::int64_t{0xffffffff});
  auto low = hn::Zero(d);
  auto high = hn::Zero(d);
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    auto value = hn::LoadU(d, values + row);
    if (bits != nullptr) value = hn::IfThenElseZero(mask_at(d, bits, row), value);
    low = hn::Add(low, hn::And(value, low_half));
    high = hn::Add(high, hn::ShiftRight<32>(value));
  }
  const std::int64_t lows = hn::GetLane(hn::SumOfLanes(d, low));
  const std::int64_t highs = hn::GetLane(hn::SumOfLanes(d, high));
  Int128 result = static_cast<Int128>(highs) * (Int128{1} << 32) + lows;
  for (; row < rows; ++row) {
    if (scalar::selected(bits, row)) result += values[row];
  }
  *total = result;
}

void range_i64(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows,
               Range64* range) {
  const hn::ScalableTag<std::int64_t> d;
  const std::size_t lanes = hn::Lanes(d);
  auto lowest = hn::Set(d, INT64_MAX);
  auto highest = hn::Set(d, INT64_MIN);
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    const auto value = hn::LoadU(d, values + row);
    if (bits != nullptr) {
      const auto mask = mask_at(d, bits, row);
      lowest = hn::IfThenElse(mask, hn::Min(lowest, value), lowest);
      highest = hn::IfThenElse(mask, hn::Max(highest, value), highest);
    } else {
      lowest = hn::Min(lowest, value);
      highest = hn::Max(highest, value);
    }
  }
  range->min = hn::GetLane(hn::MinOfLanes(d, lowest));
  range->max = hn::GetLane(hn::MaxOfLanes(d, highest));
  for (; row < rows; ++row) {
    if (!scalar::selected(bits, row)) continue;
    if (values[row] < range->min) range->min = values[row];
    if (values[row] > range->max) range->max = values[row];
  }
}

std::uint32_t max_u32(const std::uint32_t* codes, std::size_t rows) {
  const hn::ScalableTag<std::uint32_t> d;
  const std::size_t lanes = hn::Lanes(d);
  auto highest = hn::Zero(d);
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    highest = hn::Max(highest, hn::LoadU(d, codes + row));
  }
  std::uint32_t result = hn::GetLane(hn::MaxOfLanes(d, highest));
  for (; row < rows; ++row) result = codes[row] > result ? codes[row] : result;
  return result;
}

void hash_u64(const std::uint64_t* keys, std::size_t rows, std::uint64_t* hashes) {
  const hn::ScalableTag<std::uint64_t> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto factor = hn::Set(d, std::uint64_t{0xd6e8feb86659fd93ULL});
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    auto key = hn::LoadU(d, keys + row);
    key = hn::Mul(hn::Xor(key, hn::ShiftRight<32>(key)), factor);
    key = hn::Mul(hn::Xor(key, hn::ShiftRight<32>(key)), factor);
    hn::StoreU(hn::Xor(key, hn::ShiftRight<32>(key)), d, hashes + row);
  }
  scalar::hash(keys + row, rows - row, hashes + row);
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {

STAVE_KERNEL(sum_i64);
STAVE_KERNEL(range_i64);
STAVE_KERNEL(max_u32);
STAVE_KERNEL(hash_u64);

Int128 sum(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows) {
  Int128 total = 0;
  STAVE_RUN_KERNEL(sum_i64)(values, bits, rows, &total);
  return total;
}
Range64 range_of(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows) {
  Range64 range;
  STAVE_RUN_KERNEL(range_i64)(values, bits, rows, &range);
  return range;
}
std::uint32_t max_code(const std::uint32_t* codes, std::size_t rows) {
  return STAVE_RUN_KERNEL(max_u32)(codes, rows);
}
void hash(const std::uint64_t* keys, std::size_t rows, std::uint64_t* hashes) {
  STAVE_RUN_KERNEL(hash_u64)(keys, rows, hashes);
}
// Counting is bound by stores to one counter in a row, not by lanes: four codes are read at once
// and equal neighbours, common in clustered data, are added as one.
void histogram(const std::uint32_t* codes, std::size_t rows, std::uint32_t* counts) {
  std::size_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    const std::uint32_t first = codes[row];
    if (first == codes[row + 1] && first == codes[row + 2] && first == codes[row + 3]) {
      counts[first] += 4;
      continue;
    }
    ++counts[first];
    ++counts[codes[row + 1]];
    ++counts[codes[row + 2]];
    ++counts[codes[row + 3]];
  }
  scalar::histogram(codes + row, rows - row, counts);
}

}  // namespace stave::kernels
#endif
