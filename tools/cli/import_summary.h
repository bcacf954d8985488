// What an import did, for people and for programs.
#pragma once

#include "stave/import.h"
#include "tools/cli/global_options.h"

namespace stave::cli {

Result<void> print_import_summary(const ImportSummary& summary, bool dry_run,
                                  const GlobalOptions& options);

}  // namespace stave::cli
