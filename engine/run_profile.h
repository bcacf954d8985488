// What a run did, operator by operator. Invariant: filters and projections are done by whoever
// reads through them, so that their time is that of the operator above.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "engine/execute.h"

namespace stave {

// Of a stored table: what its blocks and files are, and what was read of them.
struct ScanProfile {
  std::uint64_t rows = 0;         // of the table
  std::uint64_t rows_read = 0;    // where days, runs and blocks were not left out; in each reading
  std::uint64_t rows_passed = 0;  // the filters
  std::uint64_t blocks = 0;       // stretches of 16,384 rows of a segment
  std::uint64_t blocks_pruned = 0;
  std::uint64_t bytes = 0;        // of the columns of which a block was read
  std::uint64_t bytes_read = 0;   // key columns that others are predicted from not counted
  std::uint64_t nanoseconds = 0;  // of all threads together
};

struct OperatorProfile {
  std::uint64_t rows = 0;           // that it gave
  std::uint64_t bytes = 0;          // that these take in memory; 0 where they stream
  std::uint64_t spilled_bytes = 0;  // written to temporary files
  std::uint64_t nanoseconds = 0;    // from its start to its end, its inputs included
};

struct RunProfile {
  std::unordered_map<const Plan*, OperatorProfile> operators;
  std::unordered_map<const Plan*, ScanProfile> scans;
};

// As execute, and fills in the profile.
Result<void> execute(const PlanPointer& plan, const Snapshot& snapshot,
                     const ExecutionOptions& options, const BatchSink& sink, RunProfile& profile);

// The plan in words with what a run of it did.
std::string explain(const PlanPointer& plan, const Snapshot& snapshot, const RunProfile& profile);

}  // namespace stave
