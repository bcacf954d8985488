// Runs a plan over a snapshot.
// Invariant: the same plan over the same data gives the same rows in the same order for any number
// of threads, SIMD target and segment layout, f64 sums included.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"
#include "storage/snapshot.h"

namespace stave {

class SkippedSegments;
struct RunProfile;

struct ExecutionOptions {
  int threads = 0;                 // 0: as many as the machine has
  std::uint64_t memory_limit = 0;  // bytes; 0: three quarters of the machine's
  std::string timezone;            // empty: the store's
  int week_start = 1;              // ISO day, 1 = Monday
  std::uint32_t batch_rows = 0;    // 0: the engine's choice; tests use 1 to 65,536
  std::uint64_t spill_rows = 0;    // tests: more rows than this are never worked on in memory
  const std::atomic<bool>* cancelled = nullptr;
  SkippedSegments* skipped =
      nullptr;  // where given, damaged segments are left out and listed there
};

// Gets the result batch by batch, in order, from one thread at a time; an error stops the run.
using BatchSink = std::function<Result<void>(const Batch&)>;

Result<void> execute(const PlanPointer& plan, const Snapshot& snapshot,
                     const ExecutionOptions& options, const BatchSink& sink);
Result<Relation> execute(const PlanPointer& plan, const Snapshot& snapshot,
                         const ExecutionOptions& options);

// Plans that run one after another over one snapshot. What several of them read is computed once,
// and held until the last of them has run.
class Execution {
 public:
  // `profile`, where given, gets what each run did.
  Execution(std::vector<PlanPointer> plans, const Snapshot& snapshot,
            const ExecutionOptions& options, RunProfile* profile = nullptr);
  ~Execution();
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  // Each plan once, in their order.
  Result<void> run(std::size_t plan, const BatchSink& sink);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The plan in words, one operator a line, inputs indented.
std::string explain(const PlanPointer& plan, const Snapshot& snapshot);

}  // namespace stave
