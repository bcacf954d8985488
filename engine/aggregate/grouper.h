// One way of obtaining the keys (see KeyPlan), with the reader and the groups of every thread.
// Invariant: a thread touches only what is its own until `unite`.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "engine/aggregate/aggregate_run.h"
#include "engine/aggregate/grouping.h"
#include "engine/aggregate/key_plan.h"
#include "engine/aggregate/run_windows.h"
#include "engine/context.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "stave/result.h"

namespace stave {

class Grouper {
 public:
  Grouper(const AggregateNode& node, const Pipeline& input, ExecutionContext& context,
          const AggregateTuning& tuning)
      : node_(node), input_(input), context_(context), tuning_(tuning) {}

  Result<void> prepare(KeyPlan plan);
  const KeyPlan& plan() const { return plan_; }
  // How many combinations of row keys there can be; none where that is not known.
  std::optional<std::uint64_t> row_key_places() const;

  // The groups of every scope are cut to those wanted.
  bool cuts_scopes() const { return layout_.cut.has_value(); }

  // Reads all rows of the scopes from number `first` to before `last`; their groups are complete
  // then. Tests for cancellation before each morsel: a scope may hold a good part of all rows.
  Result<void> add_scopes(const std::vector<Scope>& scopes, std::size_t first, std::size_t last,
                          int worker);
  Result<void> add_morsel(const Morsel& morsel, int worker);

  // The groups of all threads as one; none where nothing was read.
  Result<Grouping*> unite();
  // As unite, but there is always a grouping.
  Result<Grouping*> unite_or_empty();

 private:
  struct Thread {
    std::unique_ptr<Pipeline::Worker> worker;
    std::unique_ptr<Grouping> grouping;
    Batch batch;
    RunWindows windows;
    std::size_t morsels = 0;
  };
  MarkRoom mark_room() const;
  // Which of the calls can count distinct values of all groups of a scope at once.
  void note_determined_keys();
  Result<void> open(Thread& thread);
  Result<void> add_morsel(const Morsel& morsel, Thread& thread);
  static Result<void> add_batch(const Batch& batch, Thread& thread);

  const AggregateNode& node_;
  const Pipeline& input_;
  ExecutionContext& context_;
  AggregateTuning tuning_;
  KeyPlan plan_;
  GroupingLayout layout_;
  std::shared_ptr<const Pipeline::Reader> reader_;
  std::vector<Thread> threads_;
};

}  // namespace stave
