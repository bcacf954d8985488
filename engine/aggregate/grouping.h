// Groups of one thread and the accumulators over them, and how those of several threads become one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/counted_keys.h"
#include "engine/aggregate/counted_places.h"
#include "engine/aggregate/group_cut.h"
#include "engine/aggregate/group_index.h"
#include "engine/aggregate/key_runs.h"
#include "engine/aggregate/packed_sums.h"
#include "engine/aggregate/place_grid.h"
#include "engine/aggregate/value_encoder.h"
#include "engine/context.h"
#include "engine/plan.h"
#include "stave/result.h"

namespace stave {

// What a Grouping needs to know, shared by all threads.
struct GroupingLayout {
  const std::vector<AggregateCall>* calls = nullptr;
  std::vector<ColumnShape> shapes;  // of the batches: row keys, then the arguments of each call
  std::size_t row_keys = 0;
  GroupStrategy strategy = GroupStrategy::kAutomatic;
  std::uint64_t most_slots = 0;    // of an array
  std::uint64_t most_places = 0;   // that are groups themselves; 0: where there are scopes
  std::uint64_t most_counted = 0;  // places at which rows are counted, where that is all
  MarkRoom mark_room;
  bool has_scopes = false;
  // Rows of all threads, where their keys may be set aside to be counted; and of this one after
  // which that is decided.
  std::uint64_t most_set_aside = 0;
  std::uint32_t rows_on_trial = 0;
  std::optional<GroupCut> cut;  // of the groups of a scope
  // By call: within a scope, equal arguments imply equal row keys; of distinct codes only.
  std::vector<bool> determines_keys;
};

class Grouping {
 public:
  static Result<std::unique_ptr<Grouping>> make(const GroupingLayout& layout,
                                                ExecutionContext& context);
  ~Grouping();
  Grouping(const Grouping&) = delete;
  Grouping& operator=(const Grouping&) = delete;

  // Without row keys, rows fall into one group, which exists from the first row on or from here.
  void open_single_group();
  Result<void> add(const Batch& batch);
  // All rows of scope number `scope` were added, and no other ones since the last call.
  Result<void> end_scope(std::uint32_t scope);

  // Equal keys become one group.
  Result<void> merge(Grouping& other);
  // No key of `other` is here: its groups follow.
  Result<void> append(Grouping& other);
  // As append, for a grouping by other row keys: the caller keeps the keys together.
  Result<void> append_values(Grouping& other);
  Result<void> complete();
  // Leaves out what is not in reach of the cut among the groups from `first` on, which are
  // complete.
  Result<void> cut_groups(const GroupCut& cut, std::uint32_t first);

  // Whether such groups can be left out.
  bool can_cut() const;

  std::uint32_t groups() const { return groups_; }
  // Where they are places of an array: complete, and in an order that the keys alone make.
  const PlacedGroups* placed() const { return placed_ ? &*placed_ : nullptr; }
  std::span<const std::uint32_t> scopes() const { return scope_of_group_; }
  const ValueEncoder& encoder(std::size_t row_key) const { return encoders_[row_key]; }
  // Codes of a row key, for every group.
  const std::vector<std::uint32_t>& key_codes(std::size_t row_key);
  // The same, once for each key, when nothing is going to be added any more.
  std::vector<std::uint32_t> take_key_codes(std::size_t row_key);
  // Thread-safe.
  Result<Vector> finish(std::size_t call, std::span<const std::uint32_t> order) const;

  // Makes the run's memory budget follow what is held; fails beyond the limit.
  Result<void> account_memory();

 private:
  Grouping(const GroupingLayout& layout, ExecutionContext& context);
  void resize(std::uint32_t groups);
  // `is_packed`: packed sums tell which groups were met.
  Result<void> find_groups(const Batch& batch, bool is_packed, GroupRows& rows);
  // Codes of `other`'s key in terms of this encoder.
  Result<std::vector<std::uint32_t>> translated_codes(Grouping& other, std::size_t row_key);
  void take_index_keys();
  Result<void> use_places();
  bool count_places();
  // Calls whose sums can share words do so.
  void pack_sums();
  bool can_pack(const Batch& batch) const;
  void add_packed(const GroupRows& rows, std::span<const Vector> arguments);
  // What packed sums hold goes to the accumulators.
  void hand_on(PackedSums& sums);
  void hand_on_packed();
  // Whether keys can be set aside, if it turns out to pay.
  bool may_count_keys() const;
  // After the rows on trial: where most were groups of their own.
  void decide_on_keys(std::uint32_t rows);
  // The groups met so far become keys set aside.
  void set_keys_aside();
  Result<void> take_counted_keys();
  // The columns of the row keys, those first whose neighbours shall lie together.
  std::vector<std::size_t> fastest_first() const;
  // The places met, of the whole input, become groups.
  Result<void> complete_places();
  // What was counted becomes groups.
  Result<void> take_counted();
  void give_counts(std::span<const std::uint32_t> places, Accumulator& accumulator);
  // Calls that need all rows of one argument set them aside once.
  void share_rows();

  const GroupingLayout& layout_;
  ExecutionContext& context_;
  std::vector<ValueEncoder> encoders_;
  KeyRuns runs_;
  std::unique_ptr<GroupIndex> index_;                       // none without row keys
  std::vector<std::unique_ptr<Accumulator>> accumulators_;  // of the calls, and of rows
  std::vector<PackedSums> packed_;
  std::vector<bool> is_packed_;              // by accumulator
  std::optional<CountedPlaces> counted_;     // instead of the index
  std::optional<CountedKeys> counted_keys_;  // as well
  std::optional<KeyLayout> key_layout_;      // of keys that may be set aside
  std::uint32_t rows_on_trial_ = 0;          // until then; 0: decided
  std::vector<std::uint64_t> packed_keys_;
  std::optional<PlacedGroups> placed_;
  std::uint32_t groups_ = 0;
  bool scope_is_empty_ = true;                     // without row keys
  std::vector<std::uint32_t> scope_of_group_;      // of ended scopes
  std::vector<std::vector<std::uint32_t>> codes_;  // row keys by group, once asked for
  std::uint64_t reserved_ = 0;                     // bytes of the budget
};

}  // namespace stave
