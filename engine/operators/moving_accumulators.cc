// See moving_accumulators.h.
#include "engine/operators/moving_accumulators.h"

#include <boost/multiprecision/cpp_int.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cmath>
#include <deque>
#include <limits>
#include <type_traits>

#include "engine/aggregate/exact_sum.h"
#include "engine/aggregate/rounding.h"
#include "engine/evaluate/decimal_math.h"
#include "engine/operators/cell_order.h"
#include "engine/runtime/vector_buffer.h"

namespace stave {

namespace {

using Int256 = boost::multiprecision::int256_t;

struct Cell {
  const Vector* vector = nullptr;
  std::uint32_t row = 0;

  bool is_null() const { return is_null_at(*vector, row); }
};

Cell cell_at(const MovingInput& input, RowNumber row) {
  const RowLocator::Place place = (*input.locator)(row);
  return {&input.columns->batches[place.batch].columns[0], place.row};
}

Failure too_large(const WindowCall& call) {
  return fail(ErrorCode::kOverflow, "A sum is outside " + to_string(call.type) + ", in `" +
                                        call.name + "`. Cast the argument to a wider type.");
}

bool fits(Int128 value, Type type) {
  if (type.kind == TypeKind::kDecimal) {
    return within_precision(value, type.precision);
  }
  return value >= std::numeric_limits<std::int64_t>::min() &&
         value <= std::numeric_limits<std::int64_t>::max();
}

// count() counts rows, count_if() rows that are true; with an argument count(x) skips nulls.
class Count final : public MovingAccumulator {
 public:
  Count(const WindowCall& call, const MovingInput& input)
      : input_(input),
        has_argument_(!call.arguments.empty()),
        only_true_(call.aggregate == AggregateFunction::kCountIf) {}
  void clear() override { count_ = 0; }
  void enter(RowNumber row) override { count_ += weight_of(row); }
  void leave(RowNumber row) override { count_ -= weight_of(row); }
  Result<void> put(RowNumber row, const MovingOutput& output) const override {
    output.numbers->set(row, Int128{count_});
    return {};
  }

 private:
  std::int64_t weight_of(RowNumber row) const {
    if (!has_argument_) {
      return 1;
    }
    const Cell cell = cell_at(input_, row);
    const bool counts =
        !cell.is_null() && (!only_true_ || cell.vector->values<std::uint8_t>()[cell.row] != 0);
    return counts ? 1 : 0;
  }

  const MovingInput& input_;
  bool has_argument_;
  bool only_true_;
  std::int64_t count_ = 0;
};

// sum and avg of i64 and decimals. `Sum` cannot overflow: 2^32 values of 64 or of 128 bits.
template <typename Sum>
class ExactNumber final : public MovingAccumulator {
 public:
  ExactNumber(const WindowCall& call, const MovingInput& input) : call_(call), input_(input) {}
  void clear() override {
    sum_ = 0;
    count_ = 0;
  }
  void enter(RowNumber row) override { add(row, true); }
  void leave(RowNumber row) override { add(row, false); }

  Result<void> put(RowNumber row, const MovingOutput& output) const override {
    if (count_ == 0) {
      return {};
    }
    if constexpr (std::is_same_v<Sum, Int256>) {
      const Int256 limit = (Int256(1) << 127) - 1;
      if (sum_ > limit || sum_ < -limit) {
        return too_large(call_);
      }
    }
    const auto sum = static_cast<Int128>(sum_);
    if (call_.aggregate == AggregateFunction::kSum) {
      if (!fits(sum, call_.type)) {
        return too_large(call_);
      }
      output.numbers->set(row, sum);
      return {};
    }
    if (call_.type.kind == TypeKind::kFloat64) {
      output.numbers->set(row, average_to_float64(sum, count_));
      return {};
    }
    const auto average =
        average_to_decimal(sum, count_, call_.type.scale - call_.arguments[0].type.scale);
    if (!average || !fits(*average, call_.type)) {
      return too_large(call_);
    }
    output.numbers->set(row, *average);
    return {};
  }

 private:
  void add(RowNumber row, bool enters) {
    const Cell cell = cell_at(input_, row);
    if (cell.is_null()) {
      return;
    }
    Sum value = 0;
    switch (cell.vector->representation) {
      case Representation::kCode:
        value = cell.vector->dictionary->int64_at(cell.vector->values<std::uint32_t>()[cell.row]);
        break;
      case Representation::kInt128:
        value = static_cast<Sum>(cell.vector->values<Int128>()[cell.row]);
        break;
      default:
        value = cell.vector->values<std::int64_t>()[cell.row];
        break;
    }
    sum_ += enters ? value : -value;
    count_ = enters ? count_ + 1 : count_ - 1;
  }

  const WindowCall& call_;
  const MovingInput& input_;
  Sum sum_ = 0;
  std::uint64_t count_ = 0;
};

// sum and avg of f64, exact and rounded once: what left is taken off exactly.
class ExactFloat final : public MovingAccumulator {
 public:
  ExactFloat(const WindowCall& call, const MovingInput& input) : call_(call), input_(input) {
    clear();
  }
  void clear() override {
    finite_ = ExactSums();
    finite_.resize(1);
    count_ = plus_infinities_ = minus_infinities_ = not_numbers_ = 0;
  }
  void enter(RowNumber row) override { add(row, 1); }
  void leave(RowNumber row) override { add(row, -1); }

