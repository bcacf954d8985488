// See describe_row.h.
#include "engine/operators/describe_row.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/runtime/value_text.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {

namespace {

constexpr std::size_t kMostColumns = 8;

void append_value(const Vector& vector, std::uint32_t row, std::string& out) {
  if (is_null_at(vector, row)) {
    out += "null";
    return;
  }
  const char* const quote = vector.type.kind == TypeKind::kString ? "\"" : "";
  out += quote;
  append_cell(vector, row, out);
  out += quote;
}

}  // namespace

std::string describe_row(const std::vector<std::string>& names, std::span<const Vector> columns,
                         std::uint32_t row) {
  std::string out;
  for (std::size_t column = 0; column < std::min(names.size(), kMostColumns); ++column) {
    out += column == 0 ? "" : ", ";
    out += names[column] + " = ";
    append_value(columns[column], row, out);
  }
  return names.size() > kMostColumns ? out + ", ..." : out;
}

std::vector<std::string> names_of(const std::vector<Field>& fields) {
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const Field& field : fields) {
    names.push_back(field.name);
  }
  return names;
}

std::vector<std::string> names_of(const std::vector<Expression>& expressions,
                                  const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Expression& expression : expressions) {
    const bool is_column = expression.kind == ExpressionKind::kColumn;
    names.push_back(is_column ? fields[static_cast<std::size_t>(expression.column)].name
                              : fmt::format("key {}", names.size() + 1));
  }
  return names;
}

}  // namespace stave
