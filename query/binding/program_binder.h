// A whole program: settings, parameters, metrics and relations first, then its pipelines.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "query/binding/context.h"
#include "stave/query.h"

namespace stave {

struct BoundPipeline {
  PlanPointer plan;  // gives exactly `columns`
  std::vector<ResultColumn> columns;
  bool describe = false;  // the answer is the columns, not the rows
};

// What the caller gave for parameters: text from the command line, or values handed on by a
// program that uses this one (a report) as a source.
struct GivenParameters {
  std::map<std::string, std::string> texts;
  std::map<std::string, Value> values;
};

// `context` gets everything that declarations say. Faults go to its diagnostics.
class ProgramBinder {
 public:
  ProgramBinder(BindContext& context, const GivenParameters& given)
      : context_(context), given_(given) {}

  // `set timezone`, `set week_start`, `set now`: they come before all else.
  void settings(const ProgramSyntax& program, bool now_is_given);
  void declarations(const ProgramSyntax& program);
  std::vector<BoundPipeline> pipelines(const ProgramSyntax& program);
  // The one relation that a report is, for use as a source.
  BoundRelation relation(const ProgramSyntax& program);

 private:
  void param(const ParamSyntax& syntax);
  void let(const LetSyntax& syntax);
  void metric(const MetricSyntax& syntax);

  BindContext& context_;
  const GivenParameters& given_;
};

}  // namespace stave
