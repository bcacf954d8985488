// One value of any type, for literals, parameters, zone maps and defaults: never for bulk data.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "stave/type.h"
#include "storage/int128.h"

namespace stave {

// bool: bool. i64, date (days), timestamp (microseconds): int64_t. decimal: Int128 scaled by the
// type's scale. f64: double. string: std::string. null: monostate, whatever the type.
struct Value {
  Type type;
  std::variant<std::monostate, bool, std::int64_t, Int128, double, std::string> data;

  bool is_null() const { return std::holds_alternative<std::monostate>(data); }
};

}  // namespace stave
