// Keys of a rule: docs/quality.md.
#include "tools/quality/rule_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "storage/guarded.h"

namespace stave::quality {

namespace {

using settings::Setting;
using settings::SettingKind;
using settings::SettingsReader;

constexpr const char* kPage = "docs/quality.md";

constexpr std::array<std::pair<std::string_view, RuleCheck>, 11> kChecks{
    {{"required", RuleCheck::kRequired},
     {"not_null", RuleCheck::kNotNull},
     {"range", RuleCheck::kRange},
     {"one_of", RuleCheck::kOneOf},
     {"like", RuleCheck::kLike},
     {"unique", RuleCheck::kUnique},
     {"condition", RuleCheck::kCondition},
     {"reference", RuleCheck::kReference},
     {"fresh", RuleCheck::kFresh},
     {"rows", RuleCheck::kRows},
     {"day_ratio", RuleCheck::kDayRatio}}};

std::string word_of(RuleCheck check) {
  for (const auto& [word, value] : kChecks) {
    if (value == check) return std::string(word);
  }
  return "";
}

// Texts of several lines begin and end with line ends.
std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \n\r\t");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \n\r\t") - begin + 1);
}

class RuleReader {
 public:
  RuleReader(const Setting& source, SettingsReader& reader) : source_(source), reader_(reader) {}

  QualityRule read() {
    read_common();
    switch (rule_.check) {
      case RuleCheck::kRequired:
      case RuleCheck::kNotNull:
        expect({"columns", "column"});
        need(!rule_.columns.empty(), "columns");
        break;
      case RuleCheck::kRange:
        expect({"column", "columns", "min", "max"});
        rule_.min = value("min");
        rule_.max = value("max");
        need_column();
        need(rule_.min || rule_.max, "min or max");
        break;
      case RuleCheck::kOneOf:
        expect({"column", "columns", "values"});
        read_values();
        need_column();
        need(!rule_.values.empty(), "values");
        break;
      case RuleCheck::kLike:
        expect({"column", "columns", "pattern"});
        rule_.pattern = reader_.text(source_, "pattern").value_or("");
        need_column();
        need(!rule_.pattern.empty(), "pattern");
        break;
      case RuleCheck::kUnique:
        expect({"column", "columns", "scope"});
        rule_.whole_table = reader_.word<bool>(source_, "scope", {{"load", false}, {"table", true}})
                                .value_or(false);
        need(!rule_.columns.empty(), "columns");
        break;
      case RuleCheck::kCondition:
        expect({"condition"});
        rule_.condition = trimmed(reader_.text(source_, "condition").value_or(""));
        need(!rule_.condition.empty(), "condition");
        break;
      case RuleCheck::kReference:
        expect({"column", "columns", "to"});
        rule_.refers_to = reader_.text(source_, "to").value_or("");
        need_column();
        break;
      case RuleCheck::kFresh:
        expect({"column", "columns", "max_age", "against"});
        rule_.max_age = reader_.duration(source_, "max_age").value_or(0);
        rule_.against_arrival =
            reader_.word<bool>(source_, "against", {{"now", false}, {"arrival", true}})
                .value_or(false);
        need(rule_.max_age > 0, "max_age");
        break;
      case RuleCheck::kRows:
        expect({"min", "max"});
        rule_.min_rows = reader_.count(source_, "min");
        rule_.max_rows = reader_.count(source_, "max");
        need(rule_.min_rows || rule_.max_rows, "min or max");
        break;
      case RuleCheck::kDayRatio:
        expect({"min", "max"});
        rule_.min_ratio = reader_.number(source_, "min");
        rule_.max_ratio = reader_.number(source_, "max");
        need(rule_.min_ratio || rule_.max_ratio, "min or max");
        break;
    }
    check_order();
    if (rule_.name.empty()) rule_.name = made_up_name();
    return std::move(rule_);
  }

