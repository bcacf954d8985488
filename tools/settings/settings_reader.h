// Reads typed values out of a tree of settings. The first fault is remembered, so that the code
// that reads stays plain; what has a fault reads as nothing.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/settings/settings_file.h"

namespace stave::settings {

class SettingsReader {
 public:
  // `page` is the document that explains the keys.
  SettingsReader(std::string origin, std::string page)
      : origin_(std::move(origin)), page_(std::move(page)) {}

  // An error where there was a fault.
  Result<void> outcome() const;
  void set_fault(const Setting& place, const std::string& message);
  // "rules.toml, line 12".
  std::string place_of(const Setting& setting) const;

  void expect_keys(const Setting& table, std::initializer_list<std::string_view> known,
                   std::string_view what);
  // The tables of a list of tables, [[name]].
  std::vector<const Setting*> tables(const Setting& parent, std::string_view name);
  std::optional<std::string> text(const Setting& table, std::string_view name);
  std::optional<bool> flag(const Setting& table, std::string_view name);
  // Not below 0.
  std::optional<std::uint64_t> count(const Setting& table, std::string_view name);
  std::optional<double> number(const Setting& table, std::string_view name);
  // A list of strings, or one alone.
  std::vector<std::string> texts(const Setting& table, std::string_view name);
  // Microseconds of "26h", "90min", "1.5s"; a bare number counts in seconds.
  std::optional<std::int64_t> duration(const Setting& table, std::string_view name);
  // The value of the word in `known` that is given.
  template <typename Value>
  std::optional<Value> word(const Setting& table, std::string_view name,
                            std::initializer_list<std::pair<std::string_view, Value>> known) {
    return word(table, name, std::span(known.begin(), known.size()));
  }
  template <typename Value>
  std::optional<Value> word(const Setting& table, std::string_view name,
                            std::span<const std::pair<std::string_view, Value>> known) {
    const std::optional<std::string> given = text(table, name);
    if (!given) return {};
    std::string words;
    for (const auto& [spelling, value] : known) {
      if (spelling == *given) return value;
      words += (words.empty() ? "" : ", ") + std::string(spelling);
    }
    set_fault(*table.find(name),
              std::string(name) + " is one of " + words + ", and not \"" + *given + "\"");
    return {};
  }

 private:
  const Setting* find(const Setting& table, std::string_view name, SettingKind kind,
                      std::string_view kind_name);

  std::string origin_;
  std::string page_;
  std::string fault_;
};

// Microseconds of a number and ms, s, min, h or d; nothing for other text.
std::optional<std::int64_t> duration_from_text(std::string_view text);

}  // namespace stave::settings
