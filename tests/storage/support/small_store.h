// A store with some plays in it, for tests that look at or damage one.
#pragma once

#include <memory>
#include <vector>

#include "storage/transaction.h"

namespace stave {

// Appends one segment of `streams`: users of these ids on day 20209 (2025-05-01), each with a
// track named after it and a duration.
void add_plays(Transaction& transaction, const std::vector<std::int64_t>& users);

}  // namespace stave
