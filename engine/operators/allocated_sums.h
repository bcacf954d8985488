// Sums of what is allocated over the counts of each code of a key: every user's fee split over that
// user's plays, summed by track. In general these are four operators (counts by key and others, a
// join by the key, allocate per key, sums by the others) that each hold a row for every pair of key
// and others; here the pairs are dealt to parts by key, and each part is sorted, split and summed
// while it is in the nearer caches.
// Invariant: gives what the four operators give, or nothing where it cannot promise that.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/context.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// Where the parts of such a plan are.
struct AllocatedSums {
  const AggregateNode* counts = nullptr;
  const JoinNode* join = nullptr;
  std::size_t key = 0;              // which key of `counts` is the one that is joined by
  std::vector<std::size_t> others;  // its other keys, in the order in which they break ties
  std::size_t total = 0;            // the right column that is split
  std::vector<std::size_t> per;     // right columns that tell a key's totals apart
  // Each key of the sums: a place in `others`, or a right column.
  struct Group {
    bool is_right = false;
    std::size_t at = 0;
  };
  std::vector<Group> groups;
};

// `is_shared`: whether others read a node too.
std::optional<AllocatedSums> find_allocated_sums(const AggregateNode& sums,
                                                 const std::function<bool(const Plan&)>& is_shared);

// `fields` are those of the sums; `left` is what `counts` reads, `right` what the join finds.
Result<std::optional<Relation>> run_allocated_sums(const AllocatedSums& plan,
                                                   const std::vector<Field>& fields,
                                                   const Pipeline& left, const Relation& right,
                                                   ExecutionContext& context);

}  // namespace stave
