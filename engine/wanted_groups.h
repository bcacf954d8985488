// What those who read a grouping leave out of it.
#pragma once

#include <unordered_map>

#include "engine/aggregate/aggregate.h"
#include "engine/plan.h"
#include "engine/plan_readers.h"

namespace stave {

class WantedGroups {
 public:
  explicit WantedGroups(const PlanReaders& readers) : readers_(readers) {}
  // A `top` that reads a grouping wants the first groups of its order alone, and another grouping
  // does not see in what order groups come: where nobody else reads them.
  // Gives the grouping that the `top` reads, where it is one.
  const AggregateNode* note_reader(const TopNode& top);
  void note_reader(const AggregateNode& above);
  GroupsWanted of(const AggregateNode& groups) const;

 private:
  const PlanReaders& readers_;
  std::unordered_map<const AggregateNode*, GroupsWanted> wanted_;
};

}  // namespace stave
