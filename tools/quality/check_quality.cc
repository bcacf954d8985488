// Which rules are for a load, and what is made of their results.
#include <fmt/format.h>

#include <algorithm>

#include "stave/quality.h"
#include "storage/guarded.h"
#include "storage/snapshot.h"
#include "tools/quality/rule_program.h"
#include "tools/quality/rule_run.h"
#include "tools/quality/small_result.h"

namespace stave {

namespace {

using quality::program_of;
using quality::RuleProgram;
using quality::SmallResult;

Failure no_such_table(const QualityRule& rule) {
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("A rule is for a table that the store does not have: rule \"{}\" ({}), "
                          "table {}. `stave describe STORE` lists them.",
                          rule.name, rule.place, rule.table));
}

// Of types, which keys get with their first values, and of names that a load may bring.
bool may_be_mended_by_data(const std::vector<Diagnostic>& faults, bool more_may_come) {
  return !faults.empty() && std::ranges::all_of(faults, [&](const Diagnostic& fault) {
    return fault.code.starts_with("E2") || (more_may_come && fault.code.starts_with("E1"));
  });
}

Result<void> check_rule_fits(const QualityRule& rule, const Store& store, bool more_may_come) {
  const Schema& schema = store.snapshot().manifest().schema;
  const TableSchema* table = schema.resolve_table(rule.table);
  if (table == nullptr) return more_may_come ? Result<void>() : no_such_table(rule);
  const auto is_known = [&](const std::string& column) { return table->find_column(column) >= 0; };
  if (more_may_come && !std::ranges::all_of(rule.columns, is_known)) return {};
  const std::string rows = "from `" + table->name + "`";
  const Result<RuleProgram> program = program_of(rule, {schema, *table, rows, rows});
  if (!program) return pass(program);
  if (program->count.empty()) return {};
  SmallResult described;
  std::vector<Diagnostic> faults;
  QueryOptions options;
  options.origin = "rule " + rule.name;
  const Result<void> understood =
      query(store, program->count + " | describe", options, described, &faults);
  if (understood || may_be_mended_by_data(faults, more_may_come)) return {};
  return quality::cannot_be_computed(rule, understood.error());
}

Result<std::vector<RuleResult>> check_rules(const std::vector<QualityRule>& rules,
                                            const LoadPreview& load,
                                            const QualityOptions& options) {
  const Schema& schema = load.store.snapshot().manifest().schema;
  std::vector<RuleResult> results;
  for (const QualityRule& rule : rules) {
    const TableSchema* table = schema.resolve_table(rule.table);
    if (table == nullptr) return no_such_table(rule);
    if (table->name != load.summary.table) continue;
    Result<RuleResult> result = quality::run_rule(rule, load, options);
    if (!result) return pass(result);
    results.push_back(*std::move(result));
  }
  return results;
}

// Of one load, to what came of the same rule in the loads before it.
void add_result(const RuleResult& result, RuleResult& all) {
  if (all.kept) {
    all = result;
    return;
  }
  all.violations += result.violations;
  for (const std::string& example : result.examples) {
    if (all.examples.size() < quality::kExamples) all.examples.push_back(example);
  }
}

}  // namespace

const char* name_of(RuleSeverity severity) {
  return severity == RuleSeverity::kWarn ? "warn" : "fail";
}

Result<void> check_rules_fit(const std::vector<QualityRule>& rules, const Store& store,
                             bool more_may_come) {
  return guarded("rules were read", [&]() -> Result<void> {
    for (const QualityRule& rule : rules) {
      if (Result<void> fits = check_rule_fits(rule, store, more_may_come); !fits) return fits;
    }
    return {};
  });
}

Result<std::vector<RuleResult>> check_quality(const std::vector<QualityRule>& rules,
                                              const LoadPreview& load,
                                              const QualityOptions& options) {
  return guarded("rules were checked", [&] { return check_rules(rules, load, options); });
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
                          "input, or make the rules warnings (severity = \"warn\").",
                          broken, findings));
}

std::function<Result<void>(const LoadPreview&)> quality_gate(std::vector<QualityRule> rules,
                                                             QualityOptions options,
                                                             std::vector<RuleResult>& results) {
  return [rules = std::move(rules), options, &results](const LoadPreview& load) -> Result<void> {
    const Result<std::vector<RuleResult>> checked = check_quality(rules, load, options);
    if (!checked) return pass(checked);
    results.resize(checked->size());
    for (std::size_t i = 0; i < results.size(); ++i) add_result((*checked)[i], results[i]);
    return quality_verdict(*checked);
  };
}

}  // namespace stave
