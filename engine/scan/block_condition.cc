// Predicates as ranges of stored values: see block_condition.h.
#include "engine/scan/block_condition.h"

#include <algorithm>
#include <bit>
#include <string>

#include "engine/runtime/time_zone.h"

namespace stave {

namespace {

// The stored form of a literal beside a column: a code, or a 64-bit integer.
std::optional<std::int64_t> stored_value(const Value& value, int column,
                                         const TableSource& source) {
  if (source.is_coded(column)) {
    const Dictionary& dictionary = *source.dictionary(column);
    if (const auto* text = std::get_if<std::string>(&value.data)) {
      return dictionary.kind() == DictionaryKind::kString ? dictionary.find_string(*text) : 0;
    }
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
      return dictionary.kind() == DictionaryKind::kInt64 ? dictionary.find_int64(*number) : 0;
    }
    return std::nullopt;
  }
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) return *number;
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? 1 : 0;
  if (const auto* decimal = std::get_if<Int128>(&value.data)) {
    if (*decimal > INT64_MAX || *decimal < INT64_MIN) return std::nullopt;
    return static_cast<std::int64_t>(*decimal);
  }
  return std::nullopt;
}

Function mirrored(Function function) {
  switch (function) {
    case Function::kLess:
      return Function::kGreater;
    case Function::kLessEqual:
      return Function::kGreaterEqual;
    case Function::kGreater:
      return Function::kLess;
    case Function::kGreaterEqual:
      return Function::kLessEqual;
    default:
      return function;
  }
}

bool is_range_type(Type type) {
  return type.kind != TypeKind::kFloat64 && type.kind != TypeKind::kString &&
         type.kind != TypeKind::kList;
}

// The start of a local day as an instant, or the end of time beyond civil days.
std::int64_t start_of_day(std::int64_t day, const TimeZone& zone) {
  if (day < kFirstCivilDay) return INT64_MIN;
  if (day > kLastCivilDay) return INT64_MAX;
  return zone.instant_of(day * kMicrosecondsOfDay);
}

// column <function> value
std::optional<BlockCondition> compared(Function function, int column, std::int64_t value) {
  BlockCondition condition;
  condition.column = column;
  switch (function) {
    case Function::kEqual:
    case Function::kIs:
      condition.low = value;
      condition.high = value;
      return condition;
    case Function::kLess:
      if (value == INT64_MIN) return std::nullopt;
      condition.high = value - 1;
      return condition;
    case Function::kLessEqual:
      condition.high = value;
      return condition;
    case Function::kGreater:
      if (value == INT64_MAX) return std::nullopt;
      condition.low = value + 1;
      return condition;
    case Function::kGreaterEqual:
      condition.low = value;
      return condition;
    default:
      return std::nullopt;
  }
}

// date(time) <function> day as a range of instants.
std::optional<BlockCondition> date_compared(Function function, int column, std::int64_t day,
                                            const TimeZone& zone) {
  if (day == INT64_MAX) return std::nullopt;
  const std::int64_t start = start_of_day(day, zone);
  const std::int64_t next = start_of_day(day + 1, zone);
  BlockCondition condition;
  condition.column = column;
  // A repeated or skipped midnight may move a border by hours; blocks near it stay.
  constexpr std::int64_t kMargin = kMicrosecondsOfDay / 4;
  const std::int64_t low = start < INT64_MIN + kMargin ? INT64_MIN : start - kMargin;
  const std::int64_t high = next > INT64_MAX - kMargin ? INT64_MAX : next + kMargin;
  switch (function) {
    case Function::kEqual:
      condition.low = low;
      condition.high = high;
      return condition;
    case Function::kLess:
    case Function::kLessEqual:
      condition.high = high;
      return condition;
    case Function::kGreater:
    case Function::kGreaterEqual:
      condition.low = low;
      return condition;
    default:
      return std::nullopt;
  }
}

