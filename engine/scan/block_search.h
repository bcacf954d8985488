// Blocks that are searched before anything else of them is read: of a value that few rows have,
// most blocks hold none, and then the other columns' files need not even be opened.
#pragma once

#include <memory>
#include <vector>

#include "engine/context.h"
#include "engine/scan/found_rows.h"
#include "engine/scan/table_source.h"

namespace stave {

// Leaves out the blocks without a row that passes, where most are without one were all values
// equally frequent. Blocks that cannot be read stay. Gives the rows that it found, as far as they
// are few; null where it did not search.
std::shared_ptr<const FoundRows> search_blocks(const StoredTest& test, const TableSource& table,
                                               std::vector<RowSpan>& spans,
                                               ExecutionContext& context);

}  // namespace stave
