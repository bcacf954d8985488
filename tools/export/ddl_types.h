// Names in the SQL of other engines: of types, columns and texts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stave/type.h"

namespace stave {

enum class SqlEngine : std::uint8_t { kDuckDb, kClickHouse, kSpark, kRedshift, kAthena };

// A type whose values may be null.
std::string sql_type(SqlEngine engine, Type type);
// A column or table, quoted.
std::string sql_name(SqlEngine engine, std::string_view name);
// A text literal.
std::string sql_text(SqlEngine engine, std::string_view text);

}  // namespace stave
