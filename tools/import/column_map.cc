// The file has a line for each header: `"Song Title" = "track_name"`,
// `seconds = { column = "duration_ms", multiply = 1000 }`, or `"row no" = false`.
#include "tools/import/column_map.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "storage/schema.h"

namespace stave::loading {

namespace {

Failure fault_at(const toml::node& node, const std::string& path, const std::string& what) {
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("The map of columns cannot be used: {} ({}, line {}). A line is HEADER = "
                          "\"column\", HEADER = false, or HEADER = {{ column = \"...\", multiply = "
                          "N, divide = N }}.",
                          what, path, node.source().begin.line));
}

Result<std::int64_t> read_factor(const toml::table& table, std::string_view key,
                                 const std::string& path) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return 1;
  const auto value = node->value_exact<std::int64_t>();
  if (!value || *value < 1) {
    return fault_at(*node, path, fmt::format("`{}` must be a whole number above 0", key));
  }
  return *value;
}

Result<ColumnMap::Entry> read_entry(std::string_view header, const toml::node& node,
                                    const std::string& path) {
  ColumnMap::Entry entry;
  if (const toml::value<bool>* flag = node.as_boolean()) {
    if (flag->get()) return fault_at(node, path, fmt::format("`{}` = true says nothing", header));
    return entry;
  }
  const toml::table* table = node.as_table();
  const toml::node* column = table == nullptr ? &node : table->get("column");
  if (column == nullptr || !column->is_string() || column->as_string()->get().empty()) {
    return fault_at(node, path, fmt::format("`{}` names no column", header));
  }
  entry.column = column->as_string()->get();
  if (table == nullptr) return entry;
  for (const auto& [key, value] : *table) {
    if (key != "column" && key != "multiply" && key != "divide") {
      return fault_at(value, path, fmt::format("`{}` is not known here", key.str()));
    }
  }
  Result<std::int64_t> multiply = read_factor(*table, "multiply", path);
  if (!multiply) return pass(multiply);
  Result<std::int64_t> divide = read_factor(*table, "divide", path);
  if (!divide) return pass(divide);
  entry.multiply = *multiply;
  entry.divide = *divide;
  return entry;
}

}  // namespace

Result<ColumnMap> ColumnMap::parse(std::string_view toml, const std::string& path) {
  try {
    const toml::table root = toml::parse(toml, path);
    ColumnMap map;
    for (const auto& [header, node] : root) {
      Result<Entry> entry = read_entry(header.str(), node, path);
      if (!entry) return pass(entry);
      if (!map.entries_.emplace(normalized_header(header.str()), std::move(*entry)).second) {
        return fault_at(node, path,
                        fmt::format("`{}` is there twice; case, blanks, underscores and hyphens "
                                    "make no difference",
                                    header.str()));
      }
    }
    return map;
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("The map of columns is not TOML: {} ({}, line {}). Put headers with "
                            "other than letters and digits in quotes.",
                            error.description(), path, error.source().begin.line));
  }
}

Result<ColumnMap> ColumnMap::read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("Cannot read the map of columns: {} ({}). Check the path that `--map` "
                            "names.",
                            path, std::strerror(errno)));
  }
  return parse(text, path);
}

const ColumnMap::Entry* ColumnMap::find(std::string_view header) const {
  if (entries_.empty()) return nullptr;
  const auto found = entries_.find(normalized_header(header));
  return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace stave::loading
