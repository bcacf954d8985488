// A list of values as the text of a JSON array, which is how lists are held and printed.
#pragma once

#include <string>

#include "engine/vector.h"

namespace stave {

// Strings are quoted and escaped; numbers and booleans stand as they are printed elsewhere.
std::string json_list(const Vector& values);

}  // namespace stave
