// The state of one aggregate call over all groups of one thread.
// Invariant: results depend on the rows of a group alone, never on their order or on how they were
// dealt to threads. Virtual calls are for whole batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/aggregate/group_rows.h"
#include "engine/aggregate/packed_sums.h"
#include "engine/aggregate/row_counts.h"
#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/plan.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

class Accumulator {
 public:
  virtual ~Accumulator() = default;
  // Groups 0..groups - 1 exist from now on; new ones are empty.
  virtual void resize(std::uint32_t groups) = 0;
  virtual Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) = 0;
  // Runs are enough: where there are any, `add` reads no group of a row.
  virtual bool takes_runs() const { return false; }
  // All groups added to since the last call are complete.
  virtual Result<void> end_scope() { return {}; }
  // Takes over the groups of `other`, which was made by the same call: its group g goes to
  // targets[g]. `other` is spent.
  virtual Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) = 0;
  // Of the groups from `first` on only those that `kept` names, ascending, stay; they are numbered
  // anew. Between scopes only, and where `can_retain` says so.
  virtual bool can_retain() const { return false; }
  // A group without rows costs nothing but the room of its state; implies `can_retain`.
  virtual bool has_plain_states() const { return false; }
  // Where that is so for some number of groups only.
  virtual std::uint64_t most_plain_states() const { return ~std::uint64_t{0}; }
  virtual void retain(std::uint32_t /*first*/, std::span<const std::uint32_t> /*kept*/) {}
  // `other`, a call over the same argument, is given the rows that this one sets aside, and sets
  // none aside itself; false where it cannot be. Before the first row.
  virtual bool share_rows(Accumulator& /*other*/) { return false; }
  // It counts the rows of every group and nothing else.
  virtual bool takes_counts() const { return false; }
  // Where it does: the groups from `first` on have so many rows more, counted elsewhere.
  virtual void take_counts(std::uint32_t /*first*/, std::span<const std::uint64_t> /*rows*/) {}
  // Where rows need not be shown to it one by one: what it wants of them instead.
  virtual std::optional<PackableSum> packable() const { return std::nullopt; }
  // Where that is so: the words of all groups, for `rows` rows in all.
  virtual void take_packed(std::span<const std::uint64_t> /*words*/, WordField /*sum*/,
                           WordField /*count*/, std::uint64_t /*rows*/) {}
  // All rows were added and merged; heavy work that threads can share.
  virtual Result<void> complete(ExecutionContext& /*context*/) { return {}; }
  // The values of the groups that `order` names, in its order. Thread-safe.
  virtual Result<Vector> finish(std::span<const std::uint32_t> order) const = 0;
  virtual std::size_t memory_bytes() const = 0;
  // Where it counts the rows of every group, for the others.
  virtual const RowCounts* row_counts() const { return nullptr; }
};

// For `retain`: the states of groups.
template <typename State>
void retain_states(std::vector<State>& states, std::uint32_t first,
                   std::span<const std::uint32_t> kept) {
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i] != first + i) states[first + i] = std::move(states[kept[i]]);
  }
  states.resize(first + kept.size());
}

// Whether the counts of rows are all that an average of `argument` needs beside its sum.
bool averages_every_row(const AggregateCall& call, const ColumnShape& argument);
// How many words of marks a call may hold for the groups of one thread.
struct MarkRoom {
  std::uint64_t words = ~std::uint64_t{0};
  std::uint64_t words_of_places = ~std::uint64_t{0};  // of groups that have no rows yet
};
// `arguments` are the shapes of what the call's arguments evaluate to. `rows`: the counts of rows
// for averages_every_row; where there are none such an average counts by itself.
Result<std::unique_ptr<Accumulator>> make_accumulator(const AggregateCall& call,
                                                      std::span<const ColumnShape> arguments,
                                                      ExecutionContext& context,
                                                      const RowCounts* rows = nullptr,
                                                      const MarkRoom& room = {});

// The families, one file each.
std::unique_ptr<Accumulator> make_count(const AggregateCall& call);
// For tests: counts grow wider beyond so many rows.
std::unique_ptr<Accumulator> make_count(const AggregateCall& call, std::uint64_t most_narrow);
std::unique_ptr<Accumulator> make_integer_sum(const AggregateCall& call, const ColumnShape& shape,
                                              const RowCounts* rows);
std::unique_ptr<Accumulator> make_float_sum(const AggregateCall& call, const ColumnShape& shape,
                                            const RowCounts* rows);
std::unique_ptr<Accumulator> make_extreme(const AggregateCall& call, const ColumnShape& shape);
std::unique_ptr<Accumulator> make_ordered_choice(const AggregateCall& call,
                                                 std::span<const ColumnShape> shapes);
std::unique_ptr<Accumulator> make_approximate_distinct(const AggregateCall& call,
                                                       const ColumnShape& shape);
// Those that need all values of a group at once.
std::unique_ptr<Accumulator> make_distinct(const AggregateCall& call, const ColumnShape& shape,
                                           const MarkRoom& room = {});
// As make_distinct, of values whose codes are known beforehand.
std::unique_ptr<Accumulator> make_marked_distinct(const AggregateCall& call,
                                                  const ColumnShape& shape, const MarkRoom& room);
// As make_distinct, of codes, where equal ones of a scope are of one group.
std::unique_ptr<Accumulator> make_scope_distinct(const AggregateCall& call,
                                                 const ColumnShape& shape);
std::unique_ptr<Accumulator> make_top_values(const AggregateCall& call, const ColumnShape& shape);
std::unique_ptr<Accumulator> make_quantile(const AggregateCall& call, const ColumnShape& shape);
std::unique_ptr<Accumulator> make_standard_deviation(const AggregateCall& call,
                                                     const ColumnShape& shape);

}  // namespace stave
