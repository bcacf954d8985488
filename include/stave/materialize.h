// Results of reports that a store keeps, and brings up to date by computing again only what
// changed. What is kept is never believed: `report` answers from it only where everything that the
// report reads is as it was, and computes otherwise. So an answer never depends on what is kept.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "stave/query.h"
#include "stave/result.h"
#include "stave/store.h"

namespace stave {

struct KeptReport {
  std::string name;
  std::map<std::string, std::string> parameters;  // as given
  std::string now;            // where the report asks for the time: what it was given
  std::string kept_by;        // "day", "week", "month"; empty: as a whole
  std::uint64_t periods = 0;  // days, weeks or months that are kept; 1 for a whole
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;     // on disk
  std::uint64_t snapshot = 0;  // that it was last computed from
  std::string computed_at;     // ISO, UTC
  bool is_fresh = false;
  std::string stale_because;        // "the facts of 1 day changed"
  std::uint64_t stale_periods = 0;  // to be computed again; `periods` where that is all
};

// What `store` keeps, in order of name, seen from its snapshot.
Result<std::vector<KeptReport>> list_kept_reports(const Store& store);

struct RefreshOptions {
  bool full = false;  // compute everything again
  int threads = 0;
  std::uint64_t memory_limit = 0;
  const std::atomic<bool>* cancelled = nullptr;
};

struct RefreshedReport {
  std::string name;
  std::map<std::string, std::string> parameters;
  std::string kept_by;
  std::uint64_t periods = 0;
  std::uint64_t computed = 0;  // periods that were computed again
  std::uint64_t rows = 0;
  std::string because;  // empty where it was fresh
};

// Computes a report with the parameters of `options` over the newest snapshot and keeps it, in
// place of what was kept for the same parameters; what is still good of that is used. Readers and
// writers are not disturbed: the lock is held for the moment of writing only. kInvalidArgument
// where a report cannot be kept: it asks for the present time and none was given, or has several
// results.
Result<RefreshedReport> materialize(const std::string& store, const std::string& name,
                                    const QueryOptions& options);

// Brings everything that is kept up to date.
Result<std::vector<RefreshedReport>> refresh(const std::string& store,
                                             const RefreshOptions& options);

// Deletes what is kept of a report, whatever its parameters; gives how many results went.
Result<std::uint64_t> forget_kept_report(const std::string& store, const std::string& name);

// As `report`, but always computed.
Result<void> compute_report(const Store& store, const std::string& name,
                            const QueryOptions& options, ResultSink& sink,
                            std::vector<std::string>* warnings = nullptr);

}  // namespace stave
