// An Arrow C stream read by the letter of its specification, as text.
#pragma once

#include <string>
#include <vector>

#include "stave/stave.h"

namespace stave::testing {

struct StreamText {
  std::string schema;             // "genre u, plays l"
  std::vector<std::string> rows;  // cells with a bar between them; null is "~"
  int status = 0;                 // of the last call
  std::string error;
};

// Reads a stream to its end or its error, and releases all that came out of it.
StreamText text_of(ArrowArrayStream& stream);
// One cell.
std::string cell_text(const ArrowSchema& schema, const ArrowArray& array, std::int64_t row);

}  // namespace stave::testing
