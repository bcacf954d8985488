// The mantissas of several values are shifted at once: see fixed_point.h.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/fixed_point.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include "engine/kernels/fixed_point.h"
#include "hwy/highway.h"
#include "storage/kernel_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<std::uint64_t>;
using Lanes = hn::Vec<Tag>;

// Shifts beyond the most one are gathered in `worst`.
HWY_INLINE void shift_lanes(const double* values, Lanes base, Lanes& low, Lanes& high,
                            Lanes& worst) {
  const Tag d;
  const hn::RebindToSigned<Tag> integers;
  const auto bits = hn::BitCast(d, hn::LoadU(hn::ScalableTag<double>(), values));
  const auto one = hn::Set(d, std::uint64_t{1});
  const auto leading = hn::Set(d, std::uint64_t{1} << 52);
  const auto exponent = hn::And(hn::ShiftRight<52>(bits), hn::Set(d, std::uint64_t{0x7ff}));
  const auto is_zero = hn::Eq(hn::Add(bits, bits), hn::Zero(d));
  const auto shift = hn::IfThenZeroElse(is_zero, hn::Sub(exponent, base));
  worst = hn::Max(worst, shift);
  const auto negative = hn::BitCast(d, hn::BroadcastSignBit(hn::BitCast(integers, bits)));
  const auto sign = hn::IfThenZeroElse(is_zero, negative);
  const auto mantissa =
      hn::IfThenZeroElse(is_zero, hn::Or(hn::And(bits, hn::Sub(leading, one)), leading));
  // Of a negative value every bit is turned, and the lowest one counts on.
  const auto turned = hn::Sub(mantissa, hn::And(sign, one));
  const auto near = hn::And(shift, hn::Set(d, std::uint64_t{63}));
  low = hn::Shl(hn::Sub(hn::Xor(mantissa, sign), sign), near);
  high = hn::Xor(hn::Shr(hn::ShiftRight<1>(turned), hn::Sub(hn::Set(d, std::uint64_t{63}), near)),
                 sign);
}

bool fixed_point(const double* values, std::size_t rows, std::uint32_t base, std::uint64_t* low,
                 std::int64_t* high) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  const auto bases = hn::Set(d, std::uint64_t{base});
  auto worst = hn::Zero(d);
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    auto lows = hn::Zero(d);
    auto highs = hn::Zero(d);
    shift_lanes(values + row, bases, lows, highs, worst);
    hn::StoreU(lows, d, low + row);
    hn::StoreU(highs, d, reinterpret_cast<std::uint64_t*>(high) + row);
  }
  bool is_within = hn::GetLane(hn::MaxOfLanes(d, worst)) <= kMostShift;
  for (; row < rows; ++row) {
    const scalar::FixedPoint value = scalar::fixed_point(values[row], base);
    low[row] = value.low;
    high[row] = value.high;
    is_within &= value.is_within;
  }
  return is_within;
}

// Halves of low halves are added apart, so that there are no carries.
bool fixed_point_sum(const double* values, std::size_t rows, std::uint32_t base, Int128* sum) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  const auto bases = hn::Set(d, std::uint64_t{base});
  const auto low_half = hn::Set(d, std::uint64_t{0xffffffff});
  auto worst = hn::Zero(d);
  auto lowest = hn::Zero(d);
  auto middle = hn::Zero(d);
  auto highest = hn::Zero(d);
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    auto low = hn::Zero(d);
    auto high = hn::Zero(d);
    shift_lanes(values + row, bases, low, high, worst);
    lowest = hn::Add(lowest, hn::And(low, low_half));
    middle = hn::Add(middle, hn::ShiftRight<32>(low));
    highest = hn::Add(highest, high);
  }
  const auto total_of = [&](auto part) { return hn::GetLane(hn::SumOfLanes(d, part)); };
  const auto high = static_cast<std::int64_t>(total_of(highest));
  UInt128 total = static_cast<UInt128>(static_cast<Int128>(high)) << 64;
  total += (static_cast<UInt128>(total_of(middle)) << 32) + total_of(lowest);
  bool is_within = hn::GetLane(hn::MaxOfLanes(d, worst)) <= kMostShift;
  for (; row < rows; ++row) {
    const scalar::FixedPoint value = scalar::fixed_point(values[row], base);
    total += static_cast<UInt128>(scalar::joined(value.low, value.high));
    is_within &= value.is_within;
  }
  *sum = static_cast<Int128>(total);
  return is_within;
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {

STAVE_KERNEL(fixed_point);
STAVE_KERNEL(fixed_point_sum);

bool fixed_point(const double* values, std::size_t rows, std::uint32_t base, std::uint64_t* low,
                 std::int64_t* high) {
  return STAVE_RUN_KERNEL(fixed_point)(values, rows, base, low, high);
}
bool fixed_point_sum(const double* values, std::size_t rows, std::uint32_t base, Int128* sum) {
  return STAVE_RUN_KERNEL(fixed_point_sum)(values, rows, base, sum);
}

}  // namespace stave::kernels
#endif
