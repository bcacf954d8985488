// Declarations and results.
#include "query/binding/program_binder.h"

#include <fmt/format.h>

#include <algorithm>

#include "query/binding/expression_binder.h"
#include "query/binding/functions.h"
#include "query/binding/pipeline_binder.h"
#include "query/planning/plan_builder.h"
#include "query/syntax/spelling.h"
#include "query/values/value_text.h"

namespace stave {
namespace {

const std::vector<std::string> kSettings = {"timezone", "week_start", "now"};
const std::vector<std::string> kWeekDays = {"monday", "tuesday",  "wednesday", "thursday",
                                            "friday", "saturday", "sunday"};

// The text of a setting: a string, or a bare word such as `sunday`.
std::string setting_text(const ExpressionSyntax& value) {
  if (value.kind == SyntaxKind::kString || value.kind == SyntaxKind::kInstant) return value.text;
  if (value.kind == SyntaxKind::kPath && value.path.size() == 1) return value.path[0].text;
  return "";
}

// A pipeline's result without what only names could reach.
BoundPipeline result_of(BoundRelation relation, bool describe) {
  BoundPipeline result;
  result.describe = describe;
  std::vector<NamedExpression> columns;
  for (const int position : relation.visible()) {
    const ScopeColumn& column = relation.columns[static_cast<std::size_t>(position)];
    columns.push_back({column.name, column_of(position, column.type)});
    result.columns.push_back({column.name, column.type});
  }
  if (!relation.broken) result.plan = project(relation.plan, std::move(columns));
  return result;
}

bool describes(const PipelineSyntax& pipeline) {
  return !pipeline.stages.empty() &&
         std::holds_alternative<DescribeSyntax>(pipeline.stages.back().body);
}

}  // namespace

void ProgramBinder::settings(const ProgramSyntax& program, bool now_is_given) {
  for (const DeclarationSyntax& declaration : program.declarations) {
    const auto* set = std::get_if<SetSyntax>(&declaration);
    if (set == nullptr) continue;
    const std::string text = setting_text(set->value);
    const auto reject = [&](const std::string& message, const std::string& hint) {
      context_.diagnostics.add({"E404", set->value.span, message, hint});
    };
    if (set->name.text == "timezone") {
      auto zone = ProgramZone::find(text);
      if (zone) {
        context_.zone = *zone;
      } else {
        reject(fmt::format("no time zone \"{}\"", text), "write e.g. \"UTC\" or \"Europe/Berlin\"");
      }
    } else if (set->name.text == "week_start") {
      const auto found = std::find(kWeekDays.begin(), kWeekDays.end(), text);
      if (found == kWeekDays.end()) {
        reject("a week starts on a day from monday to sunday", did_you_mean(text, kWeekDays));
      } else {
        context_.week_start = static_cast<int>(found - kWeekDays.begin()) + 1;
      }
    } else if (set->name.text == "now") {
      const auto instant = parse_timestamp(text, context_.zone);
      if (!instant) {
        reject("`now` is set to a time", "write e.g. @2025-05-01T12:00:00");
      } else if (!now_is_given) {
        context_.now = *instant;
      }
    } else {
      context_.diagnostics.add({"E404", set->name.span,
                                fmt::format("no setting `{}`", set->name.text),
                                did_you_mean(set->name.text, kSettings), kSettings});
    }
  }
}

void ProgramBinder::param(const ParamSyntax& syntax) {
  const std::string& name = syntax.name.text;
  if (context_.parameters.count(name) > 0) {
    context_.diagnostics.add({"E106", syntax.name.span,
                              fmt::format("two parameters are called `{}`", name),
                              "give one another name"});
    return;
  }
  Value value{syntax.type, {}};
  const auto handed = given_.values.find(name);
  const auto text = given_.texts.find(name);
  if (handed != given_.values.end()) {
    if (auto cast = cast_value(handed->second, syntax.type, &context_.zone)) {
      value = *cast;
    } else {
      context_.diagnostics.add(
          {"E402", syntax.name.span,
           fmt::format("the parameter `{}` is {} here and {} where it comes from", name,
                       to_string(syntax.type), to_string(handed->second.type))});
    }
  } else if (text != given_.texts.end()) {
    if (auto parsed = parse_value(text->second, syntax.type, context_.zone)) {
      value = *parsed;
    } else {
      context_.diagnostics.add(
          {"E402", syntax.name.span,
           fmt::format("the parameter `{}` was given \"{}\", which does not read as {}", name,
                       text->second, to_string(syntax.type)),
           syntax.type.kind == TypeKind::kDate ? "write a date like 2025-05-01" : ""});
    }
  } else if (syntax.value) {
    BoundRelation nothing;
    nothing.name = "a parameter";
    ExpressionBinder binder(context_, nothing);
    if (auto constant = binder.constant(*syntax.value, syntax.type)) value = *constant;
  } else if (!context_.parameters_may_lack) {
    context_.diagnostics.add({"E401", syntax.name.span,
                              fmt::format("the parameter `{}` has no value", name),
                              fmt::format("give it with `-p {}=...`, or a default here", name)});
  }
  context_.parameters.emplace(name, std::move(value));
}

void ProgramBinder::let(const LetSyntax& syntax) {
  if (context_.relations.count(syntax.name.text) > 0) {
    context_.diagnostics.add({"E106", syntax.name.span,
                              fmt::format("two relations are called `{}`", syntax.name.text),
                              "give one another name"});
    return;
  }
  BoundRelation relation = PipelineBinder(context_).bind(syntax.pipeline, false);
  context_.relations.emplace(syntax.name.text, std::move(relation));
}

void ProgramBinder::metric(const MetricSyntax& syntax) {
  const std::string& name = syntax.name.text;
  if (context_.metrics.count(name) > 0 || find_function(name) != nullptr) {
    context_.diagnostics.add({"E106", syntax.name.span,
                              fmt::format("there is a metric or function `{}` already", name),
                              "give it another name"});
    return;
  }
  context_.metrics.emplace(name, MetricEntry{&syntax, context_.metrics.size()});
}

void ProgramBinder::declarations(const ProgramSyntax& program) {
  for (const DeclarationSyntax& declaration : program.declarations) {
    if (const auto* one = std::get_if<ParamSyntax>(&declaration)) param(*one);
    if (const auto* one = std::get_if<LetSyntax>(&declaration)) let(*one);
    if (const auto* one = std::get_if<MetricSyntax>(&declaration)) metric(*one);
  }
}

std::vector<BoundPipeline> ProgramBinder::pipelines(const ProgramSyntax& program) {
  std::vector<BoundPipeline> results;
  for (const PipelineSyntax& pipeline : program.pipelines) {
    results.push_back(
        result_of(PipelineBinder(context_).bind(pipeline, true), describes(pipeline)));
  }
  return results;
}

BoundRelation ProgramBinder::relation(const ProgramSyntax& program) {
  if (program.pipelines.size() != 1) {
    context_.diagnostics.add({"E310", program.pipelines.back().span,
                              "a report with several results is no source",
                              "use one of its parts"});
  }
  return PipelineBinder(context_).bind(program.pipelines.front(), false);
}

}  // namespace stave
