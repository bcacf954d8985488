// Rules that the rows of a load must keep, checked before it commits: through
// `ImportOptions::before_commit`. How a file of rules is written: docs/quality.md.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "stave/load_preview.h"
#include "stave/result.h"
#include "stave/store.h"

namespace stave {

enum class RuleSeverity { kWarn, kFail };  // kFail: nothing of the load gets into the store

enum class RuleCheck {
  kRequired,   // the file has the columns, and they are not null
  kNotNull,    // the columns are not null after the load
  kRange,      // min <= column <= max
  kOneOf,      // the column is one of the values
  kLike,       // the column matches a pattern of the language's `like`
  kUnique,     // no two rows agree in all columns
  kCondition,  // an expression of the language is not false
  kReference,  // the column's value is a key of the table it leads to
  kFresh,      // the newest time of the column is not too old
  kRows,       // how many rows the load has
  kDayRatio,   // rows of each day the load touches, against the day before
};

// Values stand as the rule spells them; what they are depends on the column.
struct QualityRule {
  std::string name;
  std::string place;  // for messages: "rules.toml, line 12"
  std::string table;  // or an alias
  RuleCheck check = RuleCheck::kNotNull;
  RuleSeverity severity = RuleSeverity::kFail;
  std::vector<std::string> columns;
  std::optional<std::string> min, max;  // kRange
  std::vector<std::string> values;      // kOneOf
  std::string pattern;                  // kLike
  std::string condition;                // kCondition
  bool whole_table = false;      // kUnique: against all rows of the table, not just the load's
  std::string refers_to;         // kReference: a table; empty: where the column's relation leads
  std::int64_t max_age = 0;      // kFresh, microseconds
  bool against_arrival = false;  // kFresh: of the file, not now
  std::optional<std::uint64_t> min_rows, max_rows;  // kRows
  std::optional<double> min_ratio, max_ratio;       // kDayRatio
};

// What came of one rule.
struct RuleResult {
  std::string rule;
  std::string table;
  RuleSeverity severity = RuleSeverity::kFail;
  bool kept = true;
  std::uint64_t violations = 0;       // rows; days for kDayRatio; 1 for rules on the whole load
  std::string finding;                // a sentence; empty where the rule was kept
  std::vector<std::string> examples;  // the first few rows, "likes=-3, user_id=7"
};

struct QualityOptions {
  std::int64_t now = 0;      // microseconds since 1970
  std::int64_t arrival = 0;  // of the file; 0: as `now`
  int threads = 0;
  std::uint64_t memory_limit = 0;
  const std::atomic<bool>* cancelled = nullptr;
};

// The `[[rule]]` sections of a TOML text; other sections are a fault.
Result<std::vector<QualityRule>> quality_rules_from_toml(const std::string& text,
                                                         const std::string& origin);
Result<std::vector<QualityRule>> read_quality_rules(const std::string& path);

// Whether the tables and columns of the rules are known and their conditions can be understood: for
// those who want to hear of it before a file arrives. Where `more_may_come`, a load may bring
// tables and columns that the store lacks, and only other faults count. kInvalidArgument names the
// rule and its place.
Result<void> check_rules_fit(const std::vector<QualityRule>& rules, const Store& store,
                             bool more_may_come);

// All rules of the table of a load, in their order. An error is a rule that cannot be computed.
Result<std::vector<RuleResult>> check_quality(const std::vector<QualityRule>& rules,
                                              const LoadPreview& load,
                                              const QualityOptions& options);

// kInvalidData with all findings where a rule of severity kFail was broken.
Result<void> quality_verdict(const std::vector<RuleResult>& results);

// For `ImportOptions::before_commit`: both of the above. What came of each rule, in all loads of a
// call together, is left in `results`, which must be empty at first and live as long as the
// function.
std::function<Result<void>(const LoadPreview&)> quality_gate(std::vector<QualityRule> rules,
                                                             QualityOptions options,
                                                             std::vector<RuleResult>& results);

const char* name_of(RuleSeverity severity);

}  // namespace stave
