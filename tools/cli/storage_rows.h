// What `stave describe --storage` prints: where the bytes of a store are.
#pragma once

#include <string>

#include "stave/store.h"
#include "tools/cli/rows.h"

namespace stave::cli {

// Columns of one table, or of all that have rows and then domains and manifest (`table` empty).
// With `shorten` only the codecs of most bytes are named.
Rows storage_rows(const StoreDescription& store, const std::string& table, bool shorten);

}  // namespace stave::cli
