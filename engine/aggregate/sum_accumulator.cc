// sum and avg of integers and decimals: 128-bit totals, checked, rounded at most once.
#include <fmt/format.h>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/result_vector.h"
#include "engine/aggregate/rounding.h"
#include "engine/evaluate/decimal_math.h"
#include "engine/kernels/bitmap.h"
#include "engine/kernels/reduce.h"

namespace stave {
namespace {

template <typename T>
class IntegerSum : public Accumulator {
 public:
  IntegerSum(const AggregateCall& call, const ColumnShape& shape)
      : name_(call.name),
        type_(call.type),
        is_average_(call.function == AggregateFunction::kAverage),
        more_digits_(call.type.scale - shape.type.scale) {}

  void resize(std::uint32_t groups) override { states_.resize(groups); }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const T* values = arguments[0].values<T>();
    if constexpr (sizeof(T) == 8) {
      const std::uint64_t* validity = arguments[0].validity;
      if (rows.groups == nullptr && validity != nullptr) {
        State& state = states_[rows.group];
        state.sum += kernels::sum(values, validity, rows.rows);
        state.count += kernels::count_bits(validity, rows.rows);
        return {};
      }
      if (has_runs(rows) && validity == nullptr) {
        for_each_run(rows, [&](std::uint32_t group, std::uint32_t first, std::uint32_t count) {
          states_[group].sum += kernels::sum(values + first, nullptr, count);
          states_[group].count += count;
        });
        return {};
      }
    }
    bool overflow = false;
    State* states = states_.data();
    for_each_value(rows, arguments[0], [&](std::uint32_t group, std::uint32_t row) {
      State& state = states[group];
      if constexpr (sizeof(T) == 8) {
        state.sum += values[row];
      } else {
        overflow |= __builtin_add_overflow(state.sum, values[row], &state.sum);
      }
      ++state.count;
    });
    if (overflow) return too_large();
    return {};
  }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const IntegerSum&>(other);
    for (std::size_t group = 0; group < targets.size(); ++group) {
      State& state = states_[targets[group]];
      if (__builtin_add_overflow(state.sum, from.states_[group].sum, &state.sum)) {
        return too_large();
      }
      state.count += from.states_[group].count;
    }
    return {};
  }

  bool can_retain() const override { return true; }
  bool has_plain_states() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    retain_states(states_, first, kept);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) override {
    switch (representation_of(type_)) {
      case Representation::kFloat64:
        return finish_as<double>(order);
      case Representation::kInt128:
        return finish_as<Int128>(order);
      default:
        return finish_as<std::int64_t>(order);
    }
  }

  std::size_t memory_bytes() const override { return states_.capacity() * sizeof(State); }

 private:
  struct State {
    Int128 sum = 0;
    std::uint64_t count = 0;
  };

  Failure too_large() const {
    return fail(ErrorCode::kOverflow,
                fmt::format("A result of `{}` does not fit into {}. Cast its argument to a wider "
                            "type, such as decimal(38,0).",
                            name_, to_string(type_)));
  }

  bool fits(Int128 value) const {
    if (type_.kind == TypeKind::kDecimal) return within_precision(value, type_.precision);
    return value >= INT64_MIN && value <= INT64_MAX;
  }

  template <typename Out>
  Result<Vector> finish_as(std::span<const std::uint32_t> order) {
    std::vector<Out> values(order.size());
    ValidityBits validity(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      const State& state = states_[order[row]];
      if (state.count == 0) {
        validity.clear(row);
      } else if constexpr (std::is_same_v<Out, double>) {
        values[row] = is_average_ ? average_to_float64(state.sum, state.count)
                                  : static_cast<double>(state.sum);
      } else {
        Int128 value = state.sum;
        if (is_average_) {
          Result<Int128> average = average_to_decimal(state.sum, state.count, more_digits_);
          if (!average) return too_large();
          value = *average;
        }
        if (!fits(value)) return too_large();
        values[row] = static_cast<Out>(value);
      }
    }
    return make_vector(type_, representation_of(type_), std::move(values), std::move(validity));
  }

  std::string name_;
  Type type_;
  bool is_average_;
  int more_digits_;
  std::vector<State> states_;
};

}  // namespace

std::unique_ptr<Accumulator> make_integer_sum(const AggregateCall& call, const ColumnShape& shape) {
  if (shape.representation == Representation::kInt128) {
    return std::make_unique<IntegerSum<Int128>>(call, shape);
  }
  return std::make_unique<IntegerSum<std::int64_t>>(call, shape);
}

}  // namespace stave
