// An inbox: a folder into which others put dumps, each of which becomes one load. What lies where
// and what happens when: docs/watch.md.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "stave/import.h"
#include "stave/quality.h"
#include "stave/result.h"

namespace stave {

// One thing that happened, as it stands in the run log.
struct WatchEvent {
  std::string name;  // "start", "run", "wait", "ignored", "hook", "problem", "stop"
  std::string text;  // for people, one line
  std::string json;  // one line of the run log
};

// A line of the file that says what is particular to a folder: `streams = "--date-format dmy"`.
struct FolderOptions {
  std::string folder;
  std::string options;  // as on the command line
  std::string place;    // for messages: "options.toml, line 3"
};
Result<std::vector<FolderOptions>> read_folder_options(const std::string& path);

struct WatchOptions {
  // Of every load, but of those of the folders in `import_of`. The watch sets rejects_directory,
  // before_commit and cancelled.
  ImportOptions import;
  std::map<std::string, ImportOptions> import_of;
  std::vector<QualityRule> rules;
  std::string on_success, on_failure;  // run by /bin/sh -c, the run's JSON on standard input
  std::string log_path;                // empty: INBOX/watch.log.jsonl
  bool once = false;                   // import what is there and return
  // A file is complete when it stayed the same for so long.
  std::chrono::milliseconds settle{5'000};
  std::chrono::milliseconds poll{1'000};
  // Between attempts where trying again helps; each wait is twice the one before.
  std::chrono::milliseconds first_wait{1'000};
  std::chrono::milliseconds longest_wait{300'000};
  int attempts = 5;  // at a file that cannot be read; the store's own troubles are waited out
  const std::atomic<bool>* cancelled = nullptr;
  std::function<void(const WatchEvent&)> on_event;
};

struct WatchSummary {
  std::uint64_t imported = 0;
  std::uint64_t skipped = 0;  // imported before
  std::uint64_t failed = 0;
  std::optional<Error> waits_for;  // why files were left in the inbox to be tried again
};

// Returns after one pass with `once`, else when cancelled. An error is one of the store or of the
// inbox; of a file it is in its run. kLocked where another watch is at work in the inbox.
Result<WatchSummary> watch_inbox(const std::string& store, const std::string& inbox,
                                 const WatchOptions& options);

}  // namespace stave
