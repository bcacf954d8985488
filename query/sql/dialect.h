// How the dialects spell names, types and values.
// Invariant: whatever a name or text holds, it stays one name or one literal.
#pragma once

#include <string>
#include <string_view>

#include "stave/sql.h"
#include "storage/value.h"

namespace stave {

// What expressions of one program have in common.
struct SqlSettings {
  SqlDialect dialect = SqlDialect::kDuckDb;
  std::string timezone = "UTC";  // of date(), hour() and bucket()
  int week_start = 1;            // 1 = Monday

  bool is(SqlDialect one) const { return dialect == one; }
};

// In the dialect's quotes.
std::string sql_name(std::string_view name, SqlDialect dialect);
std::string sql_string(std::string_view text, SqlDialect dialect);
std::string sql_type(Type type, SqlDialect dialect);
std::string sql_literal(const Value& value, SqlDialect dialect);
std::string sql_cast(const std::string& expression, Type type, SqlDialect dialect);
// An integer wide enough for products of decimals, where the dialect has one.
std::string sql_wide_integer(const std::string& expression, SqlDialect dialect);
// The statements that settle what the engine leaves to settings.
std::string sql_prologue(const SqlSettings& settings);

}  // namespace stave
