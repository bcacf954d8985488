// Columns, literals, paths, choices and logic; the other functions have files of their own.
#include "query/sql/select_scope.h"

#include <fmt/format.h>

namespace stave {

std::string joined(const std::vector<std::string>& parts, const char* separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string stored_column(const std::string& alias, const std::string& column, Type type,
                          const SqlSettings& settings) {
  const std::string text = alias + "." + sql_name(column, settings.dialect);
  if (type.kind == TypeKind::kString && settings.is(SqlDialect::kPostgres)) {
    return text + " collate \"C\"";
  }
  return type.kind == TypeKind::kNull ? text : sql_cast(text, type, settings.dialect);
}

std::string SelectScope::cannot_say(const std::string& what) {
  if (!unsaid_) unsaid_ = what;
  return "null";
}

std::vector<std::string> SelectScope::texts(const std::vector<Expression>& expressions) {
  std::vector<std::string> texts;
  texts.reserve(expressions.size());
  for (const Expression& expression : expressions) texts.push_back(text(expression));
  return texts;
}

std::string SelectScope::order(const std::vector<SortKey>& keys) {
  std::string order;
  for (const SortKey& key : keys) {
    order += (order.empty() ? "" : ", ") + text(key.expression);
    order += key.descending ? " desc nulls last" : " asc nulls last";
  }
  return order;
}

std::string SelectScope::text(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kColumn:
      return columns_[static_cast<std::size_t>(expression.column)];
    case ExpressionKind::kLiteral: {
      Value value = expression.literal;
      value.type = expression.type;
      return sql_literal(value, settings_.dialect);
    }
    case ExpressionKind::kLookup:
      return lookup(expression);
    case ExpressionKind::kMatch:  // operators make them, never the binder
    case ExpressionKind::kCall:
      break;
  }
  return call(expression);
}

// Keys are unique, so a left join gives at most one row for each.
std::string SelectScope::lookup(const Expression& expression) {
  const TableSchema* table = schema_.find_table(expression.table);
  if (table == nullptr || table->key.size() != 1) return cannot_say("this path");
  const std::string key = text(expression.arguments[0]);
  std::string alias;
  for (const Lookup& known : lookups_) {
    if (known.table == expression.table && known.key == key) alias = known.alias;
  }
  if (alias.empty()) {
    alias = fmt::format("p{}", lookups_.size() + 1);
    lookups_.push_back({expression.table, key, alias});
    joins_ += fmt::format(
        "\n  left join {} as {} on {} = {}", name(expression.table), alias,
        stored_column(alias, table->key[0], expression.arguments[0].type, settings_), key);
  }
  return stored_column(alias, expression.table_column, expression.type, settings_);
}

std::string SelectScope::call(const Expression& call) {
  const std::vector<std::string> arguments = texts(call.arguments);
  switch (call.function) {
    case Function::kNot:
      return "(not " + arguments[0] + ")";
    case Function::kAnd:
      return "(" + joined(arguments, " and ") + ")";
    case Function::kOr:
      return "(" + joined(arguments, " or ") + ")";
    case Function::kCoalesce:
      return "coalesce(" + joined(arguments, ", ") + ")";
    case Function::kCase: {
      std::string text = "case";
      for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
        text += " when " + arguments[i] + " then " + arguments[i + 1];
      }
      return text + " else " + arguments.back() + " end";
    }
    case Function::kCast:
      return conversion(call, arguments[0]);
    case Function::kRound:
      return rounded(call, arguments[0]);
    case Function::kNegate:
    case Function::kAdd:
    case Function::kSubtract:
    case Function::kMultiply:
    case Function::kDivide:
    case Function::kIntegerDivide:
    case Function::kRemainder:
    case Function::kDiv:
    case Function::kAbs:
    case Function::kSqrt:
    case Function::kLn:
      return arithmetic(call, arguments);
    case Function::kAddMonths:
    case Function::kBucketTime:
    case Function::kBucketDate:
    case Function::kDate:
    case Function::kHour:
    case Function::kDow:
    case Function::kYear:
    case Function::kMonth:
      return time(call, arguments);
    case Function::kLower:
    case Function::kUpper:
    case Function::kLength:
    case Function::kConcat:
    case Function::kContains:
    case Function::kStartsWith:
    case Function::kEndsWith:
    case Function::kSplit:
    case Function::kLike:
      return string_function(call, arguments);
    default:
      return comparison(call, arguments);
  }
}

std::string SelectScope::comparison(const Expression& call,
                                    const std::vector<std::string>& arguments) {
  const auto between = [&](const char* sign) {
    return fmt::format("({} {} {})", arguments[0], sign, arguments[1]);
  };
  switch (call.function) {
    case Function::kEqual:
      return between("=");
    case Function::kNotEqual:
      return between("<>");
    case Function::kLess:
      return between("<");
    case Function::kLessEqual:
      return between("<=");
    case Function::kGreater:
      return between(">");
    case Function::kGreaterEqual:
      return between(">=");
    case Function::kIs:
      return between(settings_.is(SqlDialect::kSpark) ? "<=>" : "is not distinct from");
    case Function::kIsNot:
      return settings_.is(SqlDialect::kSpark) ? "(not " + between("<=>") + ")"
                                              : between("is distinct from");
    case Function::kIsNull:
      return "(" + arguments[0] + " is null)";
    case Function::kIsNotNull:
      return "(" + arguments[0] + " is not null)";
    case Function::kIn: {
      // ClickHouse leaves nulls out of such lists, where the answer is null.
      if (settings_.is(SqlDialect::kClickHouse)) {
        std::vector<std::string> equal;
        for (std::size_t i = 1; i < arguments.size(); ++i) {
          equal.push_back(arguments[0] + " = " + arguments[i]);
        }
        return "(" + joined(equal, " or ") + ")";
      }
      return fmt::format("({} in ({}))", arguments[0],
                         joined({arguments.begin() + 1, arguments.end()}, ", "));
    }
    case Function::kBetween:
      // A null bound is open.
      return fmt::format(
          "(case when {0} is null then null else ({1} is null or {0} >= {1}) and ({2} is null or "
          "{0} <= {2}) end)",
          arguments[0], arguments[1], arguments[2]);
    default:
      return cannot_say("this function");
  }
}

}  // namespace stave
