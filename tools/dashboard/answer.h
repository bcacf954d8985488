// The rows of one small result as text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "stave/query.h"

namespace stave {

using AnswerCell = std::optional<std::string>;
using AnswerRow = std::vector<AnswerCell>;

// Runs a program of one pipeline and keeps all its rows.
Result<std::vector<AnswerRow>> answer(const Store& store, const std::string& program,
                                      const QueryOptions& options);

// A string of the query language.
std::string quoted_text(std::string_view text);

}  // namespace stave
