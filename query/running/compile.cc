// The passes over one program, and over the reports that it uses as sources.
#include "query/running/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>

#include "query/planning/optimize.h"
#include "query/planning/plan_builder.h"
#include "query/reports/report_catalogue.h"
#include "query/syntax/parser.h"
#include "query/syntax/spelling.h"
#include "query/values/value_text.h"

namespace stave {
namespace {

constexpr std::size_t kDeepestReport = 16;

std::int64_t clock_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

// Compiles a program, with reports inside it.
class Compiler {
 public:
  Compiler(const Snapshot& snapshot, const QueryOptions& options,
           std::vector<std::string>& warnings, CompileFor purpose)
      : snapshot_(snapshot), options_(options), warnings_(warnings), purpose_(purpose) {}

  Result<CompiledProgram> compile(std::string_view text, std::vector<Diagnostic>& found);

 private:
  std::optional<BoundRelation> report(const std::string& name, Span span, BindContext& outer);
  Result<void> check_parameters() const;
  BindContext context_for(Diagnostics& diagnostics, ProgramZone zone);

  const Snapshot& snapshot_;
  const QueryOptions& options_;
  std::vector<std::string>& warnings_;
  CompileFor purpose_;
  std::vector<std::string> open_reports_;
  std::set<std::string> declared_;
  std::vector<std::string> texts_;
};

BindContext Compiler::context_for(Diagnostics& diagnostics, ProgramZone zone) {
  BindContext context{snapshot_, diagnostics, warnings_, std::move(zone)};
  context.bind_report = [this](const std::string& name, Span span, BindContext& outer) {
    return report(name, span, outer);
  };
  context.report_names = report_names(snapshot_);
  context.parameters_may_lack = purpose_ == CompileFor::kChecking;
  return context;
}

void note_declared(const ProgramSyntax& program, std::set<std::string>& declared) {
  for (const DeclarationSyntax& declaration : program.declarations) {
    if (const auto* param = std::get_if<ParamSyntax>(&declaration))
      declared.insert(param->name.text);
  }
}

std::optional<BoundRelation> Compiler::report(const std::string& name, Span span,
                                              BindContext& outer) {
  auto text = report_text(snapshot_, name);
  if (!text) return std::nullopt;
  BoundRelation broken;
  broken.name = name;
  broken.broken = true;
  broken.plan = make_plan(ScanNode{}, {});
  if (std::find(open_reports_.begin(), open_reports_.end(), name) != open_reports_.end() ||
      open_reports_.size() >= kDeepestReport) {
    outer.diagnostics.add({"E310", span, fmt::format("the report `{}` is a source of itself", name),
                           "break the circle"});
    return broken;
  }
  open_reports_.push_back(name);
  texts_.push_back(*text);
  const SourceText source(std::move(*text), name);
  Diagnostics diagnostics(source);
  const ProgramSyntax program = parse(source, diagnostics);
  BoundRelation relation = broken;
  if (diagnostics.empty()) {
    note_declared(program, declared_);
    BindContext context = context_for(diagnostics, outer.zone);
    context.week_start = outer.week_start;
    context.now = outer.now;
    const GivenParameters given{options_.parameters, outer.parameters};
    ProgramBinder binder(context, given);
    binder.declarations(program);
    if (diagnostics.empty()) relation = binder.relation(program);
    outer.asks_now |= context.asks_now;
  }
  open_reports_.pop_back();
  if (!diagnostics.empty()) {
    const Diagnostic first = diagnostics.sorted().front();
    outer.diagnostics.add(
        {"E310",
         span,
         fmt::format("the report `{}` has a fault", name),
         "",
         {},
         {fmt::format("{}:{}:{}: {}{}{}", name, first.line, first.column, first.message,
                      first.hint.empty() ? "" : "; ", first.hint)}});
    return broken;
  }
  relation.name = name;
  return relation;
}

// Values for parameters that nobody declares are mistakes.
Result<void> Compiler::check_parameters() const {
  const std::vector<std::string> names(declared_.begin(), declared_.end());
  for (const auto& [name, text] : options_.parameters) {
    if (declared_.count(name) > 0) continue;
    const std::string hint = did_you_mean(name, names);
    return fail(
        ErrorCode::kInvalidArgument,
        fmt::format(
            "{} has no parameter `{}`{}{}", options_.origin, name, hint.empty() ? "." : "; " + hint,
            names.empty() ? std::string(" It has none.") : " It has " + list_names(names) + "."));
  }
  return {};
}

Result<CompiledProgram> Compiler::compile(std::string_view text, std::vector<Diagnostic>& found) {
  auto zone = ProgramZone::find(snapshot_.manifest().timezone);
  if (!zone) return pass(zone);
  const SourceText source{std::string(text), options_.origin,
                          Prelude{options_.metrics, options_.metrics_origin}};
  Diagnostics diagnostics(source);
  const auto faults = [&] {
    found = diagnostics.sorted();
    return fail(ErrorCode::kInvalidProgram, render_all(found));
  };
  const ProgramSyntax program = parse(source, diagnostics);
  if (!diagnostics.empty()) return faults();

  BindContext context = context_for(diagnostics, std::move(*zone));
  const GivenParameters given{options_.parameters, {}};
  ProgramBinder binder(context, given);
  context.now = clock_now();
  binder.settings(program, !options_.now.empty());
  if (!options_.now.empty()) {
    const auto instant = parse_timestamp(options_.now, context.zone);
    if (!instant) {
      return fail(ErrorCode::kInvalidArgument,
                  "Not a time: " + options_.now + ". Write it like 2025-05-01T12:00:00.");
    }
    context.now = *instant;
  }
  note_declared(program, declared_);
  binder.declarations(program);
  std::vector<BoundPipeline> pipelines = binder.pipelines(program);
  if (auto checked = check_parameters(); !checked) return pass(checked);
  if (!diagnostics.empty()) return faults();
  if (purpose_ != CompileFor::kTranslating) {
    Plans plans;
    for (const BoundPipeline& pipeline : pipelines) plans.push_back(pipeline.plan);
    plans = optimize(std::move(plans), snapshot_.manifest());
    for (std::size_t i = 0; i < plans.size(); ++i) pipelines[i].plan = std::move(plans[i]);
  }
  return CompiledProgram{std::move(pipelines), context.zone,     context.week_start,
                         context.now,          context.asks_now, std::move(texts_)};
}

}  // namespace

Result<CompiledProgram> compile(const Snapshot& snapshot, std::string_view program,
                                const QueryOptions& options, std::vector<Diagnostic>& diagnostics,
                                std::vector<std::string>& warnings, CompileFor purpose) {
  return Compiler(snapshot, options, warnings, purpose).compile(program, diagnostics);
}

}  // namespace stave
