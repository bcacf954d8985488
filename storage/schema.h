// What tables a store has: data, read from TOML at `init` and kept in every manifest.
// Invariant after `check_schema`: names are unique within their table, every key, time column,
// relation and clustering path names a column that exists, and a relation's column has the same
// domain as the single key of the table it leads to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "stave/type.h"
#include "storage/value.h"

namespace stave {

// A header name that dumps use for a column. The number read is multiplied, then divided:
// `ms_played` for duration_sec has divisor 1000.
struct ColumnAlias {
  std::string name;
  std::int64_t multiply = 1;
  std::int64_t divide = 1;
};

// Where a key column is absent from a file or empty in it.
enum class DefaultKind : std::uint8_t {
  kNone = 0,
  kValue = 1,           // ColumnSchema::default_value
  kLastDayOfMonth = 2,  // of the date in ColumnSchema::default_source
};

struct ColumnSchema {
  std::string name;
  Type type;                     // kNull where `typed_by_domain` and the domain is still empty
  bool typed_by_domain = false;  // a key column: i64 or string, whichever its domain holds
  std::string domain;            // empty: values are stored plainly
  std::vector<ColumnAlias> aliases;
  bool null_in_key = false;     // a key column that may be null; null equals null in keys
  bool first_of_month = false;  // dates are moved to the first of their month (periods)
  DefaultKind default_kind = DefaultKind::kNone;
  Value default_value;
  std::string default_source;

  bool is_coded() const { return !domain.empty(); }
};

// `column` of this table leads to the row of `table` with that key: at most one.
struct RelationSchema {
  std::string name;
  std::string column;
  std::string table;
};

enum class TableKind : std::uint8_t { kFact = 1, kDimension = 2 };

struct TableSchema {
  std::string name;
  std::vector<std::string> aliases;
  TableKind kind = TableKind::kFact;
  std::vector<ColumnSchema> columns;
  std::vector<std::string> key;  // dimensions: at least one column
  std::string time_column;       // facts partitioned by day; empty: not partitioned
  std::string cluster_relation;  // facts clustered through a relation, e.g. "track" ...
  std::string cluster_column;    // ... and its column "track_genre"; empty: by time only
  std::vector<RelationSchema> relations;

  // Position of a column by its own name, or -1.
  int find_column(std::string_view column_name) const;
  const RelationSchema* find_relation(std::string_view relation_name) const;
  // A dimension whose only key column is coded: row position equals key code (see docs/design.md).
  bool is_code_addressed() const;
};

struct Schema {
  std::string name;
  std::vector<TableSchema> tables;

  const TableSchema* find_table(std::string_view table_name) const;  // by its own name
  const TableSchema* resolve_table(std::string_view name_or_alias) const;
};

// Header names compare with case, spaces, underscores and hyphens ignored.
std::string normalized_header(std::string_view header);

Result<void> check_schema(const Schema& schema);
// `origin` names the file in error messages.
Result<Schema> schema_from_toml(std::string_view text, std::string_view origin);
std::string schema_to_toml(const Schema& schema);
// The schema of the domain, from storage/schemas/music.toml built into the library.
const Schema& music_schema();

}  // namespace stave
