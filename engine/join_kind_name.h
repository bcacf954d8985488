// Kinds of joins in the words of the language, for plans and messages.
#pragma once

#include "engine/plan.h"

namespace stave {

const char* name_of(JoinKind kind);

}  // namespace stave
