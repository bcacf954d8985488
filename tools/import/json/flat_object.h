// One JSON object of plain values: strings without escapes, numbers, true, false and null, as
// nearly all objects of dumps have. Invariant: what it takes the library takes, with the same
// members; everything else, faulty or not, it leaves to the library.
#pragma once

#include <string_view>
#include <vector>

#include "tools/import/json/json_member.h"

namespace stave::loading {

// False where it is left to the library; then `members` means nothing. kTextPadding bytes behind
// the text must be readable.
bool read_flat_object(std::string_view text, std::vector<JsonMember>& members);

}  // namespace stave::loading
