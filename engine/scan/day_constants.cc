// Values of days; see the header.
#include "engine/scan/day_constants.h"

#include <algorithm>

#include "engine/kernels/bitmap.h"
#include "engine/make_expression.h"
#include "engine/runtime/select_rows.h"
#include "engine/scan/scope_batch.h"
#include "engine/scan/scope_expression.h"
#include "engine/scan/table_source.h"

namespace stave {

namespace {

// More different values than this are no use as a list.
constexpr std::size_t kMostFewValues = 4096;

// What the values themselves tell of their shape.
ColumnShape narrowed(ColumnShape shape, const Vector& values) {
  shape.may_be_null = values.validity != nullptr || values.representation == Representation::kCode;
  if (shape.representation != Representation::kInt64) return shape;
  std::vector<std::int64_t> few;
  for (std::uint32_t row = 0; row < values.size; ++row) {
    if (values.validity == nullptr || bit_at(values.validity, row)) {
      few.push_back(values.values<std::int64_t>()[row]);
    }
  }
  std::sort(few.begin(), few.end());
  few.erase(std::unique(few.begin(), few.end()), few.end());
  shape.range.reset();
  if (!few.empty()) shape.range = std::pair(few.front(), few.back());
  if (few.size() <= kMostFewValues) {
    shape.few_values = std::make_shared<const std::vector<std::int64_t>>(std::move(few));
  }
  return shape;
}

}  // namespace

Expression DayConstants::over_days(const Expression& expression) {
  const TableSource* table = source_.table();
  if (table == nullptr || !table->is_partitioned() || expression.kind == ExpressionKind::kLiteral) {
    return expression;
  }
  const auto known = std::find(parts_.begin(), parts_.end(), expression);
  const auto place = static_cast<std::size_t>(known - parts_.begin());
  if (known != parts_.end()) return column_expression(source_.columns() + place, expression.type);
  if (auto constant = scope_expression(expression, ScopeKind::kDay, *table);
      constant && constant->kind != ExpressionKind::kLiteral) {
    parts_.push_back(expression);
    over_days_.push_back(*std::move(constant));
    return column_expression(source_.columns() + place, expression.type);
  }
  Expression result = expression;
  for (Expression& argument : result.arguments) argument = over_days(argument);
  return result;
}

Result<void> DayConstants::compute(const std::vector<RowSpan>& spans, ExecutionContext& context) {
  if (parts_.empty()) return {};
  const TableSource& table = *source_.table();
  place_.assign(table.segments(), 0);
  std::vector<ScopeKey> keys;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (i > 0 && spans[i].segment == spans[i - 1].segment) continue;
    place_[spans[i].segment] = static_cast<std::uint32_t>(keys.size());
    keys.push_back({table.segment(spans[i].segment).day, false, kNullCode});
  }
  auto evaluator = Evaluator::prepare(over_days_, scope_shapes_of(table), 0, context);
  if (!evaluator) return pass(evaluator);
  Evaluator::Scratch scratch;
  if (auto done = evaluator->evaluate(scope_batch(keys, table), scratch, values_); !done) {
    return done;
  }
  for (std::size_t part = 0; part < values_.size(); ++part) {
    Vector& values = values_[part];
    if (values.validity != nullptr &&
        kernels::count_bits(values.validity, values.size) == values.size) {
      values.validity = nullptr;
    }
    shapes_.push_back(narrowed(evaluator->shapes()[part], values_[part]));
  }
  return {};
}

Vector DayConstants::repeated(std::size_t column, std::uint32_t segment, std::uint32_t rows) const {
  BufferRecycler buffers;
  const std::vector<std::uint32_t> places(rows, place_[segment]);
  return take_rows(values_[column], places.data(), rows, buffers);
}

}  // namespace stave
