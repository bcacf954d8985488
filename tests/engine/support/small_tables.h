// Relations small enough to write down in a test, one string for each row, and the way back.
// Columns are "name:kind"; kinds: i64, f64, bool, date (days), str (plain text), code@D (text coded
// by dictionary D), int@D (integers coded by dictionary D), d2 (decimal(18,2)) and D2
// (decimal(38,2)) in minor units, list. `-` is null, `_` the empty string.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/expression.h"
#include "engine/local_dictionary.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/vector.h"

namespace stave {

class SmallTables {
 public:
  // Cut into batches of this many rows.
  Relation make(const std::string& columns, const std::vector<std::string>& rows,
                std::uint32_t batch_rows = 3);

 private:
  Vector make_vector(const std::string& kind, const std::vector<std::string>& cells);
  std::map<std::string, std::shared_ptr<LocalDictionary>> dictionaries_;
};

// The rows as they were written, on disk or not.
std::vector<std::string> rows_of(const Relation& relation);

// A context over an empty store.
struct TestContext {
  // `spill_rows`: see ExecutionOptions.
  explicit TestContext(int threads = 1, std::uint32_t batch_rows = 0, std::uint64_t spill_rows = 0);
  std::shared_ptr<const Snapshot> snapshot;
  ExecutionContext context;
};

// What the pipeline gives, read in one thread.
Relation rows_in(const Pipeline& pipeline, ExecutionContext& context);

// Columns of the relation; `offset` is for the right side of a join.
Expression column(const Relation& relation, const std::string& name, std::size_t offset = 0);
Expression literal(Type type, std::int64_t value);
std::vector<Field> with_fields(std::vector<Field> fields, const std::vector<Field>& more);
std::shared_ptr<const Relation> shared(Relation relation);

}  // namespace stave
