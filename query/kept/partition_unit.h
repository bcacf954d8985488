// Whether a report falls apart into periods of time that know nothing of each other, so that one of
// them can be computed again alone.
// Invariant: where a unit is given, the rows of one period are what the plan gives over the facts
// of that period's days alone, in the same order; whatever is not understood gives none.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/plan.h"
#include "query/kept/kept_result.h"
#include "query/values/program_zone.h"
#include "storage/manifest.h"

namespace stave {

// The first day of the period that a day belongs to; kNoDay for itself.
std::int32_t period_of(std::int32_t day, KeptUnit unit);

struct PartitionedPlan {
  KeptUnit unit = KeptUnit::kWhole;
  bool descending = false;
  PlanPointer plan;  // gives the report's columns, and maybe one more
  int carrier = -1;  // the column that tells the period of a row: a date or a timestamp
};

struct PartitionSettings {
  bool zone_is_the_stores = true;  // else only the partition day itself tells a period
  bool weeks_begin_on_monday = true;
};

// The finest unit that `plan`, as it was bound, falls apart by.
PartitionedPlan partition(const PlanPointer& plan, const Manifest& manifest,
                          const PartitionSettings& settings);

// The same over the facts of these days only.
PlanPointer restrict_to_days(const PlanPointer& plan, const Manifest& manifest,
                             const std::vector<std::int32_t>& days);

// Facts that have days.
bool is_partitioned(const Manifest& manifest, const std::string& table);

}  // namespace stave
