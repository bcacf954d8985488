// Blocks that are searched before anything else of them is read: of a value that few rows have,
// most blocks hold none, and then the other columns' files need not even be opened.
#pragma once

#include <vector>

#include "engine/context.h"
#include "engine/scan/row_span.h"
#include "engine/scan/stored_test.h"
#include "engine/scan/table_source.h"

namespace stave {

// Leaves out the blocks without a row that passes, where most are without one were all values
// equally frequent. Blocks that cannot be read stay.
void search_blocks(const StoredTest& test, const TableSource& table, std::vector<RowSpan>& spans,
                   ExecutionContext& context);

}  // namespace stave
