// Which segments of a load go into packs, and the packs themselves.
// Invariant: neither depends on threads.
#pragma once

#include <atomic>
#include <deque>
#include <string>
#include <vector>

#include "stave/result.h"
#include "tools/import/segment_task.h"

namespace stave::loading {

class SegmentPacks {
 public:
  // Gives all segments their paths or packs. The tasks outlive it and stay where they are.
  SegmentPacks(Load& load, std::size_t columns, std::vector<SegmentTask>& tasks);

  // After a segment's columns were written: who finishes the last one of a pack writes the pack.
  // Thread-safe for different segments.
  Result<void> finish(const SegmentTask& task);

 private:
  // Neighbouring segments that are small.
  struct Pack {
    std::string path;
    std::vector<SegmentTask*> segments;
    std::uint64_t piece_bytes = 0;
    std::atomic<std::size_t> unfinished = 0;
  };
  Result<void> write(Pack& pack);

  Transaction& transaction_;
  std::deque<Pack> packs_;
};

}  // namespace stave::loading
