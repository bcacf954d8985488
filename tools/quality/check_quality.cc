// Runs the rules of a load's table, one after another, against the preview of the load.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "stave/quality.h"
#include "stave/query.h"
#include "storage/snapshot.h"
#include "tools/import/parse_time.h"
#include "tools/quality/rule_program.h"

namespace stave {

namespace {

using quality::program_of;
using quality::RuleProgram;
using quality::RuleSource;

// The cells of a small result as text; null is nothing.
class CellSink : public ResultSink {
 public:
  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    columns_ = columns;
    return {};
  }
  Result<void> batch(const ResultBatch& batch) override {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      std::vector<std::string>& cells = rows.emplace_back(columns_.size());
      for (std::size_t i = 0; i < columns_.size(); ++i) batch.append_text(row, i, cells[i]);
    }
    return {};
  }
  Result<void> end() override { return {}; }

  std::string text_of(std::size_t row) const {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string& cell = rows[row][i];
      text += fmt::format("{}{}={}", text.empty() ? "" : ", ", columns_[i].name,
                          cell.empty() ? "null" : cell);
    }
    return text;
  }

  std::vector<std::vector<std::string>> rows;

 private:
  std::vector<ResultColumn> columns_;
};

std::string time_text(std::int64_t microseconds) {
  const std::int64_t day = loading::floor_day(microseconds);
  const loading::CivilDay civil = loading::civil_from_days(static_cast<std::int32_t>(day));
  const std::int64_t seconds =
      (microseconds - day * loading::kMicrosPerDay) / loading::kMicrosPerSecond;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", civil.year, civil.month, civil.day,
                     seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string day_text(std::int32_t day) {
  return time_text(day * loading::kMicrosPerDay).substr(0, 10);
}

class RuleRun {
 public:
  RuleRun(const QualityRule& rule, const LoadPreview& load, const QualityOptions& options)
      : rule_(rule), load_(load), options_(options) {
    result_.rule = rule.name;
    result_.table = load.summary.table;
    result_.severity = rule.severity;
  }

  Result<RuleResult> run() {
    Result<void> done;
    if (rule_.check == RuleCheck::kRows) {
      judge_rows();
    } else if (rule_.check == RuleCheck::kDayRatio) {
      judge_days();
    } else if (!misses_column()) {
      done = ask();
    }
    if (!done) {
      return fail(done.error().code, fmt::format("A rule could not be computed: \"{}\". {}",
                                                 rule_.name, done.error().message));
    }
    return std::move(result_);
  }

 private:
  void break_rule(std::uint64_t violations, std::string finding) {
    result_.kept = false;
    result_.violations = violations;
    result_.finding = std::move(finding);
  }

  bool misses_column() {
    if (rule_.check != RuleCheck::kRequired) return false;
    const auto& brought = load_.brought_columns;
    for (const std::string& column : rule_.columns) {
      if (std::ranges::find(brought, column) != brought.end()) continue;
      break_rule(load_.summary.rows, fmt::format("the file has no column {}", column));
      return true;
    }
    return false;
  }

  void judge_rows() {
    const std::uint64_t rows = load_.summary.rows;
    if (rule_.min_rows && rows < *rule_.min_rows) {
      break_rule(1, fmt::format("the load has {} rows, fewer than {}", rows, *rule_.min_rows));
    } else if (rule_.max_rows && rows > *rule_.max_rows) {
      break_rule(1, fmt::format("the load has {} rows, more than {}", rows, *rule_.max_rows));
    }
  }

  // Rows of the table by day, as they would be; days are those of facts.
  void judge_days() {
    const Manifest& manifest = load_.store.snapshot().manifest();
    const TableState& table = *manifest.find_table(load_.summary.table);
    std::map<std::int32_t, std::uint64_t> rows;
    std::set<std::int32_t> touched;
    for (const SegmentState& segment : table.segments) {
      if (segment.day == kNoDay) continue;
      rows[segment.day] += segment.rows;
      if (segment.loads == std::vector<std::uint64_t>{load_.summary.load_id}) {
        touched.insert(segment.day);
      }
    }
    for (const std::int32_t day : touched) {
      const auto before = rows.find(day - 1);
      if (before != rows.end()) {
        judge_ratio(rows.at(day), before->second, "on " + day_text(day), "the day before");
      }
    }
    if (table.segments.empty()) judge_load_before(manifest);
  }

  // A dimension has no days: this load against the one before.
  void judge_load_before(const Manifest& manifest) {
    for (auto load = manifest.loads.rbegin(); load != manifest.loads.rend(); ++load) {
      if (load->table != load_.summary.table) continue;
      if (load->rows > 0) {
        judge_ratio(load_.summary.rows, load->rows, "in the load",
                    fmt::format("load {}", load->id));
      }
      return;
    }
  }

  void judge_ratio(std::uint64_t rows, std::uint64_t before, const std::string& where,
                   const std::string& against) {
    const double ratio = static_cast<double>(rows) / static_cast<double>(before);
    const bool few = rule_.min_ratio && ratio < *rule_.min_ratio;
    if (!few && !(rule_.max_ratio && ratio > *rule_.max_ratio)) return;
    const std::string sentence = fmt::format(
        "{} rows {} against {} of {}, {:.4g} of it, {} than {}", rows, where, before, against,
        ratio, few ? "less" : "more", few ? *rule_.min_ratio : *rule_.max_ratio);
    if (result_.kept) break_rule(0, sentence);
    ++result_.violations;
    if (result_.examples.size() < 5) result_.examples.push_back(sentence);
  }

  Result<void> ask() {
    const Schema& schema = load_.store.snapshot().manifest().schema;
    const RuleSource source{schema, *schema.find_table(load_.summary.table), load_.rows_of_load,
                            "from `" + load_.summary.table + "`"};
    const Result<RuleProgram> program = program_of(rule_, source);
    if (!program) return pass(program);
    const Result<CellSink> counted = answer(program->count);
    if (!counted) return pass(counted);
    const std::vector<std::string>& cells = counted->rows.at(0);
    const std::uint64_t violations = cells[0].empty() ? 0 : std::stoull(cells[0]);
    if (violations == 0) return {};
    break_rule(violations, program->finding);
    if (rule_.check == RuleCheck::kFresh) {
      result_.finding += ": " + (cells[1].empty() ? "there is none" : cells[1]);
      return {};
    }
    const Result<CellSink> examples = answer(program->examples);
    if (!examples) return pass(examples);
    for (std::size_t row = 0; row < examples->rows.size(); ++row) {
      result_.examples.push_back(examples->text_of(row));
    }
    return {};
  }

  Result<CellSink> answer(const std::string& program) const {
    QueryOptions query_options;
    query_options.origin = "rule " + rule_.name;
    const bool of_arrival = rule_.against_arrival && options_.arrival != 0;
    query_options.now = time_text(of_arrival ? options_.arrival : options_.now);
    query_options.threads = options_.threads;
    query_options.memory_limit = options_.memory_limit;
    query_options.cancelled = options_.cancelled;
    CellSink sink;
    if (Result<void> ran = query(load_.store, program, query_options, sink); !ran) {
      return pass(ran);
    }
    return sink;
  }

  const QualityRule& rule_;
  const LoadPreview& load_;
  const QualityOptions& options_;
  RuleResult result_;
};

// Faults that may vanish once keys have values: of types.
bool may_be_mended_by_data(const std::vector<Diagnostic>& faults) {
  return !faults.empty() && std::ranges::all_of(faults, [](const Diagnostic& fault) {
    return fault.code.starts_with("E2");
  });
}

Result<void> check_rule_fits(const QualityRule& rule, const Store& store) {
  const Schema& schema = store.snapshot().manifest().schema;
  const TableSchema* table = schema.resolve_table(rule.table);
  if (table == nullptr) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("A rule is for a table that the store does not have: rule \"{}\", "
                            "table {}. `stave describe STORE` lists them.",
                            rule.name, rule.table));
  }
  const std::string rows = "from `" + table->name + "`";
  const Result<RuleProgram> program = program_of(rule, {schema, *table, rows, rows});
  if (!program) return pass(program);
  if (program->count.empty()) return {};
  CellSink sink;
  std::vector<Diagnostic> faults;
  const Result<void> understood = query(store, program->count + " | describe", {}, sink, &faults);
  if (understood || may_be_mended_by_data(faults)) return {};
  return fail(ErrorCode::kInvalidArgument, fmt::format("A rule cannot be understood: \"{}\". {}",
                                                       rule.name, understood.error().message));
}

}  // namespace

