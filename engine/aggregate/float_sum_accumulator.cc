// sum and avg of f64: exact, rounded once.
#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/exact_sum.h"
#include "engine/aggregate/result_vector.h"

namespace stave {
namespace {

class FloatSum : public Accumulator {
 public:
  FloatSum(const AggregateCall& call, const ColumnShape& shape)
      : type_(call.type),
        is_average_(call.function == AggregateFunction::kAverage),
        has_counts_(is_average_ || shape.may_be_null) {}

  void resize(std::uint32_t groups) override {
    sums_.resize(groups);
    if (has_counts_) counts_.resize(groups);
  }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const auto* values = arguments[0].values<double>();
    rows_ += rows.rows;
    ExactSums::Adder sums(sums_);
    const std::span<Int128> units = sums.shared_units();
    if (!has_counts_) {
      for_each_value(rows, arguments[0], units,
                     [&](std::uint32_t group, std::uint32_t row) { sums.add(group, values[row]); });
      return {};
    }
    std::uint64_t* counts = counts_.data();
    for_each_value(rows, arguments[0], units, [&](std::uint32_t group, std::uint32_t row) {
      sums.add(group, values[row]);
      ++counts[group];
    });
    return {};
  }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const FloatSum&>(other);
    rows_ += from.rows_;
    for (std::size_t group = 0; group < targets.size(); ++group) {
      sums_.add(targets[group], from.sums_, group);
      if (has_counts_) counts_[targets[group]] += from.counts_[group];
    }
    return {};
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) override {
    std::vector<double> values(order.size());
    ValidityBits validity(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      if (row + kPrefetchAhead < order.size()) sums_.prefetch(order[row + kPrefetchAhead]);
      const std::uint32_t group = order[row];
      // There is a group without rows only where none has any.
      const std::uint64_t count = has_counts_ ? counts_[group] : rows_;
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

  Type type_;
  bool is_average_;
  bool has_counts_;  // else every row has a value, and any row is enough
  std::uint64_t rows_ = 0;
  ExactSums sums_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace

std::unique_ptr<Accumulator> make_float_sum(const AggregateCall& call, const ColumnShape& shape) {
  return std::make_unique<FloatSum>(call, shape);
}

}  // namespace stave
