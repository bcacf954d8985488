// Checking and laying out: the front half of running a program.
#include "stave/program.h"

#include <new>

#include "query/running/compile.h"
#include "query/syntax/format_program.h"
#include "query/syntax/parser.h"

namespace stave {
namespace {

Failure out_of_memory() {
  return fail(ErrorCode::kOutOfMemory, "There is not enough memory to read the program.");
}

}  // namespace

Result<std::string> format_program(std::string_view program, const std::string& origin,
                                   std::vector<Diagnostic>* diagnostics) {
  try {
    const SourceText source{std::string(program), origin};
    Diagnostics faults(source);
    const ProgramSyntax tree = parse(source, faults);
    if (!faults.empty()) {
      const std::vector<Diagnostic> found = faults.sorted();
      if (diagnostics != nullptr) *diagnostics = found;
      return fail(ErrorCode::kInvalidProgram, render_all(found));
    }
    return lay_out(source, tree);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

std::string quoted_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '\n') {
      quoted += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

Result<std::vector<std::vector<ResultColumn>>> check(const Store& store, std::string_view program,
                                                     const QueryOptions& options,
                                                     std::vector<Diagnostic>* diagnostics,
                                                     std::vector<std::string>* warnings) {
  std::vector<Diagnostic> own_diagnostics;
  std::vector<std::string> own_warnings;
  try {
    const auto compiled = compile(
        store.snapshot(), program, options, diagnostics != nullptr ? *diagnostics : own_diagnostics,
        warnings != nullptr ? *warnings : own_warnings, CompileFor::kChecking);
    if (!compiled) return pass(compiled);
    std::vector<std::vector<ResultColumn>> results;
    for (const BoundPipeline& pipeline : compiled->pipelines) {
      results.push_back(pipeline.columns);
    }
    return results;
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace stave
