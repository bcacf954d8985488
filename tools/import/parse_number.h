// Numbers and truth values from CSV text: exact, without locale, without copies.
// Invariant: `begin` must have kTextPadding readable bytes after `end` (structure.h).
#pragma once

#include <cstdint>

#include "storage/int128.h"

namespace stave::loading {

enum class ParseFault : std::uint8_t {
  kNone,
  kNotNumber,
  kOutOfRange,
  kTooManyFractionDigits,
  kTooManyDigits,
  kNotBool,
  kNotDate,
  kNotTimestamp,
  kNotUtf8,
};

// An integer that would be written with exactly these bytes: "7", not "07", "+7" or "-0". Such text
// may be the key of an integer domain.
bool parse_canonical_int64(const char* begin, const char* end, std::int64_t& value);

// An integer as people write it; a fraction of zeros ("3.0") is let pass.
ParseFault parse_int64(const char* begin, const char* end, std::int64_t& value);

// A decimal of at most `precision` digits scaled by 10^scale; an exponent is understood. Digits
// that would be lost are a fault, since money is exact.
ParseFault parse_decimal(const char* begin, const char* end, int precision, int scale,
                         Int128& value);
// For precision <= 18.
ParseFault parse_decimal64(const char* begin, const char* end, int precision, int scale,
                           std::int64_t& value);

// Finite numbers only.
ParseFault parse_float64(const char* begin, const char* end, double& value);

// true false t f yes no y n 1 0, in any case.
ParseFault parse_bool(const char* begin, const char* end, bool& value);

}  // namespace stave::loading
