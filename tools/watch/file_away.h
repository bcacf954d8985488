// Where a file goes when its run is over: archive/DATE/TABLE/FILE or failed/DATE/TABLE/FILE, with
// what became of it beside it.
// Invariant: the report is there before the file is, so a file that is filed away has one.
#pragma once

#include "tools/watch/inbox.h"
#include "tools/watch/run.h"

namespace stave::watching {

// The folder in which the import puts rejects.csv of a file.
std::string rejects_folder_of(const InboxFile& file);

// Writes the report, moves the file, and sets `run.moved_to`. `rejects.csv` goes with the file, and
// the paths in the report lead there. Kills at any point: the next call does the rest.
Result<void> file_away(const Inbox& inbox, Run& run);

// The run whose file was moved last and may not have been told of; it is remembered from before the
// move until `forget`.
struct UntoldRun {
  bool has_failed = false;
  std::string moved_to;
  std::string json;
};
Result<std::optional<UntoldRun>> untold_run(const Inbox& inbox);
Result<void> forget_untold_run(const Inbox& inbox);

}  // namespace stave::watching
