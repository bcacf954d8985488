// How a column's values are held: in a column file, and in memory once decoded.
#pragma once

#include <cstdint>

#include "stave/type.h"

namespace stave {

// Written to disk; numbers are never reused.
enum class Physical : std::uint8_t {
  kCode = 1,    // u32 codes of a key domain, 0 = null: no validity bitmap
  kInt64 = 2,   // i64, date, timestamp, bool (0/1), decimal with precision <= 18
  kInt128 = 3,  // decimal with precision > 18
  kFloat64 = 4,
  kString = 5,  // plain UTF-8
};

// The physical kind of a column that has no key domain.
constexpr Physical physical_of(Type type) {
  switch (type.kind) {
    case TypeKind::kDecimal:
      return type.precision <= 18 ? Physical::kInt64 : Physical::kInt128;
    case TypeKind::kFloat64:
      return Physical::kFloat64;
    case TypeKind::kString:
    case TypeKind::kList:
      return Physical::kString;
    default:
      return Physical::kInt64;
  }
}

}  // namespace stave
