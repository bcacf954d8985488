// The reports there are: those inside the library, and the user's own beside a store.
// Invariant: names are unique; a user's report of a built-in name takes its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stave/query.h"
#include "storage/snapshot.h"

namespace stave {

struct BuiltInReport {
  std::string_view name;
  std::string_view text;
};

// By name.
const std::vector<BuiltInReport>& built_in_reports();

// Names of all reports, sorted.
std::vector<std::string> report_names(const Snapshot& snapshot);
// The program of a report; nothing where there is none of that name.
std::optional<std::string> report_text(const Snapshot& snapshot, const std::string& name);
// What `stave report STORE` lists of one: its parameters, then those of the reports that it is made
// of, which take values from outside too.
ReportDescription describe_report(const Snapshot& snapshot, const std::string& name,
                                  const std::string& text);

}  // namespace stave
