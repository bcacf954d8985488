// Exact f64 sums; see the header.
#include "engine/aggregate/exact_sum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/rounding.h"

namespace stave {
namespace {

constexpr int kLimbBits = 32;
constexpr int kLowestExponent = -1074;
// Exponents of windows whose sums and quotients are normal numbers.
constexpr int kLowestPlain = -900;
constexpr int kHighestPlain = 850;
// Rows that become units of the shared window at once.
constexpr std::size_t kStep = 256;
// Of fewer groups sums are kept twice.
constexpr std::size_t kFewGroups = 1024;

struct Parts {
  std::int64_t mantissa;  // signed
  int exponent;
};

Parts parts_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const int biased = static_cast<int>((bits >> 52) & 0x7ff);
  auto mantissa = static_cast<std::int64_t>(bits & ((std::uint64_t{1} << 52) - 1));
  if (biased != 0) mantissa |= std::int64_t{1} << 52;
  const int exponent = std::max(biased, 1) - 1075;
  return {(bits >> 63) != 0 ? -mantissa : mantissa, exponent};
}

}  // namespace

void Superaccumulator::add(Int128 value, int exponent) {
  const bool negative = value < 0;
  UInt128 magnitude =
      negative ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
  const int position = exponent - kLowestExponent;
  auto limb = static_cast<std::size_t>(position / kLimbBits);
  const int shift = position % kLimbBits;
  auto digit = static_cast<std::int64_t>(static_cast<std::uint32_t>(magnitude << shift));
  limbs_[limb++] += negative ? -digit : digit;
  for (magnitude >>= kLimbBits - shift; magnitude != 0; magnitude >>= kLimbBits) {
    digit = static_cast<std::int64_t>(static_cast<std::uint32_t>(magnitude));
    limbs_[limb++] += negative ? -digit : digit;
  }
  if (++pending_ == kMostPending) settle_carries();
}

void Superaccumulator::add(const Superaccumulator& other) {
  Superaccumulator settled = other;
  settled.settle_carries();
  settle_carries();
  for (std::size_t i = 0; i < kLimbs; ++i) limbs_[i] += settled.limbs_[i];
  pending_ += 1;
  plus_infinity_ |= other.plus_infinity_;
  minus_infinity_ |= other.minus_infinity_;
  not_a_number_ |= other.not_a_number_;
}

void Superaccumulator::add_special(double value) {
  if (std::isnan(value)) {
    not_a_number_ = true;
  } else if (value > 0) {
    plus_infinity_ = true;
  } else {
    minus_infinity_ = true;
  }
}

// Afterwards all limbs but the last are in 0..2^32 - 1; the last one carries the sign.
void Superaccumulator::settle_carries() {
  std::int64_t carry = 0;
  for (std::size_t i = 0; i + 1 < kLimbs; ++i) {
    const std::int64_t digit = limbs_[i] + carry;
    carry = digit >> kLimbBits;
    limbs_[i] = digit & 0xffffffff;
  }
  limbs_[kLimbs - 1] += carry;
  pending_ = 0;
}

