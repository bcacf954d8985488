// Numbers of a header whose alias or map converts them: multiplied, then divided, exactly.
#pragma once

#include <cstdint>

#include "stave/type.h"
#include "tools/import/parse_number.h"

namespace stave::loading {

struct Conversion {
  std::int64_t multiply = 1;
  std::int64_t divide = 1;
};

// What remains behind the point is cut off, as of milliseconds that become seconds.
ParseFault parse_converted(const char* begin, const char* end, Conversion conversion,
                           std::int64_t& value);

// A digit that would be lost is a fault, as without conversion.
ParseFault parse_converted_decimal(const char* begin, const char* end, Type type,
                                   Conversion conversion, Int128& value);
// For precision <= 18.
ParseFault parse_converted_decimal(const char* begin, const char* end, Type type,
                                   Conversion conversion, std::int64_t& value);

}  // namespace stave::loading
