// Names are written in backticks, values as literals, and conditions of the user in brackets of
// their own. A comparison with null breaks no rule.
#include "tools/quality/rule_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "stave/program.h"

namespace stave::quality {

namespace {

std::string name(const std::string& text) {
  return "`" + text + "`";
}

std::string names(const std::vector<std::string>& columns) {
  std::string list;
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + name(column);
  return list;
}

Failure not_a_value(const QualityRule& rule, const std::string& value, Type type) {
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("A rule compares with a value that is not of its column's type: rule "
                          "\"{}\" ({}), value {}, type {}. Correct the value.",
                          rule.name, rule.place, value, to_string(type)));
}

bool consists_of(const std::string& text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string::npos;
}

Result<std::string> literal(const QualityRule& rule, const std::string& value, Type type) {
  const bool is_time = consists_of(value, "0123456789-:.T Z+");
  switch (type.kind) {
    case TypeKind::kString:
      return quoted_text(value);
    case TypeKind::kBool:
      if (value == "true" || value == "false") return value;
      break;
    case TypeKind::kDate:
      if (is_time) return "@" + value.substr(0, 10);
      break;
    case TypeKind::kTimestamp:
      if (is_time) {
        std::string text = value.size() == 10 ? value + "T00:00:00" : value;
        std::ranges::replace(text, ' ', 'T');
        return "@" + text;
      }
      break;
    case TypeKind::kFloat64:
      if (consists_of(value, "0123456789-+.eE")) return fmt::format("({})::f64", value);
      break;
    case TypeKind::kInt64:
    case TypeKind::kDecimal:
      if (consists_of(value, "0123456789-+.")) return fmt::format("({})", value);
      break;
    case TypeKind::kNull:  // a key no value of which is known yet
    case TypeKind::kList:
      return quoted_text(value);
  }
  return not_a_value(rule, value, type);
}

// Outside of texts, quoted names and comments. A condition stands in brackets of its own, which one
// of its brackets must not close.
bool has_matching_brackets(const std::string& condition) {
  int open = 0;
  for (std::size_t at = 0; at < condition.size(); ++at) {
    const char byte = condition[at];
    if (byte == '"' || byte == '\'' || byte == '`') {
      for (++at; at < condition.size() && condition[at] != byte; ++at) {
        if (condition[at] == '\\' && byte != '`') ++at;
      }
    } else if (byte == '#') {
      at = std::min(condition.find('\n', at), condition.size());
    } else if (byte == '(') {
      ++open;
    } else if (byte == ')' && --open < 0) {
      return false;
    }
  }
  return open == 0;
}

class ProgramWriter {
 public:
  ProgramWriter(const QualityRule& rule, const RuleSource& source) : rule_(rule), source_(source) {}

  Result<RuleProgram> write() {
    if (Result<void> known = check_columns(); !known) return pass(known);
    switch (rule_.check) {
      case RuleCheck::kRequired:
      case RuleCheck::kNotNull:
        program_.finding = fmt::format("{} must not be null", fmt::join(rule_.columns, ", "));
        return for_each_column([](const std::string& column, Type) -> Result<std::string> {
          return column + " is null";
        });
      case RuleCheck::kRange:
        return range();
      case RuleCheck::kOneOf:
        return one_of();
      case RuleCheck::kLike:
        program_.finding =
            fmt::format("{} must be like {}", fmt::join(rule_.columns, ", "), rule_.pattern);
        return for_each_column([&](const std::string& column, Type) -> Result<std::string> {
          return fmt::format("{} not like {}", column, quoted_text(rule_.pattern));
        });
      case RuleCheck::kUnique:
        return unique();
      case RuleCheck::kCondition:
        if (!has_matching_brackets(rule_.condition)) return stray_bracket();
        program_.finding = fmt::format("{} must hold", rule_.condition);
        // The line break ends a comment in the condition.
        return of_rows(fmt::format("not ({}\n)", rule_.condition), columns_in_condition());
      case RuleCheck::kReference:
        return reference();
      case RuleCheck::kFresh:
        return fresh();
      case RuleCheck::kRows:
      case RuleCheck::kDayRatio:
        return std::move(program_);
    }
    return std::move(program_);
  }

