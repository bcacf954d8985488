// From inputs to pieces: chunks are read in order, parsed in parallel, given their new keys in
// order, and dealt to their days in parallel.
#pragma once

#include "tools/import/chunk_reader.h"
#include "tools/import/load.h"

namespace stave::loading {

// On success all rows are in `load.pieces` (sorted), all rejects in `load.rejects`.
Result<void> run_pipeline(Load& load, ChunkReader& reader);

}  // namespace stave::loading
