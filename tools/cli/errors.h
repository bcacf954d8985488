// How a command fails: its exit code, and the error on standard error as people or programs read
// it.
#pragma once

#include <string>
#include <vector>

#include "stave/query.h"
#include "stave/result.h"
#include "tools/cli/global_options.h"

namespace stave::cli {

enum ExitCode : int {
  kDone = 0,
  kFailed = 1,
  kWrongUse = 2,
  kDoneWithRejects = 3,
  kOverRejectTolerance = 4,
  kDamagedStore = 5,
  kLockedStore = 6,
};

int exit_code_of(ErrorCode code);

// Prints the error and returns its exit code. For programs that do not compile, `diagnostics` holds
// the parts of the message.
int report_error(const Error& error, const GlobalOptions& options,
                 const std::vector<Diagnostic>& diagnostics = {});
// The same for an error of another exit code than its own.
int report_error(const Error& error, int exit_code, const GlobalOptions& options,
                 const std::vector<Diagnostic>& diagnostics = {});

// "There is no table strems. Did you mean `streams`?"
std::string with_hint(const std::string& sentence, const std::string& misspelt,
                      const std::vector<std::string>& known);

void report_warnings(const std::vector<std::string>& warnings, const GlobalOptions& options);

}  // namespace stave::cli