 private:
  Result<void> check_columns() {
    if (rule_.check == RuleCheck::kFresh && rule_.columns.empty()) {
      if (source_.table.time_column.empty()) {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("A rule on freshness needs the name of a column, since the table "
                                "has no time of its own: rule \"{}\" ({}). Add column = \"...\".",
                                rule_.name, rule_.place));
      }
    }
    for (const std::string& column : rule_.columns) {
      if (source_.table.find_column(column) >= 0) continue;
      return fail(
          ErrorCode::kInvalidArgument,
          fmt::format("A rule names a column that its table does not have: rule \"{}\" "
                      "({}), column {} of {}. `stave describe STORE {}` lists them.",
                      rule_.name, rule_.place, column, source_.table.name, source_.table.name));
    }
    return {};
  }

  Failure stray_bracket() const {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("The brackets of a rule's condition do not match: rule \"{}\" ({}), "
                            "condition {}. Correct it.",
                            rule_.name, rule_.place, rule_.condition));
  }

  Type type_of(const std::string& column) const {
    return source_.table.columns[static_cast<std::size_t>(source_.table.find_column(column))].type;
  }

  Result<RuleProgram> for_each_column(
      const std::function<Result<std::string>(const std::string&, Type)>& violation) {
    std::string any;
    for (const std::string& column : rule_.columns) {
      Result<std::string> one = violation(name(column), type_of(column));
      if (!one) return pass(one);
      any += (any.empty() ? "" : " or ") + *one;
    }
    return of_rows(any, rule_.columns);
  }

  Result<RuleProgram> range() {
    program_.finding = fmt::format("{} must be", fmt::join(rule_.columns, ", "));
    if (rule_.min) program_.finding += " at least " + *rule_.min;
    if (rule_.max) {
      program_.finding += (rule_.min ? " and at most " : " at most ") + *rule_.max;
    }
    return for_each_column([&](const std::string& column, Type type) -> Result<std::string> {
      std::string outside;
      const auto add = [&](const std::optional<std::string>& bound,
                           std::string_view compare) -> Result<void> {
        if (!bound) return {};
        Result<std::string> text = literal(rule_, *bound, type);
        if (!text) return pass(text);
        outside += fmt::format("{}{} {} {}", outside.empty() ? "" : " or ", column, compare, *text);
        return {};
      };
      if (Result<void> added = add(rule_.min, "<"); !added) return pass(added);
      if (Result<void> added = add(rule_.max, ">"); !added) return pass(added);
      return outside;
    });
  }

  Result<RuleProgram> one_of() {
    std::string allowed;
    for (const std::string& value : rule_.values) {
      allowed += (allowed.empty() ? "" : ", ") + value;
    }
    program_.finding = fmt::format("{} must be one of {}", fmt::join(rule_.columns, ", "), allowed);
    return for_each_column([&](const std::string& column, Type type) -> Result<std::string> {
      std::string list;
      for (const std::string& value : rule_.values) {
        Result<std::string> text = literal(rule_, value, type);
        if (!text) return text;
        list += (list.empty() ? "" : ", ") + *text;
      }
      return fmt::format("{} not in ({})", column, list);
    });
  }

  Result<RuleProgram> unique() {
    const std::string by = names(rule_.columns);
    std::string known;
    for (const std::string& column : rule_.columns) {
      known += fmt::format("{}{} is not null", known.empty() ? "" : " and ", name(column));
    }
    std::string repeated = fmt::format("{} | where {}", source_.rows, known);
    std::string before;
    if (rule_.whole_table) {
      before = fmt::format("let of_load = {} | distinct {};\n", repeated, by);
      repeated = fmt::format("{} | join semi of_load on {}", source_.whole, by);
    }
    repeated = fmt::format("{}{} | summarize `rows` = count() by {} | where `rows` > 1", before,
                           repeated, by);
    program_.count = repeated + " | summarize violations = sum(`rows` - 1)";
    program_.examples = fmt::format("{} | top {} by `rows` desc, {}", repeated, kExamples, by);
    program_.finding = fmt::format("{} must be unique{}", fmt::join(rule_.columns, ", "),
                                   rule_.whole_table ? " in the table" : "");
    return std::move(program_);
  }

  Result<RuleProgram> reference() {
    const std::string& column = rule_.columns.front();
    std::string target_name = rule_.refers_to;
    for (const RelationSchema& relation : source_.table.relations) {
      if (target_name.empty() && relation.column == column) target_name = relation.table;
    }
    const TableSchema* target = source_.schema.resolve_table(target_name);
    if (target == nullptr || target->key.size() != 1) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("A rule on references leads to no table with a single key: rule "
                              "\"{}\" ({}), column {}, table \"{}\". Name one with to = \"...\".",
                              rule_.name, rule_.place, column, target_name));
    }
    const std::string missing = fmt::format(
        "{} | where {} is not null | join anti {} as known on {} == known.{}", source_.rows,
        name(column), name(target->name), name(column), name(target->key.front()));
    program_.count = missing + " | summarize violations = count()";
    program_.examples = fmt::format("{} | distinct {} | sort {} | take {}", missing, name(column),
                                    name(column), kExamples);
    program_.finding = fmt::format("{} must be in {}", column, target->name);
    return std::move(program_);
  }

  Result<RuleProgram> fresh() {
    const std::string& column =
        rule_.columns.empty() ? source_.table.time_column : rule_.columns.front();
    const std::string age = fmt::format("{}s", (rule_.max_age + 999'999) / 1'000'000);
    const bool is_date = type_of(column).kind == TypeKind::kDate;
    const std::string oldest = is_date ? fmt::format("date(now() - {})", age) : "now() - " + age;
    program_.count = fmt::format(
        "{} | summarize newest = max({}) | derive violations = if(newest >= {}, 0, 1) | select "
        "violations, newest",
        source_.rows, name(column), oldest);
    program_.finding = fmt::format("the newest {} is too old", column);
    return std::move(program_);
  }

  Result<RuleProgram> of_rows(const std::string& violation, std::vector<std::string> shown) {
    const TableSchema& table = source_.table;
    for (const std::string& key : table.key) shown.push_back(key);
    if (table.key.empty()) {
      for (const RelationSchema& relation : table.relations) shown.push_back(relation.column);
    }
    if (!table.time_column.empty()) shown.push_back(table.time_column);
    std::vector<std::string> once;
    for (const std::string& column : shown) {
      if (std::ranges::find(once, column) == once.end()) once.push_back(column);
    }
    program_.count =
        fmt::format("{} | summarize violations = count_if({})", source_.rows, violation);
    program_.examples = fmt::format("{} | where {} | take {}{}", source_.rows, violation, kExamples,
                                    once.empty() ? "" : " | select " + names(once));
    return std::move(program_);
  }

  std::vector<std::string> columns_in_condition() const {
    std::vector<std::string> found;
    std::string word;
    for (const char byte : rule_.condition + " ") {
      const bool is_part = std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
      if (is_part) {
        word += byte;
        continue;
      }
      if (source_.table.find_column(word) >= 0) found.push_back(word);
      word.clear();
    }
    return found;
  }

  const QualityRule& rule_;
  const RuleSource& source_;
  RuleProgram program_;
};

}  // namespace

Failure cannot_be_computed(const QualityRule& rule, const Error& error) {
  const bool is_misspelt = error.code == ErrorCode::kInvalidProgram;
  return fail(is_misspelt ? ErrorCode::kInvalidArgument : error.code,
              fmt::format("A rule cannot be computed: rule \"{}\" ({}). {}", rule.name, rule.place,
                          error.message));
}

Result<RuleProgram> program_of(const QualityRule& rule, const RuleSource& source) {
  return ProgramWriter(rule, source).write();
}

}  // namespace stave::quality
