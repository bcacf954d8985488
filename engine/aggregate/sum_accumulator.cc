// sum and avg of integers and decimals: exact totals, checked, rounded at most once. Totals are 64
// bits wide while none can have left them, and counts are kept only where they tell something:
// a million groups then stay in the cache.
// Invariant: no total is beyond `reach_`, whatever the order of the rows.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/result_vector.h"
#include "engine/aggregate/rounding.h"
#include "engine/evaluate/decimal_math.h"
#include "engine/kernels/bitmap.h"
#include "engine/kernels/reduce.h"

namespace stave {
namespace {

struct Total {
  std::int64_t sum = 0;
};
struct CountedTotal {
  std::int64_t sum = 0;
  std::uint64_t count = 0;
};
// A total may leave 128 bits on the way and come back, as it does in one order of the rows and not
// in another: only the whole of it tells whether it fits.
struct WideTotal {
  Int128 sum = 0;  // modulo 2^128
  std::uint64_t count = 0;
  std::int64_t carry = 0;  // 2^128 so often more

  void add(Int128 value) {
    if (__builtin_add_overflow(sum, value, &sum)) carry += value < 0 ? -1 : 1;
  }
};

// Wraps where a damaged file's values lie outside the range that it states.
template <typename State>
void add_part(State& state, Int128 sum, std::uint64_t count) {
  state.sum =
      static_cast<decltype(state.sum)>(static_cast<UInt128>(state.sum) + static_cast<UInt128>(sum));
  if constexpr (requires { state.count; }) state.count += count;
}

class IntegerSum : public Accumulator {
 public:
  IntegerSum(const AggregateCall& call, const ColumnShape& shape, const RowCounts* row_counts)
      : name_(call.name),
        type_(call.type),
        is_average_(call.function == AggregateFunction::kAverage),
        row_counts_(row_counts),
        has_counts_((is_average_ && row_counts == nullptr) || shape.may_be_null),
        may_be_null_(shape.may_be_null),
        more_digits_(call.type.scale - shape.type.scale),
        range_(shape.range) {
    if (shape.representation == Representation::kInt128) {
      states_ = std::vector<WideTotal>();
    } else if (has_counts_) {
      states_ = std::vector<CountedTotal>();
    }
  }

  void resize(std::uint32_t groups) override {
    std::visit([&](auto& states) { states.resize(groups); }, states_);
  }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const Vector& argument = arguments[0];
    rows_ += rows.rows;
    if (argument.representation == Representation::kInt128) return add_wide(rows, argument);
    note_reach(rows, argument);
    std::visit([&](auto& states) { add_narrow(std::span(states), rows, argument); }, states_);
    return {};
  }

  bool takes_runs() const override { return true; }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    auto& from = static_cast<IntegerSum&>(other);
    rows_ += from.rows_;
    reach_ += from.reach_;
    if (reach_ > kNarrowReach || from.is_wide()) widen();
    return std::visit(
        [&](auto& states, const auto& more) -> Result<void> {
          for (std::size_t group = 0; group < targets.size(); ++group) {
            auto& state = states[targets[group]];
            using Sum = decltype(state.sum);
            if constexpr (requires { state.carry; }) {
              state.add(more[group].sum);
              if constexpr (requires { more[group].carry; }) state.carry += more[group].carry;
            } else if (__builtin_add_overflow(state.sum, static_cast<Sum>(more[group].sum),
                                              &state.sum)) {
              return too_large();
            }
            if constexpr (requires { state.count + more[group].count; }) {
              state.count += more[group].count;
            }
          }
          return {};
        },
        states_, from.states_);
  }

  std::optional<PackableSum> packable() const override {
    if (!range_ || range_->first < 0 || may_be_null_ || is_wide()) return std::nullopt;
    return PackableSum{static_cast<std::uint64_t>(range_->second), has_counts_};
  }
  void take_packed(std::span<const std::uint64_t> words, WordField sum, WordField count,
                   std::uint64_t rows) override {
    rows_ += rows;
    reach_ += static_cast<UInt128>(static_cast<std::uint64_t>(range_->second)) * rows;
    if (reach_ > kNarrowReach) widen();
    std::visit(
        [&](auto& states) {
          for (std::size_t group = 0; group < words.size(); ++group) {
            add_part(states[group], sum.of(words[group]), count.of(words[group]));
          }
        },
        states_);
  }

