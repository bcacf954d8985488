// Leaves rows out of a load of facts that repeat others, of the load or of the table: of equal rows
// the first one stays. Invariant: what stays depends on the rows and their order alone, and memory
// is bounded: where hashes of all rows do not fit, rows are looked through once for each part of
// the hashes' range.
#pragma once

#include <cstdint>

#include "tools/import/column_conversion.h"
#include "tools/import/load.h"

namespace stave::loading {

// What can be known before anything is read: only facts are de-duplicated.
Result<void> check_deduplication(const LoadTable& table, const Deduplication& wanted);

// Equal rows may be of different days, so that their order must be kept.
bool may_span_days(const LoadTable& table, const Deduplication& wanted);

// Once columns are settled and before facts are assembled. Gives how many rows were left out.
Result<std::uint64_t> remove_repeated_rows(Load& load,
                                           const std::vector<ColumnConversion>& conversions);

}  // namespace stave::loading
