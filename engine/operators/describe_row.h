// The values of one row for an error message: `track_id = 5, country = "SE", day = null`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/expression.h"
#include "engine/plan.h"
#include "engine/vector.h"

namespace stave {

// One name for each column. At most eight columns are shown.
std::string describe_row(const std::vector<std::string>& names, std::span<const Vector> columns,
                         std::uint32_t row);

// The names of fields; of expressions over them: the column's name, else "key 1", "key 2", ...
std::vector<std::string> names_of(const std::vector<Field>& fields);
std::vector<std::string> names_of(const std::vector<Expression>& expressions,
                                  const std::vector<Field>& fields);

}  // namespace stave
