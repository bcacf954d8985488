// Sorted runs of rows become one relation in the order of them all.
// Invariant: of rows with equal keys those of an earlier run come first, and within a run those
// that come first there: runs cut from a relation in its order merge stably.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// `runs` have the same columns, each sorted by `keys`, which are over them. Of the columns those in
// `columns` are given, in this order, as `fields`.
Result<Relation> merge_runs(std::vector<Relation> runs, const std::vector<SortKey>& keys,
                            const std::vector<std::size_t>& columns,
                            const std::vector<Field>& fields, ExecutionContext& context);

// All columns, as `fields`.
Result<Relation> merge_runs(std::vector<Relation> runs, const std::vector<SortKey>& keys,
                            const std::vector<Field>& fields, ExecutionContext& context);

// The shapes that columns of all these relations can have: a column that they hold in several
// representations, or by several dictionaries, is a plain one. Without rows they do not count.
std::vector<ColumnShape> common_shapes(const std::vector<Relation>& relations,
                                       const std::vector<Field>& fields);

}  // namespace stave
