// distinct(x) of codes whose number is known: while the groups of a scope are few enough, or the
// codes, each group has a bit for each code, and nothing is set aside. Beyond that the marks become
// values set aside, and so do all further ones of the scope.
// Invariant: while it marks, nothing is pending; groups after those that `bits_` holds have no
// marks.
#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include "engine/aggregate/collecting_accumulator.h"
#include "engine/aggregate/distinct_method.h"
#include "engine/kernels/mark.h"
#include "storage/bit_count.h"
#include "storage/huge_pages.h"

namespace stave {
namespace {

class MarkedDistinct : public CollectingAccumulator<DistinctMethod> {
 public:
  MarkedDistinct(const AggregateCall& call, const ColumnShape& shape, const MarkRoom& room)
      : CollectingAccumulator<DistinctMethod>(call, shape),
        words_((method().encoder()->size() + std::size_t{63}) / 64),
        most_words_(std::min<std::uint64_t>(words_ <= kLineWords ? kMostFarWords : kMostNearWords,
                                            room.words)),
        most_placed_(std::min<std::uint64_t>(most_words_, room.words_of_places) / words_) {}

  void resize(std::uint32_t groups) override {
    CollectingAccumulator<DistinctMethod>::resize(groups);
    groups_ = groups;
    if (marks_ && scope_words() > most_words_) stop_marking();
  }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    scope_rows_ += rows.rows;
    if (!marks_) return CollectingAccumulator<DistinctMethod>::add(rows, arguments);
    auto codes = method().encoder()->encode(arguments[0]);
    if (!codes) return pass(codes);
    make_room();
    if (has_runs(rows)) {
      for_each_run(rows, [&](std::uint32_t group, std::uint32_t first, std::uint32_t count) {
        kernels::set_marks(bits_of(group), *codes + first, count);
      });
    } else if (bits_.size() > kMostNearWords) {
      mark_far_rows(rows, *codes);
    } else {
      kernels::set_marks_by_group(bits_.data(), words_, first_group_, rows.groups, *codes,
                                  rows.rows);
    }
    return {};
  }

  Result<void> end_scope() override {
    if (marks_) count(first_group_, first_group_ + marked_groups());
    auto done = CollectingAccumulator<DistinctMethod>::end_scope();
    // Where a scope has few rows, bits cost more to clear than rows to set aside.
    marks_ = scope_words() <= std::min(most_words_, scope_rows_);
    bits_.clear();
    scope_rows_ = 0;
    first_group_ = groups_;
    return done;
  }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    auto& from = static_cast<MarkedDistinct&>(other);
    // Groups of scopes are complete, and need no marks.
    const bool has_scopes = from.first_group_ > 0;
    if (!marks_ || !from.marks_ || has_scopes) {
      stop_marking();
      from.stop_marking();
    } else if (!from.bits_.empty()) {
      make_room();
      for (std::uint32_t i = 0; i < from.marked_groups(); ++i) {
        const std::uint64_t* bits = from.bits_.data() + i * words_;
        std::uint64_t* to = bits_of(targets[i]);
        for (std::size_t word = 0; word < words_; ++word) to[word] |= bits[word];
      }
    }
    scope_rows_ += from.scope_rows_;
    return CollectingAccumulator<DistinctMethod>::merge(other, targets);
  }

  bool has_plain_states() const override { return words_ <= kLineWords; }
  std::uint64_t most_plain_states() const override { return most_placed_; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    CollectingAccumulator<DistinctMethod>::retain(first, kept);
    groups_ = first + static_cast<std::uint32_t>(kept.size());
    first_group_ = groups_;
    bits_ = {};
  }

  Result<void> complete(ExecutionContext& context) override {
    if (marks_) {
      const std::uint32_t end = first_group_ + marked_groups();
      const std::uint32_t items = (marked_groups() + kGroupsAtOnce - 1) / kGroupsAtOnce;
      auto done = context.parallel_for(items, [this, end](std::size_t item, int) -> Result<void> {
        const auto first = first_group_ + static_cast<std::uint32_t>(item) * kGroupsAtOnce;
        count(first, first + std::min(kGroupsAtOnce, end - first));
        return {};
      });
      if (!done) return done;
    }
    return CollectingAccumulator<DistinctMethod>::complete(context);
  }

  std::size_t memory_bytes() const override {
    const std::size_t wanted = marks_ ? scope_words() : 0;
    return CollectingAccumulator<DistinctMethod>::memory_bytes() +
           std::max(bits_.capacity(), wanted) * sizeof(std::uint64_t);
  }

 private:
  // Marks of so many words stay in a core's cache.
  static constexpr std::size_t kMostNearWords = std::size_t{1} << 17;
  // Elsewhere a row touches a line of the memory, as one that is set aside does.
  static constexpr std::size_t kLineWords = 8;
  static constexpr std::size_t kMostFarWords = std::size_t{1} << 23;
  static constexpr std::uint32_t kPrefetchAhead = 32;
  static constexpr std::uint32_t kGroupsAtOnce = 4096;

  std::size_t scope_words() const { return (groups_ - first_group_) * words_; }
  // Groups that no row or mark follows need none.
  void make_room() {
    if (bits_.size() < scope_words()) bits_.resize(scope_words());
  }
  std::uint32_t marked_groups() const { return static_cast<std::uint32_t>(bits_.size() / words_); }
  std::uint64_t* bits_of(std::uint32_t group) {
    return bits_.data() + (group - first_group_) * words_;
  }

  void mark_far_rows(const GroupRows& rows, const std::uint32_t* codes) {
    for (std::uint32_t row = 0; row < rows.rows; ++row) {
      if (row + kPrefetchAhead < rows.rows) {
        const std::uint32_t ahead = row + kPrefetchAhead;
        __builtin_prefetch(bits_of(rows.groups[ahead]) + codes[ahead] / 64, 1);
      }
      bits_of(rows.groups[row])[codes[row] / 64] |= std::uint64_t{1} << codes[row] % 64;
    }
  }

  void count(std::uint32_t first, std::uint32_t end) {
    for (std::uint32_t group = first; group < end; ++group) {
      const std::uint64_t* bits = bits_of(group);
      const std::uint64_t found = count_set_bits({bits, words_}) - (bits[0] & 1);  // null is code 0
      // Groups taken over complete have no marks, but a count.
      if (found != 0) method().set(group, found);
    }
  }

  void stop_marking() {
    if (!std::exchange(marks_, false)) return;
    for (std::size_t word = 0; word < bits_.size(); ++word) {
      const auto group = first_group_ + static_cast<std::uint32_t>(word / words_);
      const auto first = static_cast<std::uint32_t>(word % words_ * 64);
      for (std::uint64_t bits = bits_[word]; bits != 0; bits &= bits - 1) {
        const std::uint32_t code = first + static_cast<std::uint32_t>(std::countr_zero(bits));
        if (code != kNullCode) pending().add(group, code);
      }
    }
    bits_ = {};
  }

  std::size_t words_;  // of one group
  std::size_t most_words_;
  std::uint64_t most_placed_;  // groups
  bool marks_ = true;
  std::uint32_t groups_ = 0;
  std::uint32_t first_group_ = 0;  // of the scope
  std::size_t scope_rows_ = 0;
  std::vector<std::uint64_t, MarkAllocator<std::uint64_t>> bits_;  // of the scope's groups
};

}  // namespace

std::unique_ptr<Accumulator> make_marked_distinct(const AggregateCall& call,
                                                  const ColumnShape& shape, const MarkRoom& room) {
  return std::make_unique<MarkedDistinct>(call, shape, room);
}

}  // namespace stave
