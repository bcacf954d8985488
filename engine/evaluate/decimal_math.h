// Exact arithmetic of decimals: integers of up to 38 digits scaled by a power of ten.
// Invariant: nothing wraps; what does not fit is told by a false or an empty answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "storage/int128.h"

namespace stave {

enum class Rounding : std::uint8_t { kHalfUp, kHalfEven, kFloor, kCeil, kDown };

// kHalfUp is half away from zero; nothing for a name that is not a mode.
std::optional<Rounding> rounding_of(std::string_view name);

inline constexpr int kMostPower = 38;
// 10^power, 0 <= power <= 38.
Int128 power_of_ten(int power);
// Whether the value has at most `precision` digits.
bool within_precision(Int128 value, int precision);

// numerator / denominator rounded; denominator is not 0.
Int128 divide_rounded(Int128 numerator, Int128 denominator, Rounding rounding);
// value * 10^up / 10^down / divisor, rounded once, by whatever width it takes; nothing where the
// result has more than 38 digits. `divisor` is not 0.
std::optional<Int128> scaled_quotient(Int128 value, int up, int down, Int128 divisor,
                                      Rounding rounding);
// The value at another scale, rounded half away from zero; nothing where it has over 38 digits.
std::optional<Int128> rescaled(Int128 value, int from_scale, int to_scale,
                               Rounding rounding = Rounding::kHalfUp);

double decimal_to_double(Int128 value, int scale);
// The exact binary value, rounded half away from zero; nothing where it is not finite or too large.
std::optional<Int128> double_to_decimal(double value, int scale);
// x rounded at `digits` after the point, exactly for the binary value.
double round_double(double value, int digits, Rounding rounding);

}  // namespace stave
