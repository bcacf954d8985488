// run_aggregate with a say in how, so that tests can hold every strategy against the others.
#pragma once

#include "engine/aggregate/aggregate.h"
#include "engine/aggregate/group_index.h"

namespace stave {

struct AggregateTuning {
  GroupStrategy strategy = GroupStrategy::kAutomatic;
  bool use_scopes = true;
  GroupsWanted wanted;
  // Rows of a thread after which it is told whether keys are to be set aside; see CountedKeys.
  std::uint32_t rows_on_trial = std::uint32_t{1} << 17;
  unsigned depth = 0;  // how often the rows were dealt to files already
};

Result<Relation> run_aggregate(const AggregateNode& node, const std::vector<Field>& fields,
                               const Pipeline& input, ExecutionContext& context,
                               const AggregateTuning& tuning);

}  // namespace stave
