// Keys of tops and windows that need not be read: the binder made their orders total by all
// columns, and ties between rows that look the same to whoever reads the result may be broken in
// any way. Invariant: what was asked for stays.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/plan.h"

namespace stave {

using Needed = std::vector<bool>;  // by field

// How many keys of a top are left, of whose rows these columns are looked at.
std::size_t keys_seen(const TopNode& top, const Needed& needed);

// The same for a window's call; `needed` is of the node's fields. All of them where other calls of
// the node are needed: were the ties of one broken otherwise than those of another, their numbers
// would not go together.
std::size_t keys_seen(const WindowNode& node, std::size_t call, const Needed& needed);

}  // namespace stave
