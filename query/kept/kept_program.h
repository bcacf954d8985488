// A report made ready to be kept: what is asked, how it falls apart, and what it reads.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "query/kept/partition_unit.h"
#include "query/kept/plan_sources.h"
#include "query/running/compile.h"
#include "stave/store.h"
#include "storage/kept_reports.h"

namespace stave {

struct KeptProgram {
  KeptQuestion question;
  std::uint64_t fingerprint = 0;  // of everything that an answer depends on but data
  ProgramZone zone;
  int week_start = 1;
  std::vector<ResultColumn> columns;
  PartitionedPlan partitioned;
  PlanSources sources;
};

// Nothing where the report cannot be kept: `why_not` then says why, in a sentence.
Result<std::optional<KeptProgram>> compile_kept(const Snapshot& snapshot, const std::string& name,
                                                const QueryOptions& options, std::string& why_not);

// The options that a question was asked with.
QueryOptions options_of(const KeptQuestion& question, const QueryOptions& like);

// What of a kept result is to be computed again.
struct Staleness {
  bool everything = false;
  std::vector<std::int32_t> periods;  // where not everything: those that changed or are new
  std::vector<std::int32_t> gone;     // periods that have no facts any more
  std::string because;                // for people; empty where nothing changed

  bool is_fresh() const { return because.empty(); }
};

Result<Staleness> staleness_of(const KeptProgram& program, const KeptResult* kept,
                               const Snapshot& snapshot);

}  // namespace stave
