// A column's own name wins over aliases, so that a file may hold `duration_sec` beside `ms_played`.
#include "tools/import/header_mapping.h"

#include <fmt/format.h>

#include <unordered_set>

#include "tools/import/blanks.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

constexpr std::size_t kLongestName = 200;  // bytes; headers beyond it are text in the wrong place

// What a schema takes for a name and a query can quote: no control characters, no backquotes.
std::string usable_name(std::string_view header) {
  std::string name;
  for (const char byte : without_blanks(header)) {
    const auto value = static_cast<unsigned char>(byte);
    const bool blank = value < 0x20 || value == 0x7F;
    name.push_back(blank ? ' ' : byte == '`' ? '\'' : byte);
  }
  if (name.size() > kLongestName) {
    name.resize(kLongestName);
    while (!name.empty() && !is_utf8(name)) name.pop_back();
  }
  return std::string(without_blanks(name));
}

}  // namespace

void HeaderMapping::add(const ColumnSchema& column, std::size_t position) {
  names_.try_emplace(normalized_header(column.name), static_cast<int>(position));
  for (const ColumnAlias& alias : column.aliases) {
    aliases_.try_emplace(normalized_header(alias.name),
                         Target{static_cast<int>(position), alias.multiply, alias.divide});
  }
}

int HeaderMapping::find(std::string_view name) const {
  const std::string normalized = normalized_header(name);
  if (const auto own = names_.find(normalized); own != names_.end()) return own->second;
  const auto alias = aliases_.find(normalized);
  return alias == aliases_.end() ? -1 : alias->second.column;
}

bool HeaderMapping::has_column_for(std::string_view header) const {
  return find(usable_name(header)) >= 0;
}

// The second `x` is taken for `x_2`, a field without name at place 5 for `column_5`: where the
// table is made now, or has such a column from when it was made.
Result<std::vector<std::string>> HeaderMapping::distinct_names(
    const std::vector<std::string>& header, const std::string& file) const {
  std::vector<std::string> names;
  std::unordered_set<std::string> written;
  for (const std::string& text : header) {
    const ColumnMap::Entry* mapped = map_.find(text);
    names.push_back(usable_name(mapped == nullptr ? text : mapped->column));
    written.insert(normalized_header(names.back()));
  }
  std::unordered_map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto may_be = [&](const std::string& name) {
      const std::string normalized = normalized_header(name);
      return !written.contains(normalized) && (names_may_change_ || names_.contains(normalized));
    };
    if (normalized_header(names[i]).empty()) {
      names[i].clear();
      if (map_.find(header[i]) != nullptr) continue;
      const std::string numbered = fmt::format("column_{}", i + 1);
      if (i == 0 || !may_be(numbered)) continue;
      names[i] = numbered;
    }
    const auto [same, is_first] = first.try_emplace(normalized_header(names[i]), i);
    if (is_first) continue;
    std::size_t number = 2;
    std::string numbered = fmt::format("{}_{}", names[i], number);
    while (written.contains(normalized_header(numbered))) {
      numbered = fmt::format("{}_{}", names[i], ++number);
    }
    if (!may_be(numbered)) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("Two columns of the header have one name: `{}` and `{}` ({}). Rename "
                              "or remove one of them, or say with `--map` what they are.",
                              header[same->second], header[i], file));
    }
    names[i] = numbered;
    written.insert(normalized_header(numbered));
    first.emplace(normalized_header(numbered), i);
  }
  return names;
}

Result<std::vector<FieldPlan>> HeaderMapping::map(const TableSchema& table,
                                                  const std::vector<std::string>& header,
                                                  const std::string& file) const {
  Result<std::vector<std::string>> names = distinct_names(header, file);
  if (!names) return pass(names);
  std::vector<FieldPlan> fields(header.size());
  struct Holder {
    std::size_t field = 0;
    bool by_own_name = false;
  };
  std::unordered_map<int, Holder> holders;  // by column
  for (std::size_t i = 0; i < header.size(); ++i) {
    FieldPlan& field = fields[i];
    field.header = std::string(without_blanks(header[i]));
    field.name = (*names)[i];
    const std::string normalized = normalized_header(field.name);
    if (normalized.empty()) continue;
    const ColumnMap::Entry* mapped = map_.find(header[i]);
    const auto own = names_.find(normalized);
    const bool by_own_name = own != names_.end();
    if (by_own_name) {
      field.column = own->second;
    } else if (const auto alias = aliases_.find(normalized); alias != aliases_.end()) {
      field.column = alias->second.column;
      field.multiply = alias->second.multiply;
      field.divide = alias->second.divide;
    } else {
      // An `id` that the table does not have is an index.
      field.is_new = names_may_change_ || mapped != nullptr || normalized != "id";
    }
    if (mapped != nullptr && (mapped->multiply != 1 || mapped->divide != 1)) {
      field.multiply = mapped->multiply;
      field.divide = mapped->divide;
    }
    if (field.column < 0) continue;
    const auto [holder, is_first] = holders.try_emplace(field.column, Holder{i, by_own_name});
    if (is_first) continue;
    if (by_own_name) {
      fields[holder->second.field].column = -1;
      holder->second = {i, true};
    } else if (holder->second.by_own_name) {
      field.column = -1;
    } else {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("Two columns of the header both mean `{}`: `{}` and `{}` ({}). "
                              "Rename or remove one of them.",
                              table.columns[static_cast<std::size_t>(field.column)].name,
                              header[holder->second.field], header[i], file));
    }
  }
  return fields;
}

}  // namespace stave::loading
