// What a plan reads of a snapshot, as fingerprints: equal ones mean equal answers.
// Invariant: facts are known by the loads that their rows came with, so that compacting changes no
// fingerprint; all else by the checksums of its files.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/plan.h"
#include "query/kept/kept_result.h"
#include "storage/snapshot.h"

namespace stave {

// Columns to follow one after the other from a code of the first one's table.
struct PathStep {
  std::string table;
  std::string column;

  friend auto operator<=>(const PathStep&, const PathStep&) = default;
};
using Path = std::vector<PathStep>;

struct PlanSources {
  // Facts that have days, with the columns that are read of them.
  std::map<std::string, std::set<int>> facts;
  // Paths from keys of these facts, by the table that they begin with.
  std::map<std::string, std::set<Path>> paths;
  // All other tables and look-ups.
  std::vector<KeptSource> others;
};

// `plan` is optimized for the snapshot.
PlanSources sources_of(const PlanPointer& plan, const Manifest& manifest);

// Of the rows of each period of the facts.
std::map<std::int32_t, std::uint64_t> fingerprints_by_period(const PlanSources& sources,
                                                             const Manifest& manifest,
                                                             KeptUnit unit);
// Of the same and everything beyond paths, as a report that is computed whole depends on them.
std::vector<KeptSource> all_sources(const PlanSources& sources, const Manifest& manifest);

// Of the files that the paths of one table read.
std::uint64_t fingerprint_of_files(const std::set<Path>& paths, const Manifest& manifest);
// Of what each code of the table leads to along the paths; slot 0 is null.
Result<std::vector<std::uint64_t>> fingerprints_by_code(const std::set<Path>& paths,
                                                        const Snapshot& snapshot);

}  // namespace stave
