// What the directory says of a block's values, and whether decoded values are the ones meant.
#pragma once

#include <string>

#include "storage/column_file.h"

namespace stave {

// Rows, nulls and range; offset, size, checksum and codecs are the caller's.
BlockSummary summarize(const ColumnValues& values);

// "delta+packed, zstd".
std::string codecs_text(const BlockSummary& block);

// Same nulls, and the same bits wherever there is a value.
bool holds_same_values(const ColumnValues& values, const DecodedBlock& decoded);

}  // namespace stave
