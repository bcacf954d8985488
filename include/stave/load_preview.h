// A load that is written and not yet committed, for those who decide whether it may be: see
// `ImportOptions::before_commit`.
#pragma once

#include <string>
#include <vector>

#include "stave/import.h"
#include "stave/store.h"

namespace stave {

// Valid while the callback runs.
struct LoadPreview {
  const ImportSummary& summary;              // of what would be committed
  std::vector<std::string> brought_columns;  // by the files, as the table names them
  Store store;                               // as it would be after the commit
  // A source of the query language, to be asked of `store`: the rows of this load. Those of a
  // dimension are as they would be after the load, with all their columns.
  std::string rows_of_load;
};

}  // namespace stave
