// Tells what happens: to the run log and to whoever asked for it.
#pragma once

#include <string>
#include <string_view>

#include "stave/watch.h"
#include "tools/watch/run.h"
#include "tools/watch/run_log.h"

namespace stave::watching {

class EventLog {
 public:
  EventLog(RunLog log, const std::function<void(const WatchEvent&)>& on_event)
      : log_(std::move(log)), on_event_(on_event) {}

  // `json` is a whole line. A log that cannot be written stops nothing; the listener hears of it.
  void tell(std::string_view name, const std::string& text, const std::string& json);

  void started(const std::string& store, const std::string& inbox);
  void stopped(const WatchSummary& summary);
  void ran(const Run& run);
  // The file stays where it is and is tried again.
  void waits(const InboxFile& file, int attempt, const Error& error,
             std::chrono::milliseconds wait);
  void ignored(const std::string& path, const std::string& reason);
  void called(const std::string& command, const std::string& file, int exit_code);
  void problem(const Error& error);

 private:
  RunLog log_;
  const std::function<void(const WatchEvent&)>& on_event_;
};

}  // namespace stave::watching
