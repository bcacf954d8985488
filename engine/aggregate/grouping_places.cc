// Groups that are places of an array, and those of which rows alone are counted; see grouping.h.
#include <algorithm>
#include <array>
#include <numeric>

#include "engine/aggregate/grouping.h"

namespace stave {

// What is constant for a day changes slowest, and what has few values fastest, so that the states
// which a stretch of rows meets lie close together.
std::vector<std::size_t> Grouping::fastest_first() const {
  std::vector<std::size_t> columns(layout_.row_keys);
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  std::stable_sort(columns.begin(), columns.end(), [&](std::size_t left, std::size_t right) {
    const bool left_is_slow = layout_.shapes[left].few_values != nullptr;
    const bool right_is_slow = layout_.shapes[right].few_values != nullptr;
    if (left_is_slow != right_is_slow) return right_is_slow;
    return encoders_[left].size() < encoders_[right].size();
  });
  return columns;
}

Result<void> Grouping::use_places() {
  if (!index_ || layout_.most_places == 0 || layout_.strategy == GroupStrategy::kHash ||
      !std::all_of(accumulators_.begin(), accumulators_.end(),
                   [](const auto& accumulator) { return accumulator->has_plain_states(); })) {
    return {};
  }
  std::uint64_t most = layout_.most_places;
  for (const auto& accumulator : accumulators_) {
    most = std::min(most, accumulator->most_plain_states());
  }
  if (!index_->use_places(most, fastest_first())) return {};
  resize(index_->groups());
  pack_sums();
  return account_memory();
}

void Grouping::pack_sums() {
  std::vector<std::optional<PackableSum>> wanted;
  std::vector<std::size_t> argument_of;
  std::size_t argument = 0;
  for (std::size_t call = 0; call < accumulators_.size(); ++call) {
    wanted.push_back(accumulators_[call]->packable());
    argument_of.push_back(argument);
    if (call < layout_.calls->size()) argument += (*layout_.calls)[call].arguments.size();
  }
  packed_ = PackedSums::plan(groups_, wanted, argument_of);
  is_packed_.assign(accumulators_.size(), false);
  for (const PackedSums& sums : packed_) {
    for (const PackedSums::Sum& sum : sums.sums()) is_packed_[sum.accumulator] = true;
  }
}

bool Grouping::can_pack(const Batch& batch) const {
  return std::all_of(packed_.begin(), packed_.end(),
                     [&](const PackedSums& sums) {
                       return batch.rows <= sums.most_rows() &&
                              std::ranges::all_of(sums.sums(), [&](const PackedSums::Sum& sum) {
                                return sum.most == 0 ||
                                       batch.columns[layout_.row_keys + sum.argument].validity ==
                                           nullptr;
                              });
                     }) &&
         !packed_.empty();
}

void Grouping::add_packed(const GroupRows& rows, std::span<const Vector> arguments) {
  for (PackedSums& sums : packed_) {
    if (rows.rows > sums.most_rows() - sums.rows()) hand_on(sums);
    sums.add(rows.groups, rows.rows, arguments);
  }
}

void Grouping::hand_on(PackedSums& sums) {
  const std::span<const std::uint64_t> words = sums.words();
  const WordField count = sums.count_field();
  for (std::uint32_t place = 0; count.mask != 0 && place < words.size(); ++place) {
    if (words[place] != 0) index_->mark_place(place);
  }
  for (const PackedSums::Sum& sum : sums.sums()) {
    accumulators_[sum.accumulator]->take_packed(words, sum.field, count, sums.rows());
  }
  sums.clear();
}

void Grouping::hand_on_packed() {
  for (PackedSums& sums : packed_) {
    if (sums.rows() > 0) hand_on(sums);
  }
}

bool Grouping::count_places() {
  if (!index_ || layout_.strategy != GroupStrategy::kAutomatic ||
      !std::all_of(accumulators_.begin(), accumulators_.end(),
                   [](const auto& accumulator) { return accumulator->takes_counts(); })) {
    return false;
  }
  std::vector<CodeRange> codes;
  for (std::size_t key = 0; key < layout_.row_keys; ++key) {
    const ColumnShape& shape = layout_.shapes[key];
    if (!encoders_[key].is_fixed()) return false;
    // A place for null is not needed where all values are known.
    const bool has_null = shape.may_be_null || shape.few_values == nullptr;
    codes.push_back({has_null ? 0U : 1U, encoders_[key].size()});
  }
  auto grid = PlaceGrid::make(std::move(codes), fastest_first(), layout_.most_counted);
  if (!grid) return false;
  counted_.emplace(*std::move(grid), layout_.has_scopes);
  codes_.resize(layout_.row_keys);
  index_.reset();
  return true;
}

Result<void> Grouping::complete_places() {
  if (counted_keys_) return take_counted_keys();
  if (counted_ && !layout_.has_scopes) return take_counted();
  if (!index_ || !index_->uses_places()) return {};
  placed_.emplace(PlacedGroups{index_->places(), index_->met_places()});
  const std::vector<std::uint32_t>& met = placed_->met;
  codes_.resize(layout_.row_keys);
  const std::size_t parts = codes_.size() + accumulators_.size();
  auto settled = context_.parallel_for(parts, [&](std::size_t part, int) -> Result<void> {
    if (part < codes_.size()) {
      placed_->grid.append_codes(met, part, codes_[part]);
    } else {
      accumulators_[part - codes_.size()]->retain(0, met);
    }
    return {};
  });
  if (!settled) return settled;
  index_.reset();
  groups_ = static_cast<std::uint32_t>(met.size());
  return {};
}

void Grouping::give_counts(std::span<const std::uint32_t> places, Accumulator& accumulator) {
  constexpr std::size_t kStep = 4096;
  std::array<std::uint64_t, kStep> counts;
  auto group = groups_ - static_cast<std::uint32_t>(places.size());
  for (; !places.empty(); places = places.subspan(std::min(kStep, places.size()))) {
    const auto step = std::span(counts).first(std::min(kStep, places.size()));
    counted_->count(places.first(step.size()), step);
    accumulator.take_counts(group, step);
    group += static_cast<std::uint32_t>(step.size());
  }
}

Result<void> Grouping::take_counted() {
  auto met = counted_->met(context_);
  if (!met) return pass(met);
  resize(groups_ + static_cast<std::uint32_t>(met->size()));
  const auto take = [&](std::size_t part) {
    if (part < codes_.size()) {
      counted_->grid().append_codes(*met, part, codes_[part]);
    } else {
      give_counts(*met, *accumulators_[part - codes_.size()]);
    }
  };
  const std::size_t parts = codes_.size() + accumulators_.size();
  if (layout_.has_scopes) {
    for (std::size_t part = 0; part < parts; ++part) take(part);
    counted_->clear();
    return {};
  }
  auto taken = context_.parallel_for(parts, [&](std::size_t part, int) -> Result<void> {
    take(part);
    return {};
  });
  if (!taken) return taken;
  placed_.emplace(PlacedGroups{counted_->grid(), *std::move(met)});
  counted_.reset();
  return {};
}

}  // namespace stave