const char* name_of(RuleSeverity severity) {
  return severity == RuleSeverity::kWarn ? "warn" : "fail";
}

Result<void> check_rules_fit(const std::vector<QualityRule>& rules, const Store& store) {
  for (const QualityRule& rule : rules) {
    if (Result<void> fits = check_rule_fits(rule, store); !fits) return fits;
  }
  return {};
}

Result<std::vector<RuleResult>> check_quality(const std::vector<QualityRule>& rules,
                                              const LoadPreview& load,
                                              const QualityOptions& options) {
  const Schema& schema = load.store.snapshot().manifest().schema;
  std::vector<RuleResult> results;
  for (const QualityRule& rule : rules) {
    const TableSchema* table = schema.resolve_table(rule.table);
    if (table == nullptr || table->name != load.summary.table) continue;
    Result<RuleResult> result = RuleRun(rule, load, options).run();
    if (!result) return pass(result);
    results.push_back(*std::move(result));
  }
  return results;
}

Result<void> quality_verdict(const std::vector<RuleResult>& results) {
  std::string findings;
  std::size_t broken = 0;
  for (const RuleResult& result : results) {
    if (result.kept || result.severity != RuleSeverity::kFail) continue;
    ++broken;
    findings += fmt::format("\n  {}: {} ({} {})", result.rule, result.finding, result.violations,
                            result.violations == 1 ? "violation" : "violations");
    for (const std::string& example : result.examples) findings += "\n    " + example;
  }
  if (broken == 0) return {};
  return fail(ErrorCode::kInvalidData,
              fmt::format("The load breaks {} of its rules; nothing was imported.{}\nCorrect the "
                          "file, or make the rules warnings (severity = \"warn\").",
                          broken, findings));
}

}  // namespace stave
