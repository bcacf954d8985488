// Logical types: what a value means to a user. How it is held in memory or on disk is private.
#pragma once

#include <cstdint>
#include <string>

namespace stave {

// Widths are written to disk; numbers are never reused.
enum class TypeKind : std::uint8_t {
  kNull = 0,  // the type of `null`, and of a key column no value of which is known yet
  kBool = 1,
  kInt64 = 2,
  kDecimal = 3,  // 128-bit integer scaled by 10^-scale; precision <= 38
  kFloat64 = 4,
  kString = 5,     // UTF-8, ordered by bytes
  kDate = 6,       // days since 1970-01-01
  kTimestamp = 7,  // microseconds since 1970-01-01T00:00:00Z
  kList = 8,       // of strings; results only, never stored
};

struct Type {
  TypeKind kind = TypeKind::kNull;
  std::uint8_t precision = 0;  // decimals only
  std::uint8_t scale = 0;      // decimals only

  friend bool operator==(const Type&, const Type&) = default;
};

inline constexpr Type kNullType{TypeKind::kNull};
inline constexpr Type kBoolType{TypeKind::kBool};
inline constexpr Type kInt64Type{TypeKind::kInt64};
inline constexpr Type kFloat64Type{TypeKind::kFloat64};
inline constexpr Type kStringType{TypeKind::kString};
inline constexpr Type kDateType{TypeKind::kDate};
inline constexpr Type kTimestampType{TypeKind::kTimestamp};
inline constexpr Type kListType{TypeKind::kList};
inline constexpr Type decimal_type(std::uint8_t precision, std::uint8_t scale) {
  return Type{TypeKind::kDecimal, precision, scale};
}

inline constexpr std::uint8_t kMaxDecimalPrecision = 38;

// As the language writes it: "i64", "decimal(18,2)", "string".
std::string to_string(Type type);

}  // namespace stave
