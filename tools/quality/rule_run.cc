// Rules on rows are asked of the preview as programs; rules on counts are read off its manifest.
#include "tools/quality/rule_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "storage/snapshot.h"
#include "storage/type_text.h"
#include "tools/quality/repeated_rows.h"
#include "tools/quality/rule_program.h"
#include "tools/quality/small_result.h"

namespace stave::quality {

namespace {

constexpr std::uint64_t kMemoryForExamples = std::uint64_t{512} << 20;

// For `now()`, to the second.
std::string time_text(std::int64_t microseconds) {
  std::string text = timestamp_text(microseconds).substr(0, 19) + "Z";
  std::ranges::replace(text, ' ', 'T');
  return text;
}

std::string rows_text(std::uint64_t rows) {
  return fmt::format("{} {}", rows, rows == 1 ? "row" : "rows");
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
    if (rule_.check == RuleCheck::kRows) {
      judge_rows();
    } else if (rule_.check == RuleCheck::kDayRatio) {
      judge_days();
    } else if (!misses_column()) {
      if (Result<void> asked = ask(); !asked) return pass(asked);
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
      break_rule(load_.summary.rows, fmt::format("the input has no column {}", column));
      return true;
    }
    return false;
  }

  void judge_rows() {
    const std::uint64_t rows = load_.summary.rows;
    if (rule_.min_rows && rows < *rule_.min_rows) {
      break_rule(1,
                 fmt::format("the load has {}, fewer than {}", rows_text(rows), *rule_.min_rows));
    } else if (rule_.max_rows && rows > *rule_.max_rows) {
      break_rule(1, fmt::format("the load has {}, more than {}", rows_text(rows), *rule_.max_rows));
    }
  }

  // Rows of the table by day, as they would be; days are those of facts.
  void judge_days() {
    const Manifest& manifest = load_.store.snapshot().manifest();
    if (manifest.schema.find_table(load_.summary.table)->kind == TableKind::kDimension) {
      judge_load_before(manifest);
      return;
    }
    std::map<std::int32_t, std::uint64_t> rows;
    std::set<std::int32_t> touched;
    for (const SegmentState& segment : manifest.find_table(load_.summary.table)->segments) {
      if (segment.day == kNoDay) continue;
      rows[segment.day] += segment.rows;
      if (segment.loads == std::vector<std::uint64_t>{load_.summary.load_id}) {
        touched.insert(segment.day);
      }
    }
    for (const std::int32_t day : touched) {
      const auto before = rows.find(day - 1);
      if (before != rows.end()) {
        judge_ratio(rows.at(day), before->second, "on " + date_text(day), "the day before");
      }
    }
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
        "{} {} against {} of {}: {:.4g} of it, {} than {}", rows_text(rows), where, before, against,
        ratio, few ? "less" : "more", few ? *rule_.min_ratio : *rule_.max_ratio);
    if (result_.kept) break_rule(0, sentence);
    ++result_.violations;
    if (result_.examples.size() < kExamples) result_.examples.push_back(sentence);
  }

  Result<void> ask() {
    const Schema& schema = load_.store.snapshot().manifest().schema;
    const TableSchema& table = *schema.find_table(load_.summary.table);
    const RuleSource source{schema, table, load_.rows_of_load, "from `" + table.name + "`"};
    const Result<RuleProgram> program = program_of(rule_, source);
    if (!program) return pass(program);
    if (rule_.check == RuleCheck::kUnique && table.kind == TableKind::kFact) {
      return count_repeated_facts(source, *program);
    }
    const Result<SmallResult> counted = answer(program->count);
    if (!counted) return pass(counted);
    const std::uint64_t violations = std::stoull(counted->cell(0, 0).value_or("0"));
    if (violations == 0) return {};
    break_rule(violations, program->finding);
    if (rule_.check == RuleCheck::kFresh) {
      result_.finding += ": " + counted->cell(0, 1).value_or("there is none");
      return {};
    }
    return show_examples(program->examples, 0);
  }

  Result<void> show_examples(const std::string& program, std::uint64_t memory_limit) {
    const Result<SmallResult> examples = answer(program, memory_limit);
    if (!examples) return pass(examples);
    for (std::size_t row = 0; row < examples->rows(); ++row) {
      result_.examples.push_back(examples->row_text(row));
    }
    return {};
  }

  Result<void> count_repeated_facts(RuleSource source, const RuleProgram& program) {
    const Result<Repeats> repeats = count_repeats(
        {load_.store.snapshot(), source.table, rule_.columns, load_.summary.load_id,
         rule_.whole_table, options_.threads, options_.memory_limit, options_.cancelled});
    if (!repeats) return pass(repeats);
    if (repeats->rows == 0) return {};
    break_rule(repeats->rows, program.finding);
    if (repeats->first_day) {
      const std::string of_day = " | where day == @" + date_text(*repeats->first_day);
      source.rows += of_day;
      source.whole += of_day;
    }
    const Result<RuleProgram> of_first_day = program_of(rule_, source);
    if (!of_first_day) return pass(of_first_day);
    const std::uint64_t limit = options_.memory_limit;
    const Result<void> shown =
        show_examples(of_first_day->examples,
                      limit == 0 ? kMemoryForExamples : std::min(limit, kMemoryForExamples));
    // Examples are a courtesy, and cost a group for each row.
    const bool is_too_much = !shown && shown.error().code == ErrorCode::kEvaluation;
    return is_too_much ? Result<void>() : shown;
  }

  Result<SmallResult> answer(const std::string& program, std::uint64_t memory_limit = 0) const {
    QueryOptions query_options;
    query_options.origin = "rule " + rule_.name;
    const bool of_arrival = rule_.against_arrival && options_.arrival != 0;
    query_options.now = time_text(of_arrival ? options_.arrival : options_.now);
    query_options.threads = options_.threads;
    query_options.memory_limit = memory_limit == 0 ? options_.memory_limit : memory_limit;
    query_options.cancelled = options_.cancelled;
    SmallResult rows;
    const Result<void> ran = query(load_.store, program, query_options, rows);
    if (ran) return rows;
    const bool is_stopped = ran.error().code == ErrorCode::kCancelled;
    return is_stopped ? pass(ran) : cannot_be_computed(rule_, ran.error());
  }

  const QualityRule& rule_;
  const LoadPreview& load_;
  const QualityOptions& options_;
  RuleResult result_;
};

}  // namespace

Result<RuleResult> run_rule(const QualityRule& rule, const LoadPreview& load,
                            const QualityOptions& options) {
  return RuleRun(rule, load, options).run();
}

}  // namespace stave::quality
