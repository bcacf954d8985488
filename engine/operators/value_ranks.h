// The place of strings among those that occur: numbers that sort as the strings do, since codes
// and views do not. Only values that occur are ever compared, and each only once for its code.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/context.h"
#include "engine/operators/evaluate_all.h"
#include "stave/result.h"

namespace stave {

// Ranks 0, 1, ... of the codes of one coded column by value: strings by bytes, integers by size.
class CodeRanks {
 public:
  static Result<CodeRanks> make(const EvaluatedColumns& columns, std::size_t column,
                                ExecutionContext& context);
  // `code` occurs in the column and is not null.
  std::uint32_t operator[](std::uint32_t code) const {
    return dense_.empty() ? sparse_.find(code)->second : dense_[code];
  }

 private:
  std::vector<std::uint32_t> dense_;  // by code; empty where the dictionary dwarfs the column
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> sparse_;
};

// Ranks of a column of plain strings by row over all batches; equal strings have equal ranks, those
// of nulls mean nothing.
Result<std::vector<std::uint32_t>> string_ranks(const EvaluatedColumns& columns, std::size_t column,
                                                ExecutionContext& context);

}  // namespace stave
