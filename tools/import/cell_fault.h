// What a cell that does not fit its column is reported as: a code for machines, a sentence for
// people.
#pragma once

#include <string>
#include <string_view>

#include "storage/schema.h"
#include "tools/import/parse_number.h"
#include "tools/import/row_frame.h"

namespace stave::loading {

const char* code_of(ParseFault fault);
std::string reason_of(ParseFault fault, const ColumnSchema& column, std::string_view cell);

const char* code_of(const BadRow& row);
// `stray`: what the import does with quotes out of place.
std::string reason_of(const BadRow& row, std::size_t expected_fields, StrayQuotes stray);

// A cell as a message shows it: quoted, cut where it is long, control bytes escaped.
std::string shown_cell(std::string_view cell);

}  // namespace stave::loading
