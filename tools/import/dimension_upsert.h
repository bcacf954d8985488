// The end of a load into a dimension: rows go to their places, and only the columns that the files
// brought are written anew.
#pragma once

#include "tools/import/column_assembly.h"
#include "tools/import/load.h"
#include "tools/import/row_targets.h"

namespace stave::loading {

// Enters everything into the manifest, cluster changes of fact tables included.
Result<RowTargets> upsert_dimension(Load& load, const std::vector<ColumnConversion>& conversions);

}  // namespace stave::loading
