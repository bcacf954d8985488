// distinct(x) where a value of x implies the group that its rows of a scope are in: one bit for
// each code serves all groups, and nothing is set aside. So are the listeners of each day and
// genre, and those of a day by the day of their first play.
#include <algorithm>
#include <utility>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/result_vector.h"
#include "engine/kernels/mark.h"
#include "storage/bit_count.h"
#include "storage/huge_pages.h"

namespace stave {
namespace {

class ScopeDistinct : public Accumulator {
 public:
  ScopeDistinct(const AggregateCall& call, const ColumnShape& shape)
      : type_(call.type), bits_(std::size_t{shape.dictionary->size()} / 64 + 1, 0) {
    bits_[0] = kNullMark;
  }

  void resize(std::uint32_t groups) override { counts_.resize(groups); }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const auto* codes = arguments[0].values<std::uint32_t>();
    if (rows.groups == nullptr && (counts_afterwards_ || starts_many(rows))) {
      kernels::set_marks(bits_.data(), codes, rows.rows);
      counts_afterwards_ = true;
      group_ = rows.group;
      return {};
    }
    count_marks();
    fresh_.resize(std::max(fresh_.size(), fresh_count_ + rows.rows));
    std::uint32_t* fresh = fresh_.data() + fresh_count_;
    std::size_t found = 0;
    if (rows.groups == nullptr) {
      found = kernels::mark_and_list(bits_.data(), codes, rows.rows, fresh);
      counts_[rows.group] += static_cast<std::int64_t>(found);
    } else {
      found = kernels::mark_by_group(bits_.data(), codes, rows.groups, rows.rows, fresh,
                                     counts_.data());
    }
    fresh_count_ += found;
    if (fresh_count_ * kWordsForCode > bits_.size()) {
      forgot_ = true;
      fresh_count_ = 0;
    }
    return {};
  }

  Result<void> end_scope() override {
    count_marks();
    if (forgot_) {
      std::fill(bits_.begin(), bits_.end(), std::uint64_t{0});
    } else {
      for (std::size_t i = 0; i < fresh_count_; ++i) bits_[fresh_[i] / 64] = 0;
    }
    bits_[0] = kNullMark;
    forgot_ = false;
    fresh_count_ = 0;
    return {};
  }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const ScopeDistinct&>(other);
    for (std::size_t group = 0; group < targets.size(); ++group) {
      counts_[targets[group]] = from.counts_[group];
    }
    return {};
  }

  bool can_retain() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    retain_states(counts_, first, kept);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    std::vector<std::int64_t> values(order.size());
    std::transform(order.begin(), order.end(), values.begin(),
                   [&](std::uint32_t group) { return counts_[group]; });
    return make_vector(type_, Representation::kInt64, std::move(values),
                       ValidityBits(order.size()));
  }

  std::size_t memory_bytes() const override {
    return (counts_.capacity() + bits_.capacity()) * sizeof(std::uint64_t) +
           fresh_.capacity() * sizeof(std::uint32_t);
  }

 private:
  static constexpr std::uint64_t kNullMark = 1;  // code 0 is never fresh
  // Words that are cleared in the time that one code takes.
  static constexpr std::size_t kWordsForCode = 8;

  // Of a scope that is one group the marks are counted at its end, where they are looked through in
  // less than it takes to tell of each row whether its code is fresh.
  bool starts_many(const GroupRows& rows) const {
    return fresh_count_ == 0 && !forgot_ && rows.rows >= bits_.size();
  }
  void count_marks() {
    if (!std::exchange(counts_afterwards_, false)) return;
    counts_[group_] = static_cast<std::int64_t>(count_set_bits(bits_) - kNullMark);
    forgot_ = true;
  }

  Type type_;
  std::vector<std::uint64_t, MarkAllocator<std::uint64_t>> bits_;
  std::vector<std::uint32_t> fresh_;  // codes marked in this scope, while they are few
  std::size_t fresh_count_ = 0;
  bool forgot_ = false;  // they became many
  bool counts_afterwards_ = false;
  std::uint32_t group_ = 0;  // where it does
  std::vector<std::int64_t> counts_;
};

}  // namespace

std::unique_ptr<Accumulator> make_scope_distinct(const AggregateCall& call,
                                                 const ColumnShape& shape) {
  return std::make_unique<ScopeDistinct>(call, shape);
}

}  // namespace stave
