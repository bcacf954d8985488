// The public interface of asking: compile everything, then run pipeline by pipeline.
#include "stave/query.h"

#include <new>

#include "engine/execute.h"
#include "engine/run_profile.h"
#include "engine/scan/damaged_segments.h"
#include "query/kept/answer_from_kept.h"
#include "query/reports/report_catalogue.h"
#include "query/running/compile.h"
#include "query/running/result_view.h"
#include "query/syntax/spelling.h"
#include "stave/analyze.h"
#include "stave/materialize.h"

namespace stave {
namespace {

ExecutionOptions execution_options(const CompiledProgram& compiled, const QueryOptions& options,
                                   SkippedSegments& skipped) {
  ExecutionOptions execution;
  execution.threads = options.threads;
  execution.memory_limit = options.memory_limit;
  execution.timezone = compiled.zone.name();
  execution.week_start = compiled.week_start;
  execution.cancelled = options.cancelled;
  execution.skipped = options.skip_damaged ? &skipped : nullptr;
  return execution;
}

std::vector<PlanPointer> plans_of(const CompiledProgram& compiled) {
  std::vector<PlanPointer> plans;
  for (const BoundPipeline& pipeline : compiled.pipelines) plans.push_back(pipeline.plan);
  return plans;
}

Result<void> describe(const BoundPipeline& pipeline, ResultSink& sink) {
  const ColumnsView view(pipeline.columns);
  if (auto begun = sink.begin(ColumnsView::columns()); !begun) return begun;
  if (auto given = sink.batch(view); !given) return given;
  return sink.end();
}

Result<void> run(const Store& store, std::string_view program, const QueryOptions& options,
                 ResultSink& sink, std::vector<Diagnostic>& diagnostics,
                 std::vector<std::string>& warnings) {
  const auto compiled = compile(store.snapshot(), program, options, diagnostics, warnings);
  if (!compiled) return pass(compiled);
  SkippedSegments skipped;
  Execution execution(plans_of(*compiled), store.snapshot(),
                      execution_options(*compiled, options, skipped));
  const auto run_one = [&](std::size_t number) -> Result<void> {
    const BoundPipeline& pipeline = compiled->pipelines[number];
    if (pipeline.describe) return describe(pipeline, sink);
    if (auto begun = sink.begin(pipeline.columns); !begun) return begun;
    auto ran = execution.run(number, [&](const Batch& batch) -> Result<void> {
      return sink.batch(BatchView(batch, compiled->zone));
    });
    if (!ran) return ran;
    return sink.end();
  };
  Result<void> ran;
  for (std::size_t i = 0; ran && i < compiled->pipelines.size(); ++i) ran = run_one(i);
  for (const std::string& sentence : skipped.sentences()) warnings.push_back(sentence);
  return ran;
}

Failure out_of_memory() {
  return fail(ErrorCode::kNoSpace,
              "The query needs more memory than there is. Ask for less at once, or give a lower "
              "memory limit so that it spills.");
}

}  // namespace

Result<void> query(const Store& store, std::string_view program, const QueryOptions& options,
                   ResultSink& sink, std::vector<Diagnostic>* diagnostics,
                   std::vector<std::string>* warnings) {
  std::vector<Diagnostic> own_diagnostics;
  std::vector<std::string> own_warnings;
  try {
    return run(store, program, options, sink, diagnostics ? *diagnostics : own_diagnostics,
               warnings ? *warnings : own_warnings);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

Result<std::string> explain(const Store& store, std::string_view program,
                            const QueryOptions& options) {
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> warnings;
  try {
    const auto compiled = compile(store.snapshot(), program, options, diagnostics, warnings);
    if (!compiled) return pass(compiled);
    std::string text;
    for (const BoundPipeline& pipeline : compiled->pipelines) {
      if (!text.empty()) text += "\n";
      text += explain(pipeline.plan, store.snapshot());
    }
    return text;
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

Result<std::string> analyze(const Store& store, std::string_view program,
                            const QueryOptions& options) {
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> warnings;
  try {
    const auto compiled = compile(store.snapshot(), program, options, diagnostics, warnings);
    if (!compiled) return pass(compiled);
    std::string text;
    const std::vector<PlanPointer> plans = plans_of(*compiled);
    SkippedSegments skipped;
    RunProfile profile;
    Execution execution(plans, store.snapshot(), execution_options(*compiled, options, skipped),
                        &profile);
    for (std::size_t i = 0; i < plans.size(); ++i) {
      auto ran = execution.run(i, [](const Batch&) { return Result<void>(); });
      if (!ran) return pass(ran);
    }
    for (const PlanPointer& plan : plans) {
      if (!text.empty()) text += "\n";
      text += explain(plan, store.snapshot(), profile);
    }
    return text;
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

std::vector<ReportDescription> list_reports(const Store& store) {
  std::vector<ReportDescription> list;
  for (const std::string& name : report_names(store.snapshot())) {
    if (auto found = find_report(store, name)) list.push_back(*std::move(found));
  }
  return list;
}

std::optional<ReportDescription> find_report(const Store& store, const std::string& name) {
  const auto text = report_text(store.snapshot(), name);
  if (!text) return std::nullopt;
  return describe_report(store.snapshot(), name, *text);
}

Result<void> compute_report(const Store& store, const std::string& name,
                            const QueryOptions& options, ResultSink& sink,
                            std::vector<std::string>* warnings) {
  const auto text = report_text(store.snapshot(), name);
  if (!text) {
    const std::vector<std::string> names = report_names(store.snapshot());
    const std::string hint = did_you_mean(name, names);
    return fail(ErrorCode::kNotFound, "No such report: " + name +
                                          (hint.empty() ? "." : "; " + hint) + " The reports are " +
                                          list_names(names, 60) + ".");
  }
  QueryOptions renamed = options;
  renamed.origin = name;
  return query(store, *text, renamed, sink, nullptr, warnings);
}

Result<void> report(const Store& store, const std::string& name, const QueryOptions& options,
                    ResultSink& sink, std::vector<std::string>* warnings) {
  QueryOptions renamed = options;
  renamed.origin = name;
  try {
    const auto answered = answer_from_kept(store, name, renamed, sink, warnings);
    if (!answered) return pass(answered);
    if (*answered) return {};
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
  return compute_report(store, name, options, sink, warnings);
}

}  // namespace stave
