// One load for programs: what it did or why it failed, as JSON. Its keys: docs/quality.md and
// docs/command-line.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "stave/import.h"
#include "stave/quality.h"
#include "stave/result.h"

namespace stave {

struct LoadReport {
  std::string table;               // as it was asked for
  std::vector<std::string> files;  // as they were asked for
  bool dry_run = false;
  std::optional<ImportSummary> summary;  // nothing where the load failed
  std::optional<Error> error;            // nothing where it did not
  std::vector<RuleResult> rules;         // what came of each rule that was checked
};

// "imported", "nothing_new" (all files were imported before), "dry_run" or "failed".
const char* status_of(const LoadReport& report);

// One object in one line, without a line end.
std::string json_of(const LoadReport& report);

}  // namespace stave
