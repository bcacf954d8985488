// Names of folders for values of any text. Invariant: a slug has only a-z, 0-9, `_` and `-`, is
// never empty, and no two values of a dictionary share one; which slug a value gets depends on the
// dictionary's values alone, not their order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/dictionary.h"

namespace stave {

// Of null.
inline constexpr std::string_view kNullSlug = "_none";

// By code; slot 0 is null's.
std::vector<std::string> slugs_of(const Dictionary& dictionary);

// The value behind a code, as text.
std::string text_of(const Dictionary& dictionary, std::uint32_t code);

}  // namespace stave
