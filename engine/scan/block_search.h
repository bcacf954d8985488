// Blocks that are searched before anything else of them is read: of a value that few rows have,
// most blocks hold none, and then the other columns' files need not even be opened.
#pragma once

#include <vector>

#include "engine/context.h"
#include "engine/scan/row_span.h"
#include "engine/scan/stored_test.h"
#include "engine/scan/table_source.h"

namespace stave {

// Whether most of the spans' blocks hold no row that passes, were all values equally frequent.
bool is_worth_a_search(const StoredTest& test, const TableSource& table,
                       const std::vector<RowSpan>& spans);

// Leaves out the blocks without a row that passes. Those that cannot be read stay.
void search_blocks(const StoredTest& test, const TableSource& table, std::vector<RowSpan>& spans,
                   ExecutionContext& context);

}  // namespace stave
