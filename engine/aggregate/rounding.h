// The last step of exact sums and averages: an integer of any length, or a quotient of two, becomes
// a number of limited width. Invariant: one rounding, of the exact value (f64: half to even;
// decimals: half away from zero), so that the order of the rows can never show.
#pragma once

#include <cstdint>
#include <span>

#include "stave/result.h"
#include "storage/int128.h"

namespace stave {

// magnitude * 2^exponent as the nearest f64; `limbs` are base 2^32, lowest first. `inexact` says
// that the true magnitude is larger by less than one unit of bit 0. Infinite beyond the range.
double round_to_float64(std::span<const std::uint32_t> limbs, int exponent, bool negative,
                        bool inexact);

// magnitude * 2^exponent / divisor as the nearest f64; divisor > 0.
double divide_to_float64(std::span<const std::uint32_t> limbs, int exponent, bool negative,
                         std::uint64_t divisor);

// sum / count as the nearest f64; count > 0.
double average_to_float64(Int128 sum, std::uint64_t count);

// sum / count with `more_digits` further decimal digits, rounded half away from zero; kOverflow
// where that does not fit into 128 bits. count > 0, more_digits <= 18.
Result<Int128> average_to_decimal(Int128 sum, std::uint64_t count, int more_digits);

}  // namespace stave
