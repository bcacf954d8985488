// Expressions known from where a row lies: see scope_expression.h.
#include "engine/scan/scope_expression.h"

#include <algorithm>

#include "engine/make_expression.h"
#include "engine/runtime/time_zone.h"

namespace stave {

namespace {

bool is_column(const Expression& expression, int column) {
  return column >= 0 && expression.kind == ExpressionKind::kColumn && expression.column == column;
}

bool is_day_column(const Expression& expression, const ScopeColumns& scope) {
  return expression.kind == ExpressionKind::kColumn &&
         std::find(scope.days.begin(), scope.days.end(), expression.column) != scope.days.end();
}

bool is_call(const Expression& expression, Function function) {
  return expression.kind == ExpressionKind::kCall && expression.function == function;
}

// The local day of the partition time, in the zone that the partitions are cut by.
bool is_date_of_time(const Expression& expression, const ScopeColumns& scope) {
  if (!scope.zone_is_stores || expression.arguments.empty() ||
      !is_column(expression.arguments[0], scope.time)) {
    return false;
  }
  return is_call(expression, Function::kDate) ||
         (is_call(expression, Function::kCast) && expression.type.kind == TypeKind::kDate);
}

}  // namespace

std::optional<Expression> scope_expression(const Expression& expression, ScopeKind kind,
                                           const TableSource& source) {
  const ScopeColumns& scope = source.scope_columns();
  if (expression.kind == ExpressionKind::kLiteral) return expression;
  if (is_day_column(expression, scope) || is_date_of_time(expression, scope)) {
    return column_expression(0, kDateType);
  }
  if (expression.kind == ExpressionKind::kColumn) return std::nullopt;
  if (expression.kind == ExpressionKind::kLookup) {
    if (kind == ScopeKind::kDayAndCluster && expression.table == scope.cluster_table &&
        expression.table_column == scope.cluster_column &&
        is_column(expression.arguments[0], scope.cluster_key)) {
      return column_expression(1, expression.type);
    }
    return std::nullopt;
  }
  Expression result = expression;
  // A bucket of days takes the instant or its day alike.
  if (is_call(expression, Function::kBucketDate) && scope.zone_is_stores &&
      is_column(expression.arguments[0], scope.time)) {
    result.arguments[0] = column_expression(0, kDateType);
    return result;
  }
  for (Expression& argument : result.arguments) {
    std::optional<Expression> known = scope_expression(argument, kind, source);
    if (!known) return std::nullopt;
    argument = std::move(*known);
  }
  return result;
}

bool implies_day(const Expression& expression, const TableSource& source) {
  const ScopeColumns& scope = source.scope_columns();
  if (!source.is_partitioned()) return false;
  if (is_day_column(expression, scope) || is_date_of_time(expression, scope)) return true;
  if (is_call(expression, Function::kBucketDate)) {
    const auto* unit = std::get_if<std::string>(&expression.arguments[1].literal.data);
    return unit != nullptr && *unit == "day" &&
           (is_day_column(expression.arguments[0], scope) ||
            (scope.zone_is_stores && is_column(expression.arguments[0], scope.time)));
  }
  if (is_call(expression, Function::kBucketTime) && scope.zone_is_stores &&
      is_column(expression.arguments[0], scope.time)) {
    const auto* width = std::get_if<std::int64_t>(&expression.arguments[1].literal.data);
    return width != nullptr && *width > 0 && kMicrosecondsOfDay % *width == 0;
  }
  return false;
}

}  // namespace stave
