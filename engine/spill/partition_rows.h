// Rows dealt to files by a hash of their keys, so that each file is a smaller problem of the same
// kind. Invariant: rows of equal keys come to the same file, in the order in which they are read.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/context.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

struct Partitioning {
  std::vector<NamedExpression> columns;  // what is written, over the fields of the pipeline
  std::vector<Expression> keys;
  // A last column: integers that say which of two rows was read first.
  bool adds_numbers = false;
  std::uint32_t partitions = 1;
  std::uint64_t seed = 0;  // partitions of partitions need another one
};

// One relation on disk for each partition.
Result<std::vector<Relation>> partition_rows(const Pipeline& input, const Partitioning& how,
                                             ExecutionContext& context);

// Every field as it is.
std::vector<NamedExpression> same_columns(const std::vector<Field>& fields);
// What a row of these takes in memory, texts aside.
Result<std::uint64_t> row_bytes_of(const Pipeline& input, const std::vector<Expression>& columns,
                                   ExecutionContext& context);

}  // namespace stave
