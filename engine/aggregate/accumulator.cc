// Which accumulator serves a call.
#include "engine/aggregate/accumulator.h"

#include "engine/aggregate/result_vector.h"

namespace stave {
namespace {

// Puts the integers behind the codes of an integer domain in front of an accumulator of numbers.
class DecodedIntegers : public Accumulator {
 public:
  DecodedIntegers(std::unique_ptr<Accumulator> numbers,
                  std::shared_ptr<const std::int64_t[]> integers)
      : numbers_(std::move(numbers)), integers_(std::move(integers)) {}

  void resize(std::uint32_t groups) override { numbers_->resize(groups); }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    const Vector& coded = arguments[0];
    const auto* codes = coded.values<std::uint32_t>();
    std::vector<std::int64_t> values(coded.size);
    ValidityBits validity(coded.size);
    for (std::uint32_t row = 0; row < coded.size; ++row) {
      if (codes[row] == kNullCode) {
        validity.clear(row);
      } else {
        values[row] = integers_[codes[row]];
      }
    }
    const Vector plain =
        make_vector(coded.type, Representation::kInt64, std::move(values), std::move(validity));
    return numbers_->add(rows, std::span(&plain, 1));
  }

  Result<void> end_scope() override { return numbers_->end_scope(); }
  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    return numbers_->merge(*static_cast<DecodedIntegers&>(other).numbers_, targets);
  }
  bool can_retain() const override { return numbers_->can_retain(); }
  bool has_plain_states() const override { return numbers_->has_plain_states(); }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    numbers_->retain(first, kept);
  }
  bool share_rows(Accumulator& other) override {
    auto* const coded = dynamic_cast<DecodedIntegers*>(&other);
    return coded != nullptr && numbers_->share_rows(*coded->numbers_);
  }
  Result<void> complete(ExecutionContext& context) override { return numbers_->complete(context); }
  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    return numbers_->finish(order);
  }
  std::size_t memory_bytes() const override { return numbers_->memory_bytes(); }

 private:
  std::unique_ptr<Accumulator> numbers_;
  std::shared_ptr<const std::int64_t[]> integers_;  // by code
};

std::unique_ptr<Accumulator> make_for(const AggregateCall& call,
                                      std::span<const ColumnShape> arguments, const RowCounts* rows,
                                      const MarkRoom& room) {
  switch (call.function) {
    case AggregateFunction::kCount:
    case AggregateFunction::kCountIf:
      return make_count(call);
    case AggregateFunction::kSum:
    case AggregateFunction::kAverage:
      if (arguments[0].representation == Representation::kFloat64)
        return make_float_sum(call, arguments[0], rows);
      return make_integer_sum(call, arguments[0], rows);
    case AggregateFunction::kMin:
    case AggregateFunction::kMax:
      return make_extreme(call, arguments[0]);
    case AggregateFunction::kDistinct:
      return make_distinct(call, arguments[0], room);
    case AggregateFunction::kApproximateDistinct:
      return make_approximate_distinct(call, arguments[0]);
    case AggregateFunction::kQuantile:
      return make_quantile(call, arguments[0]);
    case AggregateFunction::kStandardDeviation:
      return make_standard_deviation(call, arguments[0]);
    case AggregateFunction::kFirstBy:
    case AggregateFunction::kLastBy:
      return make_ordered_choice(call, arguments);
    case AggregateFunction::kTopValue:
    case AggregateFunction::kTopValues:
      return make_top_values(call, arguments[0]);
  }
  return nullptr;
}

bool wants_numbers(AggregateFunction function) {
  return function == AggregateFunction::kSum || function == AggregateFunction::kAverage ||
         function == AggregateFunction::kQuantile ||
         function == AggregateFunction::kStandardDeviation;
}

}  // namespace

bool averages_every_row(const AggregateCall& call, const ColumnShape& argument) {
  return call.function == AggregateFunction::kAverage && !argument.may_be_null;
}

Result<std::unique_ptr<Accumulator>> make_accumulator(const AggregateCall& call,
                                                      std::span<const ColumnShape> arguments,
                                                      ExecutionContext& context,
                                                      const RowCounts* rows, const MarkRoom& room) {
  if (arguments.empty() && call.function != AggregateFunction::kCount) {
    return fail(ErrorCode::kInternal, "An aggregate has no argument: `" + call.name + "`.");
  }
  if (rows != nullptr && !averages_every_row(call, arguments[0])) rows = nullptr;
  if (!wants_numbers(call.function) || arguments[0].representation != Representation::kCode) {
    return make_for(call, arguments, rows, room);
  }
  ColumnShape plain = arguments[0];
  plain.representation = Representation::kInt64;
  plain.dictionary = nullptr;
  auto integers = context.integers_of(arguments[0].dictionary);
  if (!integers) return pass(integers);
  return std::make_unique<DecodedIntegers>(make_for(call, std::span(&plain, 1), rows, room),
                                           *integers);
}

}  // namespace stave
