// Leaving out the segments of facts whose files are damaged, for a run that asks for what can be
// had. Invariant: a segment is left out as a whole, and named, or read as a whole.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/context.h"
#include "engine/scan/source.h"

namespace stave {

// What a run left out. Thread-safe.
class SkippedSegments {
 public:
  // One sentence for each segment, by table and day.
  std::vector<std::string> sentences() const;

 private:
  friend void leave_out_damaged(const TableSource& table, ExecutionContext& context,
                                std::vector<RowSpan>& spans);
  mutable std::mutex mutex_;
  std::map<std::string, std::string> damage_of_file_;  // by path; empty: it is sound
  std::map<std::pair<std::string, std::uint64_t>, std::string> sentences_;  // by table, day and id
};

// Where the run's options ask for it, removes the spans of segments that have a damaged file among
// the columns of the source. Every block of those is decoded to find out.
void leave_out_damaged(const TableSource& table, ExecutionContext& context,
                       std::vector<RowSpan>& spans);

}  // namespace stave
