// min and max of any type. f64: not-a-number is above every number. Coded strings are compared only
// where a code differs from the best one so far.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/result_vector.h"
#include "engine/aggregate/value_encoder.h"

namespace stave {
namespace {

bool comes_before(double left, double right) {
  return std::isnan(right) ? !std::isnan(left) : left < right;
}
template <typename T>
bool comes_before(T left, T right) {
  return left < right;
}

// The two zeros are equal, and which one is met first depends on threads.
double canonical(double value) {
  return value == 0 ? 0.0 : value;
}
template <typename T>
T canonical(T value) {
  return value;
}

template <typename T>
class Extreme : public Accumulator {
 public:
  Extreme(const AggregateCall& call, const ColumnShape& shape)
      : type_(call.type),
        representation_(shape.representation),
        is_max_(call.function == AggregateFunction::kMax) {}

  void resize(std::uint32_t groups) override { states_.resize(groups); }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const T* values = arguments[0].values<T>();
    const std::span<State> states(states_);
    for_each_value(rows, arguments[0], states, [&](std::uint32_t group, std::uint32_t row) {
      offer(states[group], values[row]);
    });
    return {};
  }

  bool takes_runs() const override { return true; }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const Extreme&>(other);
    for (std::size_t group = 0; group < targets.size(); ++group) {
      const State& state = from.states_[group];
      if (state.present) offer(states_[targets[group]], state.best);
    }
    return {};
  }

  bool can_retain() const override { return true; }
  bool has_plain_states() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    retain_states(states_, first, kept);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    std::vector<T> values(order.size());
    ValidityBits validity(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      const State& state = states_[order[row]];
      if (state.present) {
        values[row] = canonical(state.best);
      } else {
        validity.clear(row);
      }
    }
    return make_vector(type_, representation_, std::move(values), std::move(validity));
  }

  std::size_t memory_bytes() const override { return states_.capacity() * sizeof(State); }

 private:
  struct State {
    T best{};
    bool present = false;
  };

  void offer(State& state, T value) const {
    if (!state.present ||
        (is_max_ ? comes_before(state.best, value) : comes_before(value, state.best))) {
      state.best = value;
      state.present = true;
    }
  }

  Type type_;
  Representation representation_;
  bool is_max_;
  std::vector<State> states_;
};

// Integers of a narrow range: the state is the distance from the border that is worst, plus one, so
// that the better is the greater and nothing is 0. Few bytes for each group, and no branch.
template <typename State>
class NarrowExtreme : public Accumulator {
 public:
  NarrowExtreme(const AggregateCall& call, const ColumnShape& shape)
      : type_(call.type),
        is_max_(call.function == AggregateFunction::kMax),
        worst_(is_max_ ? shape.range->first : shape.range->second) {}

  void resize(std::uint32_t groups) override { states_.resize(groups); }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const auto* values = arguments[0].values<std::int64_t>();
    if (is_max_) {
      offer_all(rows, arguments[0], [&](std::uint32_t row) { return values[row] - worst_ + 1; });
    } else {
      offer_all(rows, arguments[0], [&](std::uint32_t row) { return worst_ - values[row] + 1; });
    }
    return {};
  }

  bool takes_runs() const override { return true; }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const NarrowExtreme&>(other);
    for (std::size_t group = 0; group < targets.size(); ++group) {
      State& state = states_[targets[group]];
      state = std::max(state, from.states_[group]);
    }
    return {};
  }

  bool can_retain() const override { return true; }
  bool has_plain_states() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    retain_states(states_, first, kept);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    std::vector<std::int64_t> values(order.size());
    ValidityBits validity(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      const State state = states_[order[row]];
      const std::int64_t distance = std::int64_t{state} - 1;
      values[row] = state == 0 ? 0 : (is_max_ ? worst_ + distance : worst_ - distance);
      if (state == 0) validity.clear(row);
    }
    return make_vector(type_, Representation::kInt64, std::move(values), std::move(validity));
  }

  std::size_t memory_bytes() const override { return states_.capacity() * sizeof(State); }

 private:
  template <typename DistanceAt>
  void offer_all(const GroupRows& rows, const Vector& argument, const DistanceAt& distance_at) {
    const std::span<State> states(states_);
    for_each_value(rows, argument, states, [&](std::uint32_t group, std::uint32_t row) {
      states[group] = std::max(states[group], static_cast<State>(distance_at(row)));
    });
  }

  Type type_;
  bool is_max_;
  std::int64_t worst_;
  std::vector<State> states_;
};

