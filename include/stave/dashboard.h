// A page about a store: one file that opens from disk, needs no other file, and asks no network.
#pragma once

#include <atomic>
#include <string>

#include "stave/output.h"
#include "stave/store.h"

namespace stave {

struct DashboardOptions {
  std::string title = "Music plays";
  // First day of the month whose royalties are shown, ISO; empty: the last month that the plays
  // reach. Months without money to share show none.
  std::string period;
  int threads = 0;                 // 0: as many as the machine has
  std::uint64_t memory_limit = 0;  // bytes; 0: as for queries
  const std::atomic<bool>* cancelled = nullptr;
};

// The page holds aggregates of the `streams` of a store, never rows: by day, genre, country and
// hour, the genres and countries beyond the first fifteen as one. kUnsupported where the store has
// no `streams`; `path` is the store's folder, for its ledger of loads.
Result<void> write_dashboard(const Store& store, const std::string& path,
                             const DashboardOptions& options, const TextSink& write);

}  // namespace stave
