// Which files of an inbox are complete: those that stayed the same for a while. Their own times
// are not believed, since they come from other clocks.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tools/watch/inbox.h"

namespace stave::watching {

class SettledFiles {
 public:
  using Clock = std::chrono::steady_clock;

  explicit SettledFiles(std::chrono::milliseconds settle) : settle_(settle) {}

  // Of the files that are there now, those that are complete, in their order.
  std::vector<InboxFile> of(const std::vector<InboxFile>& files, Clock::time_point now);

 private:
  struct Seen {
    FileMark mark;
    Clock::time_point since;
  };
  std::chrono::milliseconds settle_;
  std::map<std::string, Seen> seen_;
};

}  // namespace stave::watching
