// From text to plans: parse, bind, optimize.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "query/binding/program_binder.h"
#include "stave/query.h"

namespace stave {

struct CompiledProgram {
  std::vector<BoundPipeline> pipelines;
  ProgramZone zone;
  int week_start = 1;
  std::int64_t now = 0;  // microseconds since 1970, UTC
  bool asks_now = false;
  std::vector<std::string> reports;  // texts of those it is made of, in order of use
};

// Programs that are only checked may lack values of their parameters.
// A program that is printed as SQL keeps its stages as they were written.
enum class CompileFor { kRunning, kChecking, kTranslating };

// On kInvalidProgram the message is the text of all `diagnostics`.
Result<CompiledProgram> compile(const Snapshot& snapshot, std::string_view program,
                                const QueryOptions& options, std::vector<Diagnostic>& diagnostics,
                                std::vector<std::string>& warnings,
                                CompileFor purpose = CompileFor::kRunning);

}  // namespace stave
