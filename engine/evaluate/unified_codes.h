// Texts that are chosen among, as codes of one dictionary: so that grouping by a `case` of literals
// and coded columns is grouping by codes.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/evaluate/functions.h"

namespace stave {

// The nodes that give what `values` give, each with a code of the dictionary that all of them
// share; null literals stay as they are. Nothing where a value is neither a literal nor coded, or
// where the dictionary were large beside the rows.
std::optional<NodeList> unified_codes(const NodeList& values, std::uint64_t rows);

}  // namespace stave