  Result<void> put(RowNumber row, const MovingOutput& output) const override {
    if (count_ == 0) {
      return {};
    }
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (not_numbers_ > 0 || (plus_infinities_ > 0 && minus_infinities_ > 0)) {
      output.numbers->set(row, std::numeric_limits<double>::quiet_NaN());
      return {};
    }
    if (plus_infinities_ > 0 || minus_infinities_ > 0) {
      output.numbers->set(row, plus_infinities_ > 0 ? kInfinity : -kInfinity);
      return {};
    }
    const bool is_sum = call_.aggregate == AggregateFunction::kSum;
    const auto result = finite_.divided_by(0, is_sum ? 1 : static_cast<std::uint64_t>(count_));
    if (!result) {
      return pass(result);
    }
    output.numbers->set(row, *result);
    return {};
  }

 private:
  void add(RowNumber row, int direction) {
    const Cell cell = cell_at(input_, row);
    if (cell.is_null()) {
      return;
    }
    const double value = cell.vector->values<double>()[cell.row];
    count_ += direction;
    if (std::isnan(value)) {
      not_numbers_ += direction;
    } else if (std::isinf(value)) {
      (value > 0 ? plus_infinities_ : minus_infinities_) += direction;
    } else {
      finite_.add(0, direction > 0 ? value : -value);
    }
  }

  const WindowCall& call_;
  const MovingInput& input_;
  ExactSums finite_;
  std::int64_t count_ = 0;
  std::int64_t plus_infinities_ = 0;
  std::int64_t minus_infinities_ = 0;
  std::int64_t not_numbers_ = 0;
};

// min and max: rows that can still become the extreme, best first.
class Extreme final : public MovingAccumulator {
 public:
  Extreme(const WindowCall& call, const MovingInput& input)
      : input_(input), sign_(call.aggregate == AggregateFunction::kMin ? 1 : -1) {}
  void clear() override { candidates_.clear(); }
  void enter(RowNumber row) override {
    const Cell cell = cell_at(input_, row);
    if (cell.is_null()) {
      return;
    }
    while (!candidates_.empty()) {
      const Cell last = cell_at(input_, candidates_.back());
      if (sign_ * compare_cells(*cell.vector, cell.row, *last.vector, last.row) >= 0) {
        break;
      }
      candidates_.pop_back();
    }
    candidates_.push_back(row);
  }
  void leave(RowNumber row) override {
    if (!candidates_.empty() && candidates_.front() == row) {
      candidates_.pop_front();
    }
  }
  Result<void> put(RowNumber row, const MovingOutput& output) const override {
    (*output.picks)[row] = candidates_.empty() ? kNoRow : candidates_.front();
    return {};
  }

 private:
  const MovingInput& input_;
  int sign_;
  std::deque<RowNumber> candidates_;
};

class Distinct final : public MovingAccumulator {
 public:
  explicit Distinct(const MovingInput& input) : input_(input) {}
  void clear() override { counts_.clear(); }
  void enter(RowNumber row) override {
    if (!cell_at(input_, row).is_null()) {
      ++counts_[input_.ids[row]];
    }
  }
  void leave(RowNumber row) override {
    const auto found = counts_.find(input_.ids[row]);
    if (!cell_at(input_, row).is_null() && --found->second == 0) {
      counts_.erase(found);
    }
  }
  Result<void> put(RowNumber row, const MovingOutput& output) const override {
    output.numbers->set(row, static_cast<Int128>(counts_.size()));
    return {};
  }

 private:
  const MovingInput& input_;
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> counts_;
};

}  // namespace

bool can_move(AggregateFunction function) {
  switch (function) {
    case AggregateFunction::kCount:
    case AggregateFunction::kCountIf:
    case AggregateFunction::kSum:
    case AggregateFunction::kAverage:
    case AggregateFunction::kMin:
    case AggregateFunction::kMax:
    case AggregateFunction::kDistinct:
      return true;
    default:
      return false;
  }
}

bool picks_rows(AggregateFunction function) {
  return function == AggregateFunction::kMin || function == AggregateFunction::kMax;
}

std::unique_ptr<MovingAccumulator> make_moving_accumulator(const WindowCall& call,
                                                           const MovingInput& input) {
  switch (call.aggregate) {
    case AggregateFunction::kSum:
    case AggregateFunction::kAverage:
      switch (input.columns->shapes[0].representation) {
        case Representation::kFloat64:
          return std::make_unique<ExactFloat>(call, input);
        case Representation::kInt128:
          return std::make_unique<ExactNumber<Int256>>(call, input);
        default:
          return std::make_unique<ExactNumber<Int128>>(call, input);
      }
    case AggregateFunction::kMin:
    case AggregateFunction::kMax:
      return std::make_unique<Extreme>(call, input);
    case AggregateFunction::kDistinct:
      return std::make_unique<Distinct>(input);
    default:
      return std::make_unique<Count>(call, input);
  }
}

}  // namespace stave