std::optional<BlockCondition> comparison(const Expression& call, const TableSource& source,
                                         const TimeZone& zone) {
  const bool literal_first = call.arguments[0].kind == ExpressionKind::kLiteral;
  const Expression& side = call.arguments[literal_first ? 1 : 0];
  const Expression& literal = call.arguments[literal_first ? 0 : 1];
  if (literal.kind != ExpressionKind::kLiteral || literal.literal.is_null()) return std::nullopt;
  const Function function = literal_first ? mirrored(call.function) : call.function;
  if (side.kind == ExpressionKind::kColumn && !source.is_day(side.column)) {
    const bool coded = source.is_coded(side.column);
    const bool equality = function == Function::kEqual || function == Function::kIs;
    if ((coded && !equality) || (!coded && !is_range_type(side.type))) return std::nullopt;
    const auto value = stored_value(literal.literal, side.column, source);
    if (!value) return std::nullopt;
    // A value that the domain does not have is equal to nothing: no code is below zero.
    auto condition = compared(function, side.column, coded && *value == kNullCode ? -1 : *value);
    if (condition) condition->is_exact = true;
    return condition;
  }
  if (side.kind == ExpressionKind::kCall && side.function == Function::kDate &&
      side.arguments[0].kind == ExpressionKind::kColumn &&
      side.arguments[0].type.kind == TypeKind::kTimestamp) {
    const auto* day = std::get_if<std::int64_t>(&literal.literal.data);
    if (day == nullptr) return std::nullopt;
    return date_compared(function, side.arguments[0].column, *day, zone);
  }
  return std::nullopt;
}

std::optional<BlockCondition> listed(const Expression& call, const TableSource& source) {
  const Expression& side = call.arguments[0];
  if (side.kind != ExpressionKind::kColumn || source.is_day(side.column)) return std::nullopt;
  if (!source.is_coded(side.column) && !is_range_type(side.type)) return std::nullopt;
  BlockCondition condition;
  condition.column = side.column;
  condition.is_exact = true;
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    if (call.arguments[i].kind != ExpressionKind::kLiteral) return std::nullopt;
    if (call.arguments[i].literal.is_null()) {
      condition.is_exact = false;
      continue;
    }
    const auto value = stored_value(call.arguments[i].literal, side.column, source);
    if (!value) return std::nullopt;
    if (source.is_coded(side.column) && *value == kNullCode) continue;
    condition.values.push_back(*value);
  }
  std::sort(condition.values.begin(), condition.values.end());
  if (condition.values.empty()) condition.values.push_back(-1);
  condition.low = condition.values.front();
  condition.high = condition.values.back();
  return condition;
}

std::optional<BlockCondition> ranged(const Expression& call, const TableSource& source) {
  const Expression& side = call.arguments[0];
  if (side.kind != ExpressionKind::kColumn || source.is_day(side.column) ||
      source.is_coded(side.column) || !is_range_type(side.type)) {
    return std::nullopt;
  }
  BlockCondition condition;
  condition.column = side.column;
  condition.is_exact = true;
  for (const std::size_t bound : {std::size_t{1}, std::size_t{2}}) {
    if (call.arguments[bound].kind != ExpressionKind::kLiteral) return std::nullopt;
    if (call.arguments[bound].literal.is_null()) continue;
    const auto value = stored_value(call.arguments[bound].literal, side.column, source);
    if (!value) return std::nullopt;
    (bound == 1 ? condition.low : condition.high) = *value;
  }
  return condition;
}

}  // namespace

bool BlockCondition::may_pass(const BlockSummary& block) const {
  if (block.nulls == block.rows) return false;
  if (!block.has_range) return true;
  if (block.max < low || block.min > high) return false;
  if (values.empty()) return true;
  const auto first = std::lower_bound(values.begin(), values.end(), block.min);
  return first != values.end() && *first <= block.max;
}

std::optional<BlockCondition> block_condition(const Expression& predicate,
                                              const TableSource& source, const TimeZone& zone) {
  if (predicate.kind != ExpressionKind::kCall) return std::nullopt;
  switch (predicate.function) {
    case Function::kEqual:
    case Function::kIs:
    case Function::kLess:
    case Function::kLessEqual:
    case Function::kGreater:
    case Function::kGreaterEqual:
      return comparison(predicate, source, zone);
    case Function::kIn:
      return listed(predicate, source);
    case Function::kBetween:
      return ranged(predicate, source);
    default:
      return std::nullopt;
  }
}

}  // namespace stave
