// sum and avg of f64: exact, rounded once.
#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/exact_sum.h"
#include "engine/aggregate/result_vector.h"

namespace stave {
namespace {

class FloatSum : public Accumulator {
 public:
  FloatSum(const AggregateCall& call, const ColumnShape& shape, const RowCounts* row_counts)
      : type_(call.type),
        is_average_(call.function == AggregateFunction::kAverage),
        row_counts_(row_counts),
        has_counts_((is_average_ && row_counts == nullptr) || shape.may_be_null) {}

  void resize(std::uint32_t groups) override {
    sums_.resize(groups);
    if (has_counts_) counts_.resize(groups);
  }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const auto* values = arguments[0].values<double>();
    rows_ += rows.rows;
    ExactSums::Adder sums(sums_);
    if (arguments[0].validity == nullptr) {
      add_every_row(rows, values, sums);
    } else if (has_counts_) {
      for_each_value(rows, arguments[0], sums.shared_units(),
                     [&](std::uint32_t group, std::uint32_t row) {
                       sums.add(group, values[row]);
                       ++counts_[group];
                     });
    } else {
      for_each_value(rows, arguments[0], sums.shared_units(),
                     [&](std::uint32_t group, std::uint32_t row) { sums.add(group, values[row]); });
    }
    return {};
  }

  bool takes_runs() const override { return true; }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const FloatSum&>(other);
    rows_ += from.rows_;
    for (std::size_t group = 0; group < targets.size(); ++group) {
      sums_.add(targets[group], from.sums_, group);
      if (has_counts_) counts_[targets[group]] += from.counts_[group];
    }
    return {};
  }

  bool can_retain() const override { return true; }
  bool has_plain_states() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    sums_.retain(first, kept);
    if (has_counts_) retain_states(counts_, first, kept);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    std::vector<double> values(order.size());
    ValidityBits validity(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      if (row + kPrefetchAhead < order.size()) sums_.prefetch(order[row + kPrefetchAhead]);
      const std::uint32_t group = order[row];
      // There is a group without rows only where none has any.
      const std::uint64_t count =
          has_counts_ ? counts_[group] : (row_counts_ ? row_counts_->rows_of(group) : rows_);
      if (count == 0) {
        validity.clear(row);
        continue;
      }
      const Result<double> value = sums_.divided_by(group, is_average_ ? count : 1);
      if (!value) return pass(value);
      values[row] = *value;
    }
    return make_vector(type_, Representation::kFloat64, std::move(values), std::move(validity));
  }

  std::size_t memory_bytes() const override {
    return sums_.memory_bytes() + counts_.capacity() * sizeof(std::uint64_t);
  }

 private:
  // Millions of groups are far from the cache, and a quotient takes longer than one is waited for.
  static constexpr std::size_t kPrefetchAhead = 16;

  void add_every_row(const GroupRows& rows, const double* values, ExactSums::Adder& sums) {
    if (has_runs(rows)) {
      for_each_run(rows, [&](std::uint32_t group, std::uint32_t first, std::uint32_t count) {
        sums.add_all(group, std::span(values + first, count));
        if (has_counts_) counts_[group] += count;
      });
      return;
    }
    sums.add_rows(rows.groups, std::span(values, rows.rows));
    if (!has_counts_) return;
    std::uint64_t* const counts = counts_.data();
    for_each_value(rows, Vector(), std::span(counts_),
                   [&](std::uint32_t group, std::uint32_t /*row*/) { ++counts[group]; });
  }

  Type type_;
  bool is_average_;
  const RowCounts* row_counts_;
  bool has_counts_;  // else every row has a value, and any row is enough
  std::uint64_t rows_ = 0;
  ExactSums sums_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace

std::unique_ptr<Accumulator> make_float_sum(const AggregateCall& call, const ColumnShape& shape,
                                            const RowCounts* rows) {
  return std::make_unique<FloatSum>(call, shape, rows);
}

}  // namespace stave
