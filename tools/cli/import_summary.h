// What an import did, for people and for programs.
#pragma once

#include "stave/load_report.h"
#include "tools/cli/global_options.h"

namespace stave::cli {

// As JSON any report; otherwise one that has a summary.
Result<void> print_load_report(const LoadReport& report, bool as_json,
                               const GlobalOptions& options);

}  // namespace stave::cli
