// Gives the keys of a chunk that no earlier chunk brought their codes. Runs chunk by chunk in input
// order: this is what makes codes, and with them the whole store, independent of threads.
// Invariant: keys of rejected rows do not enter a domain.
#pragma once

#include "stave/result.h"
#include "tools/import/cell_parser.h"
#include "tools/import/parsed_chunk.h"

namespace stave::loading {

// Afterwards every coded column of the chunk holds codes. Rows whose key is no integer, though
// their domain has integers committed, are rejected.
Result<void> resolve_keys(const FilePlan& plan, CellParser& parser, LoadDomains& domains,
                          ParsedChunk& chunk);

}  // namespace stave::loading
