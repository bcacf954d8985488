// Groups of one thread; see the header.
#include "engine/aggregate/grouping.h"

#include <algorithm>
#include <numeric>

namespace stave {

namespace {

// Counts rows for all averages that need no other counts, and as `count()`; null where they are
// not several: one keeps sum and count together.
std::unique_ptr<Accumulator> make_row_counts(const std::vector<AggregateCall>& calls,
                                             std::span<const ColumnShape> arguments) {
  std::size_t wanted = 0;
  for (const AggregateCall& call : calls) {
    if (call.function == AggregateFunction::kCount ||
        (!call.arguments.empty() && averages_every_row(call, arguments[0]))) {
      ++wanted;
    }
    arguments = arguments.subspan(call.arguments.size());
  }
  if (wanted < 2) return nullptr;
  AggregateCall count;
  count.function = AggregateFunction::kCount;
  count.type = Type{TypeKind::kInt64};
  return make_count(count);
}

}  // namespace

Grouping::Grouping(const GroupingLayout& layout, ExecutionContext& context)
    : layout_(layout), context_(context) {}

Grouping::~Grouping() {
  context_.memory().release(reserved_);
}

Result<std::unique_ptr<Grouping>> Grouping::make(const GroupingLayout& layout,
                                                 ExecutionContext& context) {
  std::unique_ptr<Grouping> grouping(new Grouping(layout, context));
  std::vector<std::uint32_t> sizes;
  for (std::size_t key = 0; key < layout.row_keys; ++key) {
    grouping->encoders_.emplace_back(layout.shapes[key]);
    const ValueEncoder& encoder = grouping->encoders_.back();
    sizes.push_back(encoder.is_fixed() ? encoder.size() : 0);
  }
  if (layout.row_keys > 0) {
    grouping->index_ =
        std::make_unique<GroupIndex>(std::move(sizes), layout.most_slots, layout.strategy);
  }
  std::span<const ColumnShape> arguments(layout.shapes);
  arguments = arguments.subspan(layout.row_keys);
  std::unique_ptr<Accumulator> counts = make_row_counts(*layout.calls, arguments);
  const RowCounts* rows = counts ? counts->row_counts() : nullptr;
  for (const AggregateCall& call : *layout.calls) {
    const std::size_t number = grouping->accumulators_.size();
    if (number < layout.determines_keys.size() && layout.determines_keys[number]) {
      grouping->accumulators_.push_back(make_scope_distinct(call, arguments[0]));
    } else if (counts && call.function == AggregateFunction::kCount) {
      grouping->accumulators_.push_back(std::move(counts));
    } else {
      auto accumulator = make_accumulator(call, arguments.first(call.arguments.size()), context,
                                          rows, layout.mark_room);
      if (!accumulator) return pass(accumulator);
      grouping->accumulators_.push_back(std::move(*accumulator));
    }
    arguments = arguments.subspan(call.arguments.size());
  }
  if (counts) grouping->accumulators_.push_back(std::move(counts));
  grouping->share_rows();
  if (!grouping->count_places()) {
    if (auto used = grouping->use_places(); !used) return pass(used);
  }
  if (grouping->may_count_keys()) grouping->rows_on_trial_ = layout.rows_on_trial;
  return grouping;
}

void Grouping::share_rows() {
  const std::vector<AggregateCall>& calls = *layout_.calls;
  for (std::size_t reader = 1; reader < calls.size(); ++reader) {
    for (std::size_t call = 0; call < reader; ++call) {
      if (calls[call].arguments == calls[reader].arguments &&
          accumulators_[call]->share_rows(*accumulators_[reader])) {
        break;
      }
    }
  }
}

void Grouping::resize(std::uint32_t groups) {
  if (groups == groups_) return;
  groups_ = groups;
  for (auto& accumulator : accumulators_) accumulator->resize(groups);
}

void Grouping::open_single_group() {
  if (groups_ == 0) resize(1);
  scope_is_empty_ = false;
}

Result<void> Grouping::find_groups(const Batch& batch, bool is_packed, GroupRows& rows) {
  const std::span keys = std::span(batch.columns).first(layout_.row_keys);
  const bool by_run = runs_.find(keys, batch.rows);
  std::vector<const std::uint32_t*> codes(layout_.row_keys);
  std::vector<Vector> heads(layout_.row_keys);  // codes may be theirs
  for (std::size_t key = 0; key < layout_.row_keys; ++key) {
    if (by_run) heads[key] = runs_.heads(keys[key]);
    auto encoded = encoders_[key].encode(by_run ? heads[key] : keys[key]);
    if (!encoded) return pass(encoded);
    codes[key] = *encoded;
  }
  if (counted_) {
    by_run ? counted_->add_runs(codes, runs_.runs()) : counted_->add(codes, batch.rows);
    return {};
  }
  if (counted_keys_) {
    key_layout_->pack(codes, by_run ? runs_.count() : batch.rows, packed_keys_);
    by_run ? counted_keys_->add_runs(packed_keys_, runs_.runs()) : counted_keys_->add(packed_keys_);
    return {};
  }
  if (by_run) {
    const bool of_rows = !std::ranges::all_of(
        accumulators_, [](const auto& accumulator) { return accumulator->takes_runs(); });
    runs_.set_groups(index_->find(codes, runs_.count()), of_rows, rows);
  } else {
    rows.groups =
        is_packed ? index_->find_unmarked(codes, batch.rows) : index_->find(codes, batch.rows);
  }
  return {};
}

Result<void> Grouping::add(const Batch& batch) {
  if (batch.rows == 0) return {};
  GroupRows rows;
  rows.rows = batch.rows;
  if (counted_ || counted_keys_) return find_groups(batch, false, rows);
  bool is_packed = can_pack(batch);
  if (index_) {
    if (auto found = find_groups(batch, is_packed, rows); !found) return found;
    is_packed = is_packed && !has_runs(rows);
    resize(index_->groups());
  } else {
    if (scope_is_empty_) resize(groups_ + 1);
    scope_is_empty_ = false;
    rows.group = groups_ - 1;
  }
  std::span<const Vector> arguments(batch.columns);
  arguments = arguments.subspan(layout_.row_keys);
  if (is_packed) add_packed(rows, arguments);
  for (std::size_t call = 0; call < accumulators_.size(); ++call) {
    const std::size_t count =
        call < layout_.calls->size() ? (*layout_.calls)[call].arguments.size() : 0;
    if (is_packed && is_packed_[call]) {
      arguments = arguments.subspan(count);
      continue;
    }
    if (auto done = accumulators_[call]->add(rows, arguments.first(count)); !done) return done;
    arguments = arguments.subspan(count);
  }
  if (rows_on_trial_ != 0) decide_on_keys(batch.rows);
  return {};
}

Result<void> Grouping::end_scope(std::uint32_t scope) {
  scope_is_empty_ = true;
  if (index_) index_->seal();
  if (counted_) {
    if (auto taken = take_counted(); !taken) return taken;
  }
  for (auto& accumulator : accumulators_) {
    if (auto done = accumulator->end_scope(); !done) return done;
  }
  if (layout_.cut) {
    const auto first = static_cast<std::uint32_t>(scope_of_group_.size());
    if (auto done = cut_groups(*layout_.cut, first); !done) return done;
  }
  scope_of_group_.resize(groups_, scope);
  return {};
}

bool Grouping::can_cut() const {
  return std::all_of(accumulators_.begin(), accumulators_.end(),
                     [](const auto& accumulator) { return accumulator->can_retain(); });
}

Result<void> Grouping::cut_groups(const GroupCut& cut, std::uint32_t first) {
  if (groups_ - first <= cut.count || !can_cut()) return {};
  std::vector<std::uint32_t> groups(groups_ - first);
  std::iota(groups.begin(), groups.end(), first);
  std::vector<std::uint32_t> kept;
  for (std::size_t call = 0; call < accumulators_.size(); ++call) {
    // A result that cannot be told stops the query, whether its group is shown or not.
    auto values = accumulators_[call]->finish(groups);
    if (!values) return pass(values);
    if (call == cut.call) kept = rows_in_reach(cut, *values);
  }
  if (kept.size() == groups.size()) return {};
  for (std::uint32_t& group : kept) group += first;
  for (auto& accumulator : accumulators_) accumulator->retain(first, kept);
  if (codes_.empty() && index_) index_->retain(first, kept);
  for (std::vector<std::uint32_t>& codes : codes_) retain_states(codes, first, kept);
  if (placed_) retain_states(placed_->met, first, kept);
  groups_ = first + static_cast<std::uint32_t>(kept.size());
  return {};
}

void Grouping::take_index_keys() {
  if (!codes_.empty() || !index_) return;
  for (std::size_t key = 0; key < layout_.row_keys; ++key) {
    codes_.push_back(index_->key_column(key));
  }
}

const std::vector<std::uint32_t>& Grouping::key_codes(std::size_t row_key) {
  take_index_keys();
  return codes_[row_key];
}

std::vector<std::uint32_t> Grouping::take_key_codes(std::size_t row_key) {
  if (codes_.empty() && index_) return index_->key_column(row_key);
  return std::move(codes_[row_key]);
}

Result<std::vector<std::uint32_t>> Grouping::translated_codes(Grouping& other,
                                                              std::size_t row_key) {
  std::vector<std::uint32_t> codes = other.key_codes(row_key);
  if (encoders_[row_key].is_fixed()) return codes;
  auto adopted = encoders_[row_key].adopt(other.encoders_[row_key]);
  if (!adopted) return pass(adopted);
  for (auto& code : codes) code = (*adopted)[code];
  return codes;
}

Result<void> Grouping::merge(Grouping& other) {
  constexpr std::uint32_t kStep = 16384;
  if (counted_) {
    counted_->take(*other.counted_);
    return {};
  }
  if (counted_keys_ || other.counted_keys_) {
    set_keys_aside();
    other.set_keys_aside();
    counted_keys_->take(*other.counted_keys_);
    return {};
  }
  hand_on_packed();
  other.hand_on_packed();
  std::vector<std::uint32_t> targets(other.groups_, 0);
  if (index_ && index_->uses_places()) {
    index_->take_places(*other.index_);
    std::iota(targets.begin(), targets.end(), 0U);
  } else if (index_ && index_->has_keys_of(*other.index_)) {
    for (std::uint32_t first = 0; first < other.groups_; first += kStep) {
      const std::uint32_t count = std::min(kStep, other.groups_ - first);
      const std::uint32_t* found = index_->find_keys_of(*other.index_, first, count);
      std::copy(found, found + count, targets.begin() + first);
    }
    other.index_.reset();
    resize(index_->groups());
  } else if (index_) {
    std::vector<std::vector<std::uint32_t>> codes;
    for (std::size_t key = 0; key < layout_.row_keys; ++key) {
      auto translated = translated_codes(other, key);
      if (!translated) return pass(translated);
      codes.push_back(std::move(*translated));
    }
    std::vector<const std::uint32_t*> pointers(codes.size());
    for (std::uint32_t first = 0; first < other.groups_; first += kStep) {
      const std::uint32_t count = std::min(kStep, other.groups_ - first);
      for (std::size_t key = 0; key < codes.size(); ++key)
        pointers[key] = codes[key].data() + first;
      const std::uint32_t* found = index_->find(pointers, count);
      std::copy(found, found + count, targets.begin() + first);
    }
    resize(index_->groups());
  } else if (other.groups_ > 0) {
    open_single_group();
  }
  return context_.parallel_for(accumulators_.size(), [&](std::size_t call, int) {
    return accumulators_[call]->merge(*other.accumulators_[call], targets);
  });
}

Result<void> Grouping::append(Grouping& other) {
  take_index_keys();
  for (std::size_t key = 0; key < codes_.size(); ++key) {
    auto translated = translated_codes(other, key);
    if (!translated) return pass(translated);
    codes_[key].insert(codes_[key].end(), translated->begin(), translated->end());
  }
  return append_values(other);
}

Result<void> Grouping::append_values(Grouping& other) {
  scope_of_group_.insert(scope_of_group_.end(), other.scope_of_group_.begin(),
                         other.scope_of_group_.end());
  std::vector<std::uint32_t> targets(other.groups_);
  std::iota(targets.begin(), targets.end(), groups_);
  resize(groups_ + other.groups_);
  for (std::size_t call = 0; call < accumulators_.size(); ++call) {
    auto done = accumulators_[call]->merge(*other.accumulators_[call], targets);
    if (!done) return done;
  }
  return {};
}

Result<void> Grouping::complete() {
  hand_on_packed();
  for (auto& accumulator : accumulators_) {
    if (auto done = accumulator->complete(context_); !done) return done;
  }
  return complete_places();
}

Result<Vector> Grouping::finish(std::size_t call, std::span<const std::uint32_t> order) const {
  return accumulators_[call]->finish(order);
}

Result<void> Grouping::account_memory() {
  std::uint64_t bytes = index_ ? index_->memory_bytes() : 0;
  for (const ValueEncoder& encoder : encoders_) bytes += encoder.memory_bytes();
  for (const auto& accumulator : accumulators_) bytes += accumulator->memory_bytes();
  if (counted_) bytes += counted_->memory_bytes();
  for (const PackedSums& sums : packed_) bytes += sums.memory_bytes();
  if (counted_keys_) bytes += counted_keys_->memory_bytes();
  if (placed_) bytes += placed_->met.capacity() * sizeof(std::uint32_t);
  for (const auto& codes : codes_) bytes += codes.capacity() * sizeof(std::uint32_t);
  if (bytes > reserved_) {
    if (auto done = context_.memory().reserve(bytes - reserved_); !done) return done;
  } else {
    context_.memory().release(reserved_ - bytes);
  }
  reserved_ = bytes;
  return {};
}

}  // namespace stave