double Superaccumulator::divided_by(std::uint64_t divisor) const {
  if (not_a_number_ || (plus_infinity_ && minus_infinity_)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (plus_infinity_) return std::numeric_limits<double>::infinity();
  if (minus_infinity_) return -std::numeric_limits<double>::infinity();
  Superaccumulator settled = *this;
  settled.settle_carries();
  const bool negative = settled.limbs_[kLimbs - 1] < 0;
  if (negative) {
    for (auto& limb : settled.limbs_) limb = -limb;
    settled.settle_carries();
  }
  std::array<std::uint32_t, kLimbs> digits{};
  std::transform(settled.limbs_.begin(), settled.limbs_.end(), digits.begin(),
                 [](std::int64_t limb) { return static_cast<std::uint32_t>(limb); });
  return divisor == 1 ? round_to_float64(digits, kLowestExponent, negative, false)
                      : divide_to_float64(digits, kLowestExponent, negative, divisor);
}

std::size_t ExactSums::memory_bytes() const {
  return units_.capacity() * sizeof(Int128) + windows_.capacity() * sizeof(Window) +
         wide_.size() * sizeof(Superaccumulator);
}

Superaccumulator& ExactSums::wide_of(Window& window) {
  if (window.wide == 0) {
    wide_.emplace_back();
    window.wide = static_cast<std::uint32_t>(wide_.size());
  }
  return wide_[window.wide - 1];
}

void ExactSums::add_beyond(Window& window, double value) {
  if (!std::isfinite(value)) return wide_of(window).add_special(value);
  const Parts parts = parts_of(value);
  if (parts.mantissa == 0) return;
  if (window.exponent == kUnplaced) {
    window.exponent = std::max(parts.exponent - kRoomBelow, kLowestExponent);
  }
  const int shift = parts.exponent - window.exponent;
  if (shift < 0 || shift > kMostShift) return wide_of(window).add(parts.mantissa, parts.exponent);
  add_units(window, static_cast<Int128>(parts.mantissa) * (Int128{1} << shift));
}

void ExactSums::Adder::add_parts(std::span<UInt128> parts) {
  const std::size_t groups = parts.size() / 2;
  for (std::size_t group = 0; group < groups; ++group) {
    const auto part = static_cast<Int128>(parts[group] + parts[groups + group]);
    if (part == 0) continue;
    Int128 sum = 0;
    if (sums_.is_shared_ && !__builtin_add_overflow(sums_.units_[group], part, &sum)) {
      sums_.units_[group] = sum;
      continue;
    }
    if (sums_.is_shared_) sums_.part_windows();
    Window& window = sums_.windows_[group];
    window.exponent = sums_.exponent_;
    sums_.add_units(window, part);
  }
  std::ranges::fill(parts, UInt128{0});
  look_up();
}

// Calls `take(groups, units, values)` for stretches of values that become units of the shared
// window, where `units(i)` is the value's, and `others(groups, values)` for the rest.
template <typename Take, typename Others>
void ExactSums::Adder::for_units(const std::uint32_t* groups, std::span<const double> values,
                                 const Take& take, const Others& others) {
  std::array<std::uint64_t, kStep> low;
  std::array<std::int64_t, kStep> high;
  const auto units = [&](std::size_t i) { return kernels::scalar::joined(low[i], high[i]); };
  for (std::size_t first = 0; first < values.size(); first += kStep) {
    const std::span step = values.subspan(first, std::min(kStep, values.size() - first));
    if (base_ != kNowhere &&
        kernels::fixed_point(step.data(), step.size(), base_, low.data(), high.data())) {
      take(groups + first, units, step);
    } else {
      others(groups + first, step);
    }
  }
}

void ExactSums::Adder::add_rows_apart(const std::uint32_t* groups, std::span<const double> values) {
  std::vector<UInt128> parts(2 * sums_.units_.size());
  UInt128* const even = parts.data();
  UInt128* const odd = even + sums_.units_.size();
  for_units(
      groups, values,
      [&](const std::uint32_t* to, const auto& units, std::span<const double> step) {
        std::size_t i = 0;
        for (; i + 1 < step.size(); i += 2) {
          even[to[i]] += static_cast<UInt128>(units(i));
          odd[to[i + 1]] += static_cast<UInt128>(units(i + 1));
        }
        if (i < step.size()) even[to[i]] += static_cast<UInt128>(units(i));
      },
      [&](const std::uint32_t* to, std::span<const double> step) {
        if (base_ != kNowhere) add_parts(parts);
        for (std::size_t i = 0; i < step.size(); ++i) add(to[i], step[i]);
      });
  if (base_ != kNowhere) add_parts(parts);
}

void ExactSums::Adder::add_rows(const std::uint32_t* groups, std::span<const double> values) {
  if (sums_.units_.size() <= kFewGroups && values.size() >= sums_.units_.size()) {
    for (; !values.empty(); values = values.subspan(std::min(kMostAtOnce, values.size()))) {
      const std::span part = values.first(std::min(kMostAtOnce, values.size()));
      add_rows_apart(groups, part);
      groups += part.size();
    }
    return;
  }
  constexpr std::size_t kNearUnits = std::size_t{1} << 15;
  const auto add_from = [&](const std::uint32_t* to, std::span<const double> step, std::size_t i) {
    for (; i < step.size(); ++i) add(to[i], step[i]);
  };
  for_units(
      groups, values,
      [&](const std::uint32_t* to, const auto& units, std::span<const double> step) {
        // What is far is asked for before any of it is waited for.
        if (sums_.units_.size() > kNearUnits) {
          for (std::size_t i = 0; i < step.size(); ++i) __builtin_prefetch(&units_[to[i]], 1);
        }
        for (std::size_t i = 0; i < step.size(); ++i) {
          Int128 sum = 0;
          if (__builtin_add_overflow(units_[to[i]], units(i), &sum)) [[unlikely]] {
            return add_from(to, step, i);
          }
          units_[to[i]] = sum;
        }
      },
      [&](const std::uint32_t* to, std::span<const double> step) { add_from(to, step, 0); });
}

void ExactSums::Adder::add_all(std::size_t group, std::span<const double> values) {
  for (std::size_t first = 0; first < values.size(); first += kMostAtOnce) {
    const std::span part = values.subspan(first, std::min(kMostAtOnce, values.size() - first));
    Int128 sum = 0;
    if (base_ == kNowhere || !kernels::fixed_point_sum(part.data(), part.size(), base_, &sum) ||
        __builtin_add_overflow(units_[group], sum, &sum)) {
      for (const double value : part) add(group, value);
    } else {
      units_[group] = sum;
    }
  }
}

void ExactSums::add_beyond_shared(std::size_t group, double value) {
  const bool is_first = exponent_ == kUnplaced && std::isfinite(value);
  if (value == 0) return;
  if (!is_first) {
    part_windows();
    return add_to_window(group, value);
  }
  const Parts parts = parts_of(value);
  exponent_ = std::max(parts.exponent - kRoomBelow, kLowestExponent);
  units_[group] = static_cast<Int128>(parts.mantissa) * (Int128{1} << (parts.exponent - exponent_));
}

void ExactSums::part_windows() {
  windows_.resize(units_.size());
  for (std::size_t group = 0; group < units_.size(); ++group) {
    if (units_[group] != 0) windows_[group] = {units_[group], exponent_, 0};
  }
  units_ = {};
  is_shared_ = false;
}

bool ExactSums::lower_shared(std::int32_t exponent) {
  const int shift = exponent_ - exponent;
  if (shift > kMostShift) return false;
  const Int128 limit = Int128{1} << (126 - shift);
  const auto fits = [&](Int128 units) { return units < limit && units > -limit; };
  if (!std::all_of(units_.begin(), units_.end(), fits)) return false;
  for (Int128& units : units_) units *= Int128{1} << shift;
  exponent_ = exponent;
  return true;
}

void ExactSums::add(std::size_t group, const ExactSums& other, std::size_t other_group) {
  if (is_shared_ && other.is_shared_) {
    const Int128 units = other.units_[other_group];
    if (units == 0) return;
    if (exponent_ == kUnplaced) exponent_ = other.exponent_;
    const bool reaches = other.exponent_ >= exponent_ || lower_shared(other.exponent_);
    const int shift = other.exponent_ - exponent_;
    Int128 moved = 0;
    if (reaches && shift <= kMostShift &&
        !__builtin_mul_overflow(units, Int128{1} << shift, &moved) &&
        !__builtin_add_overflow(units_[group], moved, &moved)) {
      units_[group] = moved;
      return;
    }
  }
  if (is_shared_) part_windows();
  Window& window = windows_[group];
  const Window from = other.window_of(other_group);
  if (from.wide != 0) wide_of(window).add(other.wide_[from.wide - 1]);
  if (from.exponent == kUnplaced) return;
  if (window.exponent == kUnplaced) {
    window.exponent = from.exponent;
    window.units = from.units;
    return;
  }
  Int128 sum = 0;
  if (window.exponent != from.exponent || __builtin_add_overflow(window.units, from.units, &sum)) {
    wide_of(window).add(from.units, from.exponent);
    return;
  }
  window.units = sum;
}

void ExactSums::retain(std::uint32_t first, std::span<const std::uint32_t> kept) {
  is_shared_ ? retain_states(units_, first, kept) : retain_states(windows_, first, kept);
}

Result<double> ExactSums::divided_by(std::size_t group, std::uint64_t divisor) const {
  const Window window = window_of(group);
  if (window.wide == 0 && window.exponent > kLowestPlain && window.exponent < kHighestPlain) {
    const double units = divisor == 1 ? static_cast<double>(window.units)
                                      : average_to_float64(window.units, divisor);
    return std::ldexp(units, window.exponent);
  }
  Superaccumulator total;
  if (window.wide != 0) total = wide_[window.wide - 1];
  if (window.exponent != kUnplaced) total.add(window.units, window.exponent);
  const double result = total.divided_by(divisor);
  if (std::isinf(result) && !total.is_special()) {
    return fail(ErrorCode::kOverflow,
                "A sum of f64 values is beyond 1.8e308. Scale the values down before adding them.");
  }
  return result;
}

}  // namespace stave
