// stddev(x): of the sample, from the exact mean and an exact sum of the squared distances to it, so
// that neither cancellation nor order shows. One value has no deviation: null.
#include <cmath>

#include "engine/aggregate/collecting_accumulator.h"
#include "engine/aggregate/exact_sum.h"
#include "engine/aggregate/number_values.h"
#include "engine/aggregate/result_vector.h"

namespace stave {
namespace {

class DeviationMethod {
 public:
  using Value = double;
  using Scratch = std::vector<double>;

  explicit DeviationMethod(const AggregateCall& call) : type_(call.type) {}

  static const Value* read(const Vector& argument, std::vector<Value>& room) {
    return read_numbers(argument, room);
  }
  void resize(std::uint32_t groups) { results_.resize(groups, kNone); }
  bool holds(std::uint32_t group) const { return results_[group] != kNone; }
  void take(std::uint32_t target, DeviationMethod& other, std::uint32_t group) {
    results_[target] = other.results_[group];
  }

  void run(std::uint32_t group, PendingRows<Value>::Parts parts, Scratch& squares) {
    std::uint64_t count = 0;
    ExactSums sums;
    sums.resize(2);
    ExactSums::Adder adder(sums);
    for (const auto& part : parts) {
      count += part.size();
      adder.add_all(0, part);
    }
    if (count < 2) return;
    const double mean = sums.divided_by(0, count).value_or(0);
    for (const auto& part : parts) {
      squares.resize(part.size());
      for (std::size_t row = 0; row < part.size(); ++row) {
        const double distance = part[row] - mean;
        squares[row] = distance * distance;
      }
      adder.add_all(1, squares);
    }
    const Result<double> variance = sums.divided_by(1, count - 1);
    results_[group] = std::sqrt(variance.value_or(std::numeric_limits<double>::infinity()));
  }

  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) {
    retain_states(results_, first, kept);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const {
    std::vector<double> values(order.size());
    ValidityBits validity(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      const double result = results_[order[row]];
      if (result == kNone) {
        validity.clear(row);
        continue;
      }
      if (std::isinf(result)) {
        return fail(
            ErrorCode::kOverflow,
            "A standard deviation is beyond the range of f64. Scale the values down first.");
      }
      values[row] = result;
    }
    return make_vector(type_, Representation::kFloat64, std::move(values), std::move(validity));
  }

  std::size_t memory_bytes() const { return results_.capacity() * sizeof(double); }

 private:
  static constexpr double kNone = -1;  // no deviation is negative
  Type type_;
  std::vector<double> results_;
};

}  // namespace

std::unique_ptr<Accumulator> make_standard_deviation(const AggregateCall& call,
                                                     const ColumnShape& /*shape*/) {
  return std::make_unique<CollectingAccumulator<DeviationMethod>>(call);
}

}  // namespace stave
