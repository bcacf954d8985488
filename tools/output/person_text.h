// Cells as people read them in tables: rounded, on one line, harmless to a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "stave/query.h"

namespace stave {

// Four decimals, or four significant digits where that is more; no trailing zeros.
std::string rounded_text(double value);

// A cell of a table; null is the word `null`. Line breaks and other control characters are shown as
// escapes, so that no value can move the cursor.
std::string person_text(const ResultBatch& batch, std::uint32_t row, std::size_t column, Type type);

// Whether the column is aligned right.
bool is_number(Type type);

// 1234567 as "1,234,567".
std::string grouped_digits(std::uint64_t number);

}  // namespace stave