template <typename State>
bool is_within(const ColumnShape& shape) {
  if (!shape.range || shape.range->first > shape.range->second) return false;
  const auto reach = static_cast<std::uint64_t>(shape.range->second) -
                     static_cast<std::uint64_t>(shape.range->first);
  return reach < std::numeric_limits<State>::max();
}

class TextExtreme : public Accumulator {
 public:
  explicit TextExtreme(const AggregateCall& call)
      : type_(call.type), is_max_(call.function == AggregateFunction::kMax) {}

  void resize(std::uint32_t groups) override { states_.resize(groups); }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const auto* values = arguments[0].values<std::string_view>();
    for_each_value(rows, arguments[0], [&](std::uint32_t group, std::uint32_t row) {
      offer(states_[group], values[row]);
    });
    return {};
  }

  bool takes_runs() const override { return true; }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const TextExtreme&>(other);
    for (std::size_t group = 0; group < targets.size(); ++group) {
      const State& state = from.states_[group];
      if (state.present) offer(states_[targets[group]], state.best);
    }
    return {};
  }

  bool can_retain() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    retain_states(states_, first, kept);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    auto text = std::make_shared<ResultText>();
    std::vector<std::string_view> values(order.size());
    ValidityBits validity(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      const State& state = states_[order[row]];
      if (state.present) {
        values[row] = text->copy(state.best);
      } else {
        validity.clear(row);
      }
    }
    return make_vector(type_, Representation::kString, std::move(values), std::move(validity),
                       std::move(text));
  }

  std::size_t memory_bytes() const override {
    return states_.capacity() * sizeof(State) + text_bytes_;
  }

 private:
  struct State {
    std::string best;
    bool present = false;
  };

  void offer(State& state, std::string_view value) {
    if (!state.present || (is_max_ ? state.best < value : value < state.best)) {
      text_bytes_ += value.size() - state.best.size();
      state.best.assign(value);
      state.present = true;
    }
  }

  Type type_;
  bool is_max_;
  std::size_t text_bytes_ = 0;
  std::vector<State> states_;
};

class CodeExtreme : public Accumulator {
 public:
  CodeExtreme(const AggregateCall& call, const ColumnShape& shape)
      : values_(shape), is_max_(call.function == AggregateFunction::kMax) {}

  void resize(std::uint32_t groups) override { best_.resize(groups); }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const auto* codes = arguments[0].values<std::uint32_t>();
    for (std::uint32_t row = 0; row < rows.rows; ++row) {
      offer(best_[rows.groups == nullptr ? rows.group : rows.groups[row]], codes[row]);
    }
    return {};
  }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const CodeExtreme&>(other);
    for (std::size_t group = 0; group < targets.size(); ++group) {
      offer(best_[targets[group]], from.best_[group]);
    }
    return {};
  }

  bool can_retain() const override { return true; }
  bool has_plain_states() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    retain_states(best_, first, kept);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    std::vector<std::uint32_t> codes(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) codes[row] = best_[order[row]];
    return values_.decode(codes);
  }

  std::size_t memory_bytes() const override { return best_.capacity() * sizeof(std::uint32_t); }

 private:
  void offer(std::uint32_t& best, std::uint32_t code) const {
    if (code == best || code == kNullCode) return;
    if (best == kNullCode || (values_.compare(code, best) < 0) != is_max_) best = code;
  }

  ValueEncoder values_;
  bool is_max_;
  std::vector<std::uint32_t> best_;
};

}  // namespace

std::unique_ptr<Accumulator> make_extreme(const AggregateCall& call, const ColumnShape& shape) {
  switch (shape.representation) {
    case Representation::kCode:
      return std::make_unique<CodeExtreme>(call, shape);
    case Representation::kInt128:
      return std::make_unique<Extreme<Int128>>(call, shape);
    case Representation::kFloat64:
      return std::make_unique<Extreme<double>>(call, shape);
    case Representation::kString:
      return std::make_unique<TextExtreme>(call);
    case Representation::kBool:
      return std::make_unique<Extreme<std::uint8_t>>(call, shape);
    case Representation::kInt64:
      break;
  }
  if (is_within<std::uint16_t>(shape)) {
    return std::make_unique<NarrowExtreme<std::uint16_t>>(call, shape);
  }
  if (is_within<std::uint32_t>(shape)) {
    return std::make_unique<NarrowExtreme<std::uint32_t>>(call, shape);
  }
  return std::make_unique<Extreme<std::int64_t>>(call, shape);
}

}  // namespace stave
