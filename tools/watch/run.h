// One attempt at one file of the inbox: what it was, and what is told of it to the log, to the
// commands of the user, and beside the file.
#pragma once

#include <cstdint>
#include <string>

#include "stave/load_report.h"
#include "tools/output/json_writer.h"
#include "tools/watch/inbox.h"

namespace stave::watching {

struct Run {
  InboxFile file;
  std::int64_t began = 0;  // microseconds since 1970
  int attempt = 1;
  std::string moved_to;  // in the inbox; empty: it stayed
  LoadReport load;

  bool has_failed() const { return load.error.has_value(); }
};

// One line of the run log without its end.
std::string json_of(const Run& run);
// For people.
std::string sentence_of(const Run& run);

// The beginning of each line of the log: an object that is open, with `time` and `event`.
JsonWriter event_json(std::int64_t time, std::string_view event);

std::int64_t microseconds_now();

// What may help against an error.
enum class Remedy {
  kNone,    // the file is at fault
  kRead,    // reading the file again, a few times
  kSettle,  // the file changed or went away meanwhile: whatever it becomes
  kWait,    // waiting: the store or the machine cannot take any file now
  kStop,    // nothing that a watch can do: the store is at fault, or the user stopped it
};
// Of an import's error, of which `store_opens` tells whether the store can be read.
Remedy remedy_for(ErrorCode code, bool store_opens);

}  // namespace stave::watching
