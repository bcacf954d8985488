// A small result as rows of texts, all of them kept.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "stave/query.h"

namespace stave {

using TextCell = std::optional<std::string>;  // null: nothing
using TextRow = std::vector<TextCell>;

TextCell text_cell(const ResultBatch& batch, std::uint32_t row, std::size_t column);
// The rows that `run` gives to the sink that it gets.
Result<std::vector<TextRow>> text_rows(const std::function<Result<void>(ResultSink&)>& run);

}  // namespace stave
