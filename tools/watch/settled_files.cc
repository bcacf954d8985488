// See settled_files.h.
#include "tools/watch/settled_files.h"

namespace stave::watching {

std::vector<InboxFile> SettledFiles::of(const std::vector<InboxFile>& files,
                                        Clock::time_point now) {
  std::vector<InboxFile> settled;
  std::map<std::string, Seen> seen;
  for (const InboxFile& file : files) {
    const auto before = seen_.find(file.path());
    const bool is_same = before != seen_.end() && before->second.mark == file.mark;
    const Seen& now_seen =
        seen.emplace(file.path(), Seen{file.mark, is_same ? before->second.since : now})
            .first->second;
    if (now - now_seen.since >= settle_) settled.push_back(file);
  }
  seen_ = std::move(seen);
  return settled;
}

}  // namespace stave::watching
