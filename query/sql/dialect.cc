// One switch for each question that the dialects answer differently.
#include "query/sql/dialect.h"

#include <fmt/format.h>

#include <array>

#include "query/values/program_zone.h"
#include "query/values/value_text.h"

namespace stave {
namespace {

struct NamedDialect {
  std::string_view name;
  SqlDialect dialect;
};

constexpr std::array<NamedDialect, 4> kDialects{{{"duckdb", SqlDialect::kDuckDb},
                                                 {"postgres", SqlDialect::kPostgres},
                                                 {"clickhouse", SqlDialect::kClickHouse},
                                                 {"spark", SqlDialect::kSpark}}};

std::string quoted(std::string_view text, char quote, bool escapes) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote || (escapes && c == '\\')) out += c;
    out += c;
  }
  return out + quote;
}

bool has_backslash_escapes(SqlDialect dialect) {
  return dialect == SqlDialect::kClickHouse || dialect == SqlDialect::kSpark;
}

const ProgramZone& utc() {
  static const ProgramZone zone = *ProgramZone::find("UTC");
  return zone;
}

}  // namespace

Result<SqlDialect> sql_dialect(std::string_view name) {
  std::string known;
  for (const NamedDialect& row : kDialects) {
    if (row.name == name) return row.dialect;
    known += (known.empty() ? "" : ", ") + std::string(row.name);
  }
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("No such dialect of SQL: {}. Use one of {}.", name, known));
}

std::string sql_name(std::string_view name, SqlDialect dialect) {
  return quoted(name, has_backslash_escapes(dialect) ? '`' : '"',
                dialect == SqlDialect::kClickHouse);
}

std::string sql_string(std::string_view text, SqlDialect dialect) {
  if (!has_backslash_escapes(dialect)) return quoted(text, '\'', false);
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string sql_type(Type type, SqlDialect dialect) {
  const bool house = dialect == SqlDialect::kClickHouse;
  std::string name;
  switch (type.kind) {
    case TypeKind::kBool:
      name = house ? "Bool" : "boolean";
      break;
    case TypeKind::kInt64:
      name = house ? "Int64" : "bigint";
      break;
    case TypeKind::kFloat64:
      name = house ? "Float64" : dialect == SqlDialect::kPostgres ? "double precision" : "double";
      break;
    case TypeKind::kDate:
      name = house ? "Date32" : "date";
      break;
    case TypeKind::kTimestamp:
      name = house ? "DateTime64(6, 'UTC')" : "timestamp";
      break;
    case TypeKind::kDecimal:
      name = fmt::format("{}({}, {})",
                         house                              ? "Decimal"
                         : dialect == SqlDialect::kPostgres ? "numeric"
                                                            : "decimal",
                         type.precision, type.scale);
      break;
    default:
      name = house                              ? "String"
             : dialect == SqlDialect::kPostgres ? "text"
             : dialect == SqlDialect::kSpark    ? "string"
                                                : "varchar";
  }
  return house ? "Nullable(" + name + ")" : name;
}

std::string sql_cast(const std::string& expression, Type type, SqlDialect dialect) {
  if (dialect == SqlDialect::kClickHouse && type.kind != TypeKind::kString) {
    // A plain cast wraps numbers that do not fit.
    return fmt::format("accurateCast({}, {})", expression,
                       sql_string(sql_type(type, dialect), dialect));
  }
  return fmt::format("cast({} as {})", expression, sql_type(type, dialect));
}

std::string sql_wide_integer(const std::string& expression, SqlDialect dialect) {
  switch (dialect) {
    case SqlDialect::kDuckDb:
      return fmt::format("cast({} as hugeint)", expression);
    case SqlDialect::kPostgres:
      return fmt::format("cast({} as numeric)", expression);
    case SqlDialect::kClickHouse:
      return fmt::format("toInt256({})", expression);
    case SqlDialect::kSpark:
      break;
  }
  return fmt::format("cast({} as decimal(38, 0))", expression);
}

std::string sql_literal(const Value& value, SqlDialect dialect) {
  if (value.is_null()) {
    return value.type.kind == TypeKind::kNull
               ? "null"
               : fmt::format("cast(null as {})", sql_type(value.type, dialect));
  }
  std::string text = value.type.kind == TypeKind::kString ? std::get<std::string>(value.data)
                                                          : to_text(value, utc());
  switch (value.type.kind) {
    case TypeKind::kBool:
      return text;
    case TypeKind::kInt64:
      if (text == std::to_string(INT64_MIN)) return "(-9223372036854775807 - 1)";
      return text.starts_with('-') ? "(" + text + ")" : text;
    case TypeKind::kString:
      return sql_string(text, dialect);
    default: {
      return fmt::format("cast({} as {})", sql_string(text, dialect),
                         sql_type(value.type, dialect));
    }
  }
}

std::string sql_prologue(const SqlSettings& settings) {
  switch (settings.dialect) {
    case SqlDialect::kDuckDb:
      return "set TimeZone = 'UTC';\n";
    case SqlDialect::kPostgres:
      return "set TimeZone = 'UTC';\nset DateStyle = 'ISO';\n";
    case SqlDialect::kClickHouse:
      return "set join_use_nulls = 1;\nset aggregate_functions_null_for_empty = 1;\n"
             "set prefer_column_name_to_alias = 1;\nset use_cache_for_count_from_files = 0;\n"
             "set session_timezone = 'UTC';\n";
    case SqlDialect::kSpark:
      break;
  }
  return "set spark.sql.session.timeZone = UTC;\nset spark.sql.ansi.enabled = true;\n";
}

}  // namespace stave
