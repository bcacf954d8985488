// Programs of the query language as texts: how they are laid out, what they would give, and what
// may be written next. Nothing here reads a row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stave/query.h"
#include "stave/result.h"

namespace stave {

// The program in its one layout: the same tokens and comments, other blanks and line ends.
// Formatting what was formatted changes nothing.
Result<std::string> format_program(std::string_view program, const std::string& origin,
                                   std::vector<Diagnostic>* diagnostics = nullptr);

// The columns of each result, in the order of the program's pipelines. A parameter without a value
// counts as null of its type.
Result<std::vector<std::vector<ResultColumn>>> check(const Store& store, std::string_view program,
                                                     const QueryOptions& options,
                                                     std::vector<Diagnostic>* diagnostics = nullptr,
                                                     std::vector<std::string>* warnings = nullptr);

// A text as a string of the language.
std::string quoted_text(std::string_view text);

// Words that may begin a stage, and names of functions.
const std::vector<std::string>& stage_words();
const std::vector<std::string>& function_names();

}  // namespace stave
