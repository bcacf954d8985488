// See settings_reader.h.
#include "tools/settings/settings_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace stave::settings {

std::optional<std::int64_t> duration_from_text(std::string_view text) {
  struct Unit {
    std::string_view name;
    double microseconds;
  };
  constexpr std::array<Unit, 6> kUnits{
      {{"", 1e6}, {"ms", 1e3}, {"s", 1e6}, {"min", 60e6}, {"h", 3600e6}, {"d", 86400e6}}};
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  const auto* known = std::ranges::find(kUnits, unit, &Unit::name);
  if (fault != std::errc{} || known == kUnits.end()) return {};
  const double microseconds = number * known->microseconds;
  if (!(microseconds >= 0) || microseconds > 1e17) return {};
  return static_cast<std::int64_t>(microseconds);
}

Result<void> SettingsReader::outcome() const {
  if (fault_.empty()) return {};
  return fail(ErrorCode::kInvalidArgument, fault_);
}

void SettingsReader::set_fault(const Setting& place, const std::string& message) {
  if (!fault_.empty()) return;
  fault_ = fmt::format("{}: {}. See {}.", message, place_of(place), page_);
}

std::string SettingsReader::place_of(const Setting& setting) const {
  return fmt::format("{}, line {}", origin_, setting.line);
}

void SettingsReader::expect_keys(const Setting& table,
                                 std::initializer_list<std::string_view> known,
                                 std::string_view what) {
  for (const auto& [name, value] : table.table) {
    if (std::ranges::find(known, name) == known.end()) {
      set_fault(value, fmt::format("A key is not known here: \"{}\" in {}; known are {}", name,
                                   what, fmt::join(known, ", ")));
    }
  }
}

const Setting* SettingsReader::find(const Setting& table, std::string_view name, SettingKind kind,
                                    std::string_view kind_name) {
  const Setting* found = table.find(name);
  if (found == nullptr || found->kind == kind) return found;
  set_fault(*found, fmt::format("The key \"{}\" must be {}", name, kind_name));
  return nullptr;
}

std::vector<const Setting*> SettingsReader::tables(const Setting& parent, std::string_view name) {
  std::vector<const Setting*> found;
  const Setting* list = find(parent, name, SettingKind::kList, "a list of tables, [[...]]");
  if (list == nullptr) return found;
  for (const Setting& element : list->list) {
    if (element.kind != SettingKind::kTable) {
      set_fault(element, fmt::format("The key \"{}\" must be a list of tables", name));
      break;
    }
    found.push_back(&element);
  }
  return found;
}

std::optional<std::string> SettingsReader::text(const Setting& table, std::string_view name) {
  const Setting* found = find(table, name, SettingKind::kText, "a string");
  return found == nullptr ? std::optional<std::string>() : found->text;
}

std::optional<bool> SettingsReader::flag(const Setting& table, std::string_view name) {
  const Setting* found = find(table, name, SettingKind::kBool, "true or false");
  return found == nullptr ? std::optional<bool>() : found->flag;
}

std::optional<std::uint64_t> SettingsReader::count(const Setting& table, std::string_view name) {
  const Setting* found = find(table, name, SettingKind::kInteger, "a whole number");
  if (found == nullptr) return {};
  if (found->integer < 0) {
    set_fault(*found, fmt::format("The key \"{}\" must not be negative", name));
    return {};
  }
  return static_cast<std::uint64_t>(found->integer);
}

std::optional<double> SettingsReader::number(const Setting& table, std::string_view name) {
  const Setting* found = table.find(name);
  if (found == nullptr) return {};
  if (found->kind == SettingKind::kInteger || found->kind == SettingKind::kNumber) {
    return found->number;
  }
  set_fault(*found, fmt::format("The key \"{}\" must be a number", name));
  return {};
}

std::vector<std::string> SettingsReader::texts(const Setting& table, std::string_view name) {
  const Setting* found = table.find(name);
  if (found == nullptr) return {};
  if (found->kind == SettingKind::kText) return {found->text};
  std::vector<std::string> texts;
  for (const Setting& element : found->list) {
    if (element.kind == SettingKind::kText) texts.push_back(element.text);
  }
  if (found->kind != SettingKind::kList || texts.size() != found->list.size()) {
    set_fault(*found, fmt::format("The key \"{}\" must be a list of strings", name));
  }
  return texts;
}

std::optional<std::int64_t> SettingsReader::duration(const Setting& table, std::string_view name) {
  const Setting* found = table.find(name);
  if (found == nullptr) return {};
  const bool is_scalar = found->kind == SettingKind::kInteger ||
                         found->kind == SettingKind::kNumber || found->kind == SettingKind::kText;
  const auto duration = is_scalar ? duration_from_text(found->text) : std::nullopt;
  if (!duration) {
    set_fault(*found, fmt::format("The key \"{}\" must be a time span such as \"90s\", \"5min\" or "
                                  "\"26h\"",
                                  name));
  }
  return duration;
}

}  // namespace stave::settings
