// What a TOML file says, without the library that read it: a tree of values with their lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"

namespace stave::settings {

enum class SettingKind { kBool, kInteger, kNumber, kText, kTime, kList, kTable };

struct NamedSetting;

struct Setting {
  SettingKind kind = SettingKind::kTable;
  std::string text;  // of all but lists and tables; times in ISO 8601
  std::int64_t integer = 0;
  double number = 0;  // integers too
  bool flag = false;
  std::vector<Setting> list;
  std::vector<NamedSetting> table;  // by name
  std::uint32_t line = 0;

  const Setting* find(std::string_view name) const;
};

struct NamedSetting {
  std::string name;
  Setting value;
};

// `origin` names the file in error messages.
Result<Setting> settings_from_toml(std::string_view text, const std::string& origin);
Result<Setting> read_settings_file(const std::string& path);

}  // namespace stave::settings
