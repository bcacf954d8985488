// What all operators of one run share: the snapshot, the options, the threads, the memory budget
// and the look-up arrays loaded so far. Invariant: work is handed out by item number and errors are
// taken by item number, so that the number of threads never changes a result or the error that is
// reported.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/execute.h"
#include "engine/vector.h"
#include "stave/result.h"
#include "storage/snapshot.h"

namespace stave {

class NarrowLookup;  // engine/runtime/narrow_lookup.h
class RowTest;       // engine/runtime/row_test.h
class SpillSpace;
class TimeZone;

// Bytes that a run may hold at once. Thread-safe.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t limit) : limit_(limit) {}
  // Fails with kEvaluation where the limit would be passed; nothing is reserved then.
  Result<void> reserve(std::uint64_t bytes);
  // How often `reserve` failed.
  std::uint64_t refusals() const { return refusals_.load(std::memory_order_relaxed); }
  void release(std::uint64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  std::uint64_t limit() const { return limit_; }
  std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  std::uint64_t limit_;
  std::atomic<std::uint64_t> used_{0};
  std::atomic<std::uint64_t> refusals_{0};
};

// Values indexed by code. One column of a code-addressed dimension: slot 0 and every code without a
// row hold null. Or values that the run itself computed for each code, null included.
struct LookupArray {
  Vector values;  // one for each code of the domain, and for null; without data where `narrow` has
  std::shared_ptr<const NarrowLookup> narrow;
  std::shared_ptr<const Dictionary> keys;  // what the codes stand for
  // kInt64: every non-null value lies within.
  std::optional<std::pair<std::int64_t, std::int64_t>> range;
};

// Whether long arrays of integers may be narrow.
enum class LookupWidth : std::uint8_t { kWhole, kNarrow };

class ExecutionContext {
 public:
  ExecutionContext(const Snapshot& snapshot, const ExecutionOptions& options);
  ~ExecutionContext();
  ExecutionContext(const ExecutionContext&) = delete;
  ExecutionContext& operator=(const ExecutionContext&) = delete;

  const Snapshot& snapshot() const { return snapshot_; }
  const ExecutionOptions& options() const { return options_; }
  MemoryBudget& memory() { return memory_; }
  // Where rows go that do not fit into it.
  SpillSpace& spill();
  int threads() const { return threads_; }

  // The zone of `options`, else the store's; fails on an unknown name.
  Result<const TimeZone*> timezone();
  // True where the query's zone is the store's: then date(time) is the partition day.
  bool uses_store_timezone() const;

  // kCancelled once the caller asked to stop.
  Result<void> check_cancelled() const;

  // Runs body(item, worker) for every item 0..count - 1, started in this order, on at most
  // threads() workers numbered from 0; the caller is one of them. Stops early on an error and
  // returns the one of the smallest item. Tests for cancellation before each item. Not to be called
  // from a body.
  using ParallelBody = std::function<Result<void>(std::size_t item, int worker)>;
  Result<void> parallel_for(std::size_t count, const ParallelBody& body);

  // As parallel_for, and `consume(item)` runs for every item in order, one at a time, once its body
  // is done; no body runs more than `window` items ahead of the next one to be consumed.
  // `consume` gives false to stop early without an error.
  using OrderedConsumer = std::function<Result<bool>(std::size_t item)>;
  Result<void> ordered_for(std::size_t count, std::size_t window, const ParallelBody& body,
                           const OrderedConsumer& consume);

  // The dictionary of a domain; one that turns out damaged fails `check_domains`.
  Result<std::shared_ptr<const Dictionary>> domain(const std::string& name);
  // To be called once all values are read.
  Result<void> check_domains() const;

  // Loaded once for each (table, column) and then shared. Thread-safe.
  Result<std::shared_ptr<const LookupArray>> lookup(const std::string& table,
                                                    const std::string& column,
                                                    LookupWidth width = LookupWidth::kWhole);
  // Makes an array that the run computed known; look-ups into the table without a name find it
  // under the column given back.
  std::string add_lookup(std::shared_ptr<const LookupArray> array);
  // The same for a test, which matches find under the name given back.
  std::string add_row_test(std::shared_ptr<const RowTest> test);
  Result<std::shared_ptr<const RowTest>> row_test(const std::string& name);
  // The integers behind the codes of an integer dictionary, slot 0 unused; made once. Thread-safe.
  Result<std::shared_ptr<const std::int64_t[]>> integers_of(
      const std::shared_ptr<const Dictionary>& dictionary);

 private:
  struct State;
  const Snapshot& snapshot_;
  ExecutionOptions options_;
  MemoryBudget memory_;
  int threads_ = 1;
  std::unique_ptr<State> state_;
};

}  // namespace stave
