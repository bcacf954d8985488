// The private side of ExecutionContext.
// Invariant: everything but `pool` and `spill` is read and written under `mutex`.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "engine/context.h"
#include "engine/runtime/thread_pool.h"
#include "engine/runtime/time_zone.h"
#include "engine/spill/spill_space.h"

namespace stave {

struct ExecutionContext::State {
  State(int threads, MemoryBudget& memory, std::uint64_t spill_rows)
      : pool(threads), spill(memory, spill_rows) {}

  ThreadPool pool;
  SpillSpace spill;
  std::mutex mutex;
  std::shared_ptr<const TimeZone> timezone;
  std::map<std::string, std::shared_ptr<const Domain>> domains;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const LookupArray>> lookups;
  std::map<std::string, std::shared_ptr<const RowTest>> row_tests;
  std::map<const Dictionary*, std::shared_ptr<const std::int64_t[]>> integers;
};

}  // namespace stave