 private:
  void read_common() {
    rule_.table = reader_.text(source_, "table").value_or("");
    need(!rule_.table.empty(), "table");
    const auto check = reader_.word(
        source_, "check", std::span<const std::pair<std::string_view, RuleCheck>>(kChecks));
    need(check.has_value(), "check");
    rule_.check = check.value_or(RuleCheck::kNotNull);
    rule_.name = reader_.text(source_, "name").value_or("");
    rule_.place = reader_.place_of(source_);
    rule_.severity =
        reader_
            .word<RuleSeverity>(source_, "severity",
                                {{"warn", RuleSeverity::kWarn}, {"fail", RuleSeverity::kFail}})
            .value_or(RuleSeverity::kFail);
    rule_.columns = reader_.texts(source_, "columns");
    for (const std::string& column : reader_.texts(source_, "column")) {
      rule_.columns.push_back(column);
    }
  }

  void expect(std::initializer_list<std::string_view> own) {
    for (const auto& [key, setting] : source_.table) {
      const bool common = key == "table" || key == "check" || key == "name" || key == "severity";
      if (!common && std::find(own.begin(), own.end(), key) == own.end()) {
        reader_.set_fault(setting, fmt::format("A rule of check \"{}\" has no key \"{}\", but {}",
                                               word_of(rule_.check), key, fmt::join(own, ", ")));
      }
    }
  }

  void need(bool given, std::string_view what) {
    if (!given) reader_.set_fault(source_, fmt::format("A rule lacks its {}", what));
  }
  // Where several are given, the rule holds for each of them.
  void need_column() { need(!rule_.columns.empty(), "column"); }

  // Such a rule would refuse everything.
  void check_order() {
    const Setting* min = source_.find("min");
    const Setting* max = source_.find("max");
    const auto is_number = [](const Setting* setting) {
      return setting != nullptr &&
             (setting->kind == SettingKind::kInteger || setting->kind == SettingKind::kNumber);
    };
    if (is_number(min) && is_number(max) && min->number > max->number) {
      reader_.set_fault(*min, "A rule has a min above its max");
    }
  }

  std::optional<std::string> value(std::string_view key) {
    const Setting* found = source_.find(key);
    return found == nullptr ? std::nullopt : value_of(*found);
  }
  std::optional<std::string> value_of(const Setting& setting) {
    if (setting.kind == SettingKind::kList || setting.kind == SettingKind::kTable) {
      reader_.set_fault(setting, "A single value is expected");
      return {};
    }
    return setting.text;
  }

  void read_values() {
    const Setting* list = source_.find("values");
    if (list == nullptr) return;
    if (list->kind != SettingKind::kList) {
      reader_.set_fault(*list, "The key \"values\" must be a list");
      return;
    }
    for (const Setting& element : list->list) {
      if (auto read = value_of(element)) rule_.values.push_back(*std::move(read));
    }
  }

  std::string made_up_name() const {
    const std::string what = rule_.condition.empty()
                                 ? fmt::format("{}", fmt::join(rule_.columns, ", "))
                                 : rule_.condition;
    return fmt::format("{} {}{}{}", rule_.table, word_of(rule_.check), what.empty() ? "" : " ",
                       what);
  }

  const Setting& source_;
  SettingsReader& reader_;
  QualityRule rule_;
};

Result<std::vector<QualityRule>> rules_of(const Result<Setting>& root, const std::string& origin) {
  if (!root) return pass(root);
  SettingsReader reader(origin, kPage);
  reader.expect_keys(*root, {"rule"}, "a file of rules");
  std::vector<QualityRule> rules = read_rules(*root, reader);
  if (Result<void> read = reader.outcome(); !read) return pass(read);
  return rules;
}

}  // namespace

std::vector<QualityRule> read_rules(const Setting& root, SettingsReader& reader) {
  std::vector<QualityRule> rules;
  for (const Setting* source : reader.tables(root, "rule")) {
    rules.push_back(RuleReader(*source, reader).read());
  }
  return rules;
}

}  // namespace stave::quality

namespace stave {

Result<std::vector<QualityRule>> quality_rules_from_toml(const std::string& text,
                                                         const std::string& origin) {
  return guarded("rules were read", [&] {
    return quality::rules_of(settings::settings_from_toml(text, origin), origin);
  });
}

Result<std::vector<QualityRule>> read_quality_rules(const std::string& path) {
  return guarded("rules were read",
                 [&] { return quality::rules_of(settings::read_settings_file(path), path); });
}

}  // namespace stave
