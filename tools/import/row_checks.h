// What a chunk's rows need beside their cells: rows that have no cells to parse are reported,
// defaults stand in for what is missing, and rows without their keys are refused.
#pragma once

#include "tools/import/parsed_chunk.h"

namespace stave::loading {

void report_bad_rows(const FilePlan& plan, ParsedChunk& out);

// Once all cells are parsed.
void fill_defaults(const FilePlan& plan, ParsedChunk& out);
void reject_empty_keys(const FilePlan& plan, ParsedChunk& out);

}  // namespace stave::loading
