// The end of a load into a fact table: each day's pieces become a segment, its rows ordered by
// cluster code (unknown last), time and input order. Invariant: segments, their files and their
// names do not depend on threads.
#pragma once

#include "tools/import/column_assembly.h"
#include "tools/import/load.h"

namespace stave::loading {

// Writes all segments and enters them into the manifest.
Result<void> assemble_facts(Load& load, const std::vector<ColumnConversion>& conversions);

}  // namespace stave::loading