  bool can_retain() const override { return true; }
  bool has_plain_states() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    std::visit([&](auto& states) { retain_states(states, first, kept); }, states_);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    switch (representation_of(type_)) {
      case Representation::kFloat64:
        return finish_as<double>(order);
      case Representation::kInt128:
        return finish_as<Int128>(order);
      default:
        return finish_as<std::int64_t>(order);
    }
  }

  std::size_t memory_bytes() const override {
    return std::visit([](const auto& states) { return states.capacity() * sizeof(states[0]); },
                      states_);
  }

 private:
  static constexpr UInt128 kNarrowReach = static_cast<UInt128>(INT64_MAX);

  bool is_wide() const { return std::holds_alternative<std::vector<WideTotal>>(states_); }

  void widen() {
    if (is_wide()) return;
    std::vector<WideTotal> wide;
    std::visit(
        [&](const auto& states) {
          wide.resize(states.size());
          for (std::size_t group = 0; group < states.size(); ++group) {
            wide[group].sum = states[group].sum;
            if constexpr (requires { states[group].count; }) {
              wide[group].count = states[group].count;
            }
          }
        },
        states_);
    states_ = std::move(wide);
  }

  // What the rows can add to a total at most.
  void note_reach(const GroupRows& rows, const Vector& argument) {
    if (is_wide()) return;
    std::pair<std::int64_t, std::int64_t> range(0, 0);
    if (range_) {
      range = *range_;
    } else {
      const kernels::Range64 met =
          kernels::range_of(argument.values<std::int64_t>(), argument.validity, rows.rows);
      if (met.min <= met.max) range = {met.min, met.max};
    }
    const auto magnitude = [](std::int64_t value) {
      const auto bits = static_cast<std::uint64_t>(value);
      return value < 0 ? std::uint64_t{0} - bits : bits;
    };
    reach_ +=
        static_cast<UInt128>(std::max(magnitude(range.first), magnitude(range.second))) * rows.rows;
    if (reach_ > kNarrowReach) widen();
  }

  template <typename State>
  static void add_narrow(std::span<State> all, const GroupRows& rows, const Vector& argument) {
    State* const states = all.data();
    const auto* values = argument.values<std::int64_t>();
    if (is_one_group(rows)) {
      const std::size_t count = argument.validity == nullptr
                                    ? rows.rows
                                    : kernels::count_bits(argument.validity, rows.rows);
      add_part(states[rows.group], kernels::sum(values, argument.validity, rows.rows), count);
    } else if (argument.validity == nullptr && has_runs(rows)) {
      for_each_run(rows, [&](std::uint32_t group, std::uint32_t first, std::uint32_t count) {
        add_part(states[group], kernels::sum(values + first, nullptr, count), count);
      });
    } else {
      for_each_value(rows, argument, all, [&](std::uint32_t group, std::uint32_t row) {
        add_part(states[group], values[row], 1);
      });
    }
  }

  Result<void> add_wide(const GroupRows& rows, const Vector& argument) {
    const auto* values = argument.values<Int128>();
    WideTotal* states = std::get<std::vector<WideTotal>>(states_).data();
    for_each_value(rows, argument, [&](std::uint32_t group, std::uint32_t row) {
      states[group].add(values[row]);
      ++states[group].count;
    });
    return {};
  }

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
  Result<Vector> finish_as(std::span<const std::uint32_t> order) const {
    return std::visit([&](const auto& states) { return finish_from<Out>(states, order); }, states_);
  }

  template <typename Out, typename State>
  Result<Vector> finish_from(const std::vector<State>& states,
                             std::span<const std::uint32_t> order) const {
    std::vector<Out> values(order.size());
    ValidityBits validity(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      const State& state = states[order[row]];
      // There is a group without rows only where none has any.
      std::uint64_t count = row_counts_ ? row_counts_->rows_of(order[row]) : rows_;
      if constexpr (requires { state.count; }) {
        if (has_counts_) count = state.count;
      }
      if (count == 0) {
        validity.clear(row);
      } else if constexpr (std::is_same_v<Out, double>) {
        values[row] =
            is_average_ ? average_to_float64(state.sum, count) : static_cast<double>(state.sum);
      } else {
        if constexpr (requires { state.carry; }) {
          if (state.carry != 0) return too_large();
        }
        Int128 value = state.sum;
        if (is_average_) {
          Result<Int128> average = average_to_decimal(state.sum, count, more_digits_);
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
  const RowCounts* row_counts_;
  bool has_counts_;  // else every row has a value, and any row is enough
  bool may_be_null_;
  int more_digits_;
  std::optional<std::pair<std::int64_t, std::int64_t>> range_;
  std::uint64_t rows_ = 0;
  UInt128 reach_ = 0;
  std::variant<std::vector<Total>, std::vector<CountedTotal>, std::vector<WideTotal>> states_;
};

}  // namespace

std::unique_ptr<Accumulator> make_integer_sum(const AggregateCall& call, const ColumnShape& shape,
                                              const RowCounts* rows) {
  return std::make_unique<IntegerSum>(call, shape, rows);
}

}  // namespace stave
