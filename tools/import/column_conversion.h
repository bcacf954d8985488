// From the texts of new columns to what is stored: their types, fixed once the last row was seen,
// and their values under them. Invariant: types, domains and codes depend only on the values and
// their order.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "tools/import/column_values.h"
#include "tools/import/load.h"

namespace stave::loading {

// How the cells of a column become what is stored.
struct ColumnConversion {
  bool as_is = true;  // schema columns: pieces hold it already
  Physical physical = Physical::kInt64;
  Type type;
  ColumnCells listed;                    // of listed texts, by position - 1
  const DomainWriter* domain = nullptr;  // of keys: holds those that were not listed too
};

// Fixes types and domains of new columns (in `load.table`), adding their values to domains; gives
// the conversion of every column.
Result<std::vector<ColumnConversion>> settle_columns(Load& load);

// `count` texts as values of the column's type.
void convert_texts(const ColumnConversion& conversion, const ColumnCells& texts,
                   std::uint32_t count, ValueParser& values, ColumnCells& out);

}  // namespace stave::loading
