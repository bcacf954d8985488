// quantile(x, p): exact, interpolated between the two values around position p * (n - 1).
#include <algorithm>
#include <cmath>

#include "engine/aggregate/collecting_accumulator.h"
#include "engine/aggregate/number_values.h"
#include "engine/aggregate/result_vector.h"

namespace stave {
namespace {

bool comes_before(double left, double right) {
  return std::isnan(right) ? !std::isnan(left) : left < right;
}
template <typename T>
bool comes_before(T left, T right) {
  return left < right;
}

double parameter_of(const AggregateCall& call) {
  if (const auto* value = std::get_if<double>(&call.parameter.data)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&call.parameter.data)) {
    return static_cast<double>(*value);
  }
  if (const auto* value = std::get_if<Int128>(&call.parameter.data)) {
    return static_cast<double>(*value) / std::pow(10.0, call.parameter.type.scale);
  }
  return 0.5;
}

// `T` is double where the result is f64, else the integer type that holds it.
template <typename T>
class QuantileMethod {
 public:
  using Value = T;
  using Scratch = std::vector<T>;

  explicit QuantileMethod(const AggregateCall& call)
      : type_(call.type), position_(std::clamp(parameter_of(call), 0.0, 1.0)) {}

  void read(const Vector& argument, Value* out) const { read_numbers(argument, out); }
  void resize(std::uint32_t groups) {
    results_.resize(groups);
    present_.resize(groups, 0);
  }
  bool holds(std::uint32_t group) const { return present_[group] != 0; }
  void take(std::uint32_t target, QuantileMethod& other, std::uint32_t group) {
    results_[target] = other.results_[group];
    present_[target] = 1;
  }

  void run(std::uint32_t group, typename PendingRows<Value>::Parts parts, Scratch& scratch) {
    std::span<T> values = parts[0];
    if (parts.size() > 1) {
      scratch.clear();
      for (const auto& part : parts) scratch.insert(scratch.end(), part.begin(), part.end());
      values = scratch;
    }
    const double at = position_ * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const double fraction = at - static_cast<double>(below);
    const auto before = [](T left, T right) { return comes_before(left, right); };
    const auto low = values.begin() + static_cast<std::ptrdiff_t>(below);
    std::nth_element(values.begin(), low, values.end(), before);
    T result = *low;
    if (fraction > 0 && below + 1 < values.size()) {
      result = between(*low, *std::min_element(low + 1, values.end(), before), fraction);
    }
    results_[group] = result;
    present_[group] = 1;
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const {
    std::vector<T> values(order.size());
    ValidityBits validity(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      values[row] = results_[order[row]];
      if (present_[order[row]] == 0) validity.clear(row);
    }
    return make_vector(type_, representation_of(type_), std::move(values), std::move(validity));
  }

  std::size_t memory_bytes() const { return results_.capacity() * sizeof(T) + present_.capacity(); }

 private:
  static T between(T low, T high, double fraction) {
    if constexpr (std::is_same_v<T, double>) {
      return low == high ? low : low * (1 - fraction) + high * fraction;
    } else {
      // In units of a billionth, rounded half away from zero; the gap of two values of a type may
      // be wider than the type.
      constexpr std::int64_t kUnits = 1'000'000'000;
      const Int128 gap = static_cast<Int128>(high) - static_cast<Int128>(low);
      const auto part = static_cast<Int128>(std::llround(fraction * static_cast<double>(kUnits)));
      const Int128 whole = gap / kUnits * part;
      const Int128 rest = (gap % kUnits * part + kUnits / 2) / kUnits;
      return static_cast<T>(static_cast<Int128>(low) + whole + rest);
    }
  }

  Type type_;
  double position_;
  std::vector<T> results_;
  std::vector<std::uint8_t> present_;
};

}  // namespace

std::unique_ptr<Accumulator> make_quantile(const AggregateCall& call,
                                           const ColumnShape& /*shape*/) {
  switch (representation_of(call.type)) {
    case Representation::kFloat64:
      return std::make_unique<CollectingAccumulator<QuantileMethod<double>>>(call);
    case Representation::kInt128:
      return std::make_unique<CollectingAccumulator<QuantileMethod<Int128>>>(call);
    default:
      return std::make_unique<CollectingAccumulator<QuantileMethod<std::int64_t>>>(call);
  }
}

}  // namespace stave
