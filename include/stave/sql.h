// Programs as SQL for other engines, over the tables that `stave export` writes.
//
// One common table expression for each stage. Where an engine would give another answer than Stave
// (integer division, nulls in order, rounding, weeks), the text says what Stave means; what a
// dialect cannot say is an error that names the stage. A join without `many` is printed without its
// check, and running sums of f64 are added in the engine's order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stave/query.h"

namespace stave {

enum class SqlDialect { kDuckDb, kPostgres, kClickHouse, kSpark };

// By its name on the command line: duckdb, postgres, clickhouse, spark.
Result<SqlDialect> sql_dialect(std::string_view name);

struct SqlOptions {
  SqlDialect dialect = SqlDialect::kDuckDb;
  bool prologue = true;  // settings that the statements rely on, each ended by `;`
};

// A statement for each pipeline, each ended by `;` and a line end. Parameters and `now()` are
// written into them as values. Tables are named as in the store; facts have a column `day`.
Result<std::string> to_sql(const Store& store, std::string_view program,
                           const QueryOptions& options, const SqlOptions& sql,
                           std::vector<Diagnostic>* diagnostics = nullptr,
                           std::vector<std::string>* warnings = nullptr);

}  // namespace stave
