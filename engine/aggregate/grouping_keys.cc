// Groups whose keys are set aside and counted, where nearly every row is one; see grouping.h.
#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "engine/aggregate/grouping.h"
#include "engine/operators/reservation.h"

namespace stave {
namespace {

constexpr std::uint32_t kGroupsAtOnce = 4096;
// Set aside where there was a group for every so many rows.
constexpr std::uint32_t kRowsForEachGroup = 2;

}  // namespace

bool Grouping::may_count_keys() const {
  if (!index_ || index_->is_array() || index_->uses_places() || layout_.most_set_aside == 0 ||
      layout_.strategy != GroupStrategy::kAutomatic) {
    return false;
  }
  std::uint64_t bits = 0;
  for (const ValueEncoder& encoder : encoders_) {
    if (!encoder.is_fixed()) return false;
    bits += static_cast<std::uint64_t>(std::bit_width(encoder.size()));
  }
  return bits <= 64 && std::all_of(accumulators_.begin(), accumulators_.end(),
                                   [](const auto& each) { return each->takes_counts(); });
}

void Grouping::decide_on_keys(std::uint32_t rows) {
  if (rows < rows_on_trial_) {
    rows_on_trial_ -= rows;
    return;
  }
  rows_on_trial_ = 0;
  if (groups_ > layout_.rows_on_trial / kRowsForEachGroup) set_keys_aside();
}

void Grouping::set_keys_aside() {
  if (counted_keys_) return;
  std::vector<std::uint32_t> sizes;
  for (const ValueEncoder& encoder : encoders_) sizes.push_back(encoder.size());
  key_layout_.emplace(sizes);
  counted_keys_.emplace(key_layout_->bits(), layout_.most_set_aside);
  const RowCounts* counts = nullptr;
  if (!accumulators_.empty()) counts = accumulators_[0]->row_counts();
  std::vector<std::vector<std::uint32_t>> codes;
  std::vector<const std::uint32_t*> from;
  for (std::size_t key = 0; key < layout_.row_keys; ++key) {
    codes.push_back(index_->key_column(key));
    from.push_back(codes.back().data());
  }
  key_layout_->pack(from, groups_, packed_keys_);
  for (std::uint32_t group = 0; group < groups_; ++group) {
    counted_keys_->add(packed_keys_[group], counts == nullptr ? 1 : counts->rows_of(group));
  }
  index_.reset();
  rows_on_trial_ = 0;
  const std::vector<std::uint32_t> none;
  for (auto& accumulator : accumulators_) accumulator->retain(0, none);
  groups_ = 0;
}

Result<void> Grouping::take_counted_keys() {
  // A key of 8 bytes becomes a part's 12, and codes and counts.
  Reservation room(context_);
  if (auto taken = room.add(counted_keys_->memory_bytes() * 5 / 2); !taken) return taken;
  auto counted = counted_keys_->count(context_);
  if (!counted) return pass(counted);
  counted_keys_.reset();
  std::vector<std::uint32_t> begins;
  std::uint32_t total = 0;
  for (const CountedKeys::Part& part : *counted) {
    begins.push_back(total);
    total += static_cast<std::uint32_t>(part.keys.size());
  }
  resize(total);
  codes_.assign(layout_.row_keys, {});
  for (auto& codes : codes_) codes.resize(total);
  auto unpacked = context_.parallel_for(counted->size(), [&](std::size_t part, int) {
    std::vector<std::uint64_t>& keys = (*counted)[part].keys;
    for (std::size_t key = 0; key < codes_.size(); ++key) {
      key_layout_->unpack(keys, key, std::span(codes_[key]).subspan(begins[part], keys.size()));
    }
    keys = {};
    return Result<void>();
  });
  if (!unpacked) return unpacked;
  return context_.parallel_for(accumulators_.size(), [&](std::size_t call, int) {
    std::array<std::uint64_t, kGroupsAtOnce> counts;
    for (std::size_t part = 0; part < counted->size(); ++part) {
      const std::vector<std::uint32_t>& rows = (*counted)[part].rows;
      for (std::size_t first = 0; first < rows.size(); first += kGroupsAtOnce) {
        const std::size_t count = std::min<std::size_t>(kGroupsAtOnce, rows.size() - first);
        std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(first), count, counts.begin());
        accumulators_[call]->take_counts(begins[part] + static_cast<std::uint32_t>(first),
                                         std::span(counts).first(count));
      }
    }
    return Result<void>();
  });
}

}  // namespace stave
