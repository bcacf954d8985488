// The values of one row for an error message: `track_id = 5, country = "SE", day = null`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// One name for each column of the batch. At most eight columns are shown.
Result<std::string> describe_row(const std::vector<std::string>& names, const Batch& batch,
                                 const std::vector<ColumnShape>& shapes, std::uint32_t row,
                                 ExecutionContext& context);

// The names of fields; of expressions over them: the column's name, else "key 1", "key 2", ...
std::vector<std::string> names_of(const std::vector<Field>& fields);
std::vector<std::string> names_of(const std::vector<Expression>& expressions,
                                  const std::vector<Field>& fields);

}  // namespace stave
