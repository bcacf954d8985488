// One row for each engine.
#include "tools/export/ddl_types.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace stave {
namespace {

struct EngineTypes {
  std::string_view boolean, integer, float64, text, date, timestamp;
  std::string_view decimal;   // a format of precision and scale
  std::string_view nullable;  // a format of the type
  char quote;
  bool has_backslash;  // escapes within quotes
};

constexpr std::array<EngineTypes, 5> kTypes{{
    {"BOOLEAN", "BIGINT", "DOUBLE", "VARCHAR", "DATE", "TIMESTAMPTZ", "DECIMAL({},{})", "{}", '"',
     false},
    {"Bool", "Int64", "Float64", "String", "Date32", "DateTime64(6, 'UTC')", "Decimal({}, {})",
     "Nullable({})", '`', true},
    {"BOOLEAN", "BIGINT", "DOUBLE", "STRING", "DATE", "TIMESTAMP", "DECIMAL({},{})", "{}", '`',
     true},
    {"BOOLEAN", "BIGINT", "DOUBLE PRECISION", "VARCHAR(65535)", "DATE", "TIMESTAMP",
     "DECIMAL({},{})", "{}", '"', false},
    {"boolean", "bigint", "double", "string", "date", "timestamp", "decimal({},{})", "{}", '`',
     false},
}};

const EngineTypes& types_of(SqlEngine engine) {
  return kTypes[static_cast<std::size_t>(engine)];
}

std::string quoted(std::string_view text, char quote, bool has_backslash) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote || (c == '\\' && has_backslash))
      out += has_backslash && quote == '\'' ? '\\' : c;
    out += c;
  }
  return out + quote;
}

std::string plain_type(const EngineTypes& types, Type type) {
  switch (type.kind) {
    case TypeKind::kBool:
      return std::string(types.boolean);
    case TypeKind::kInt64:
      return std::string(types.integer);
    case TypeKind::kFloat64:
      return std::string(types.float64);
    case TypeKind::kDate:
      return std::string(types.date);
    case TypeKind::kTimestamp:
      return std::string(types.timestamp);
    case TypeKind::kDecimal:
      return fmt::format(fmt::runtime(types.decimal), type.precision, type.scale);
    default:
      return std::string(types.text);
  }
}

}  // namespace

std::string sql_type(SqlEngine engine, Type type) {
  const EngineTypes& types = types_of(engine);
  return fmt::format(fmt::runtime(types.nullable), plain_type(types, type));
}

std::string sql_name(SqlEngine engine, std::string_view name) {
  const EngineTypes& types = types_of(engine);
  return quoted(name, types.quote, types.has_backslash && engine == SqlEngine::kClickHouse);
}

std::string sql_text(SqlEngine engine, std::string_view text) {
  return quoted(text, '\'', types_of(engine).has_backslash);
}

}  // namespace stave
