// The public interface of printing: compile without optimizing, so that steps are stages, then
// print.
#include "stave/sql.h"

#include <new>

#include "query/planning/optimize.h"
#include "query/running/compile.h"
#include "query/sql/plan_sql.h"

namespace stave {
namespace {

Result<std::string> print(const Store& store, std::string_view program, const QueryOptions& options,
                          const SqlOptions& sql, std::vector<Diagnostic>& diagnostics,
                          std::vector<std::string>& warnings) {
  const auto compiled =
      compile(store.snapshot(), program, options, diagnostics, warnings, CompileFor::kTranslating);
  if (!compiled) return pass(compiled);
  const SqlSettings settings{sql.dialect, compiled->zone.name(), compiled->week_start};
  std::string text = sql.prologue ? sql_prologue(settings) : "";
  for (const BoundPipeline& pipeline : compiled->pipelines) {
    if (pipeline.describe) {
      return fail(ErrorCode::kUnsupported,
                  "SQL has no stage `describe`. Leave it out, or ask `stave check`.");
    }
    std::vector<std::string> names;
    for (const ResultColumn& column : pipeline.columns) names.push_back(column.name);
    PlanSql printer(settings, store.snapshot().manifest().schema);
    auto statement = printer.statement(*prune_columns({pipeline.plan}).front(), names);
    if (!statement) return statement;
    text += *statement;
  }
  return text;
}

}  // namespace

Result<std::string> to_sql(const Store& store, std::string_view program,
                           const QueryOptions& options, const SqlOptions& sql,
                           std::vector<Diagnostic>* diagnostics,
                           std::vector<std::string>* warnings) {
  std::vector<Diagnostic> own_diagnostics;
  std::vector<std::string> own_warnings;
  try {
    return print(store, program, options, sql, diagnostics ? *diagnostics : own_diagnostics,
                 warnings ? *warnings : own_warnings);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kOutOfMemory, "There is not enough memory to print the program.");
  }
}

}  // namespace stave
