// Which known name a misspelt one was probably meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stave/suggest.h"  // did_you_mean

namespace stave {

// Damerau-Levenshtein distance (optimal string alignment) of bytes, case ignored.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The closest of `candidates`, at most three, closest first, ties as given. A candidate
// `relation.column` is compared by its last part too, so `durration_ms` finds
// `track.duration_ms`.
std::vector<std::string> closest_names(std::string_view name,
                                       const std::vector<std::string>& candidates);

// "`a`, `b`, `c` and 12 more".
std::string list_names(const std::vector<std::string>& names, std::size_t limit = 12);

}  // namespace stave
