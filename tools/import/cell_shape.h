// What a cell looks like, for guesses about a file: never for its values.
#pragma once

#include <cstdint>
#include <string_view>

namespace stave::loading {

enum class CellShape : std::uint8_t { kEmpty, kNumber, kTime, kText };

// Numbers may have signs, groups, a fraction with point or comma, an exponent, a percent sign.
CellShape shape_of(std::string_view cell);

}  // namespace stave::loading
