// quantile(x, p): exact, interpolated between the two values around position p * (n - 1).
#include <algorithm>
#include <cmath>

#include "engine/aggregate/collecting_accumulator.h"
#include "engine/aggregate/number_values.h"
#include "engine/aggregate/rank_selection.h"
#include "engine/aggregate/result_vector.h"
#include "engine/operators/ordered_bits.h"

namespace stave {
namespace {

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
  // 128-bit integers are selected as they are.
  using Ordered = std::conditional_t<std::is_same_v<T, Int128>, Int128, std::uint64_t>;
  using Scratch = std::vector<Ordered>;

  explicit QuantileMethod(const AggregateCall& call)
      : type_(call.type), position_(std::clamp(parameter_of(call), 0.0, 1.0)) {}

  static const Value* read(const Vector& argument, std::vector<Value>& room) {
    return read_numbers(argument, room);
  }
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
    std::size_t count = 0;
    for (const auto& part : parts) count += part.size();
    if (scratch.size() < count) scratch.resize(count);
    Ordered* to = scratch.data();
    for (const auto& part : parts) to = std::transform(part.begin(), part.end(), to, ordered);
    const double at = position_ * static_cast<double>(count - 1);
    const auto below = static_cast<std::size_t>(at);
    const double fraction = at - static_cast<double>(below);
    const auto [low, high] = around(std::span(scratch).first(count), below);
    results_[group] = fraction > 0 && below + 1 < count ? between(low, high, fraction) : low;
    present_[group] = 1;
  }

  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) {
    retain_states(results_, first, kept);
    retain_states(present_, first, kept);
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
  static Ordered ordered(T value) {
    if constexpr (std::is_same_v<T, Int128>) {
      return value;
    } else {
      return ordered_bits(value);
    }
  }

  // The value at `rank`, and the next one where there is one.
  static std::pair<T, T> around(std::span<Ordered> values, std::size_t rank) {
    if constexpr (std::is_same_v<T, Int128>) {
      const auto low = values.begin() + static_cast<std::ptrdiff_t>(rank);
      std::nth_element(values.begin(), low, values.end());
      return {*low, rank + 1 < values.size() ? *std::min_element(low + 1, values.end()) : *low};
    } else {
      const RankedValues ranked = select_rank(values, rank);
      if constexpr (std::is_same_v<T, double>) {
        return {float64_of_ordered(ranked.value), float64_of_ordered(ranked.next)};
      } else {
        return {integer_of_ordered(ranked.value), integer_of_ordered(ranked.next)};
      }
    }
  }

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
