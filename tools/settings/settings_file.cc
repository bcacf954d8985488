// toml++ throws on faults and bounds its own recursion; nothing of it is seen outside.
#include "tools/settings/settings_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace stave::settings {

namespace {

template <typename Value>
std::string toml_text(const Value& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

Setting setting_of(const toml::node& node) {
  Setting made;
  made.line = node.source().begin.line;
  if (const auto* table = node.as_table()) {
    made.kind = SettingKind::kTable;
    for (const auto& [key, value] : *table) {
      made.table.push_back({std::string(key.str()), setting_of(value)});
    }
  } else if (const auto* array = node.as_array()) {
    made.kind = SettingKind::kList;
    for (const toml::node& value : *array) made.list.push_back(setting_of(value));
  } else if (const auto* text = node.as_string()) {
    made.kind = SettingKind::kText;
    made.text = **text;
  } else if (const auto* integer = node.as_integer()) {
    made.kind = SettingKind::kInteger;
    made.integer = **integer;
    made.number = static_cast<double>(**integer);
    made.text = fmt::format("{}", **integer);
  } else if (const auto* number = node.as_floating_point()) {
    made.kind = SettingKind::kNumber;
    made.number = **number;
    made.text = fmt::format("{}", **number);
  } else if (const auto* flag = node.as_boolean()) {
    made.kind = SettingKind::kBool;
    made.flag = **flag;
    made.text = **flag ? "true" : "false";
  } else {
    made.kind = SettingKind::kTime;
    if (const auto* date = node.as_date()) made.text = toml_text(**date);
    if (const auto* time = node.as_time()) made.text = toml_text(**time);
    if (const auto* moment = node.as_date_time()) made.text = toml_text(**moment);
  }
  return made;
}

}  // namespace

const Setting* Setting::find(std::string_view name) const {
  for (const auto& [key, value] : table) {
    if (key == name) return &value;
  }
  return nullptr;
}

Result<Setting> settings_from_toml(std::string_view text, const std::string& origin) {
  try {
    return setting_of(toml::parse(text, origin));
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("A file of settings is not TOML: {}: {}, line {}, column {}. Correct "
                            "it there.",
                            error.description(), origin, error.source().begin.line,
                            error.source().begin.column));
  }
}

Result<Setting> read_settings_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
    return fail(code, fmt::format("Cannot read a file of settings: {} ({}). Check its path.", path,
                                  std::strerror(errno)));
  }
  return settings_from_toml(text, path);
}

}  // namespace stave::settings
