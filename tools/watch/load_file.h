// One file of the inbox as one load.
#pragma once

#include "stave/watch.h"
#include "tools/watch/inbox.h"
#include "tools/watch/run.h"

namespace stave::watching {

struct LoadedRun {
  Run run;
  Remedy remedy = Remedy::kNone;  // where the run failed
  bool is_gone = false;           // nothing of that file is left to be moved
};

// Imports the file, unless its content was imported before. Compares the file with what it was when
// it was found, so that a file that somebody still writes to is not taken for a faulty one, and one
// that changed behind its import is told of.
LoadedRun load_file(const std::string& store, const Inbox& inbox, const InboxFile& file,
                    const WatchOptions& options);

}  // namespace stave::watching
