// Nodes, literals and the folding of logical calls.
#include "query/planning/plan_builder.h"

#include "engine/make_expression.h"
#include "query/planning/fold.h"

namespace stave {

Expression column_of(int position, Type type) {
  return column_expression(static_cast<std::size_t>(position), type);
}

Expression literal_of(Value value) {
  return literal_expression(std::move(value));
}

Expression int64_literal(std::int64_t value) {
  return literal_of({kInt64Type, value});
}
Expression string_literal(std::string value) {
  return literal_of({kStringType, std::move(value)});
}
Expression bool_literal(bool value) {
  return literal_of({kBoolType, value});
}
Expression null_literal(Type type) {
  return literal_of({type, {}});
}

Expression lookup(Expression code, std::string table, std::string column, Type type) {
  Expression made;
  made.kind = ExpressionKind::kLookup;
  made.type = type;
  made.table = std::move(table);
  made.table_column = std::move(column);
  made.arguments.push_back(std::move(code));
  return made;
}

bool is_literal(const Expression& expression) {
  return expression.kind == ExpressionKind::kLiteral;
}
bool is_null_literal(const Expression& expression) {
  return is_literal(expression) && expression.literal.is_null();
}
bool is_bool_literal(const Expression& expression, bool value) {
  return is_literal(expression) && std::holds_alternative<bool>(expression.literal.data) &&
         std::get<bool>(expression.literal.data) == value;
}

namespace {

// `and` and `or`: flattened, without neutral parts, settled where a part settles them.
Expression logical(Function function, std::vector<Expression> arguments) {
  const bool neutral = function == Function::kAnd;
  std::vector<Expression> parts;
  for (Expression& argument : arguments) {
    if (is_bool_literal(argument, neutral)) continue;
    if (is_bool_literal(argument, !neutral)) return bool_literal(!neutral);
    if (argument.kind == ExpressionKind::kCall && argument.function == function) {
      for (Expression& inner : argument.arguments) parts.push_back(std::move(inner));
    } else {
      parts.push_back(std::move(argument));
    }
  }
  if (parts.empty()) return bool_literal(neutral);
  if (parts.size() == 1) return std::move(parts[0]);
  return call_expression(function, kBoolType, std::move(parts));
}

bool values_are_of(Type type, const std::vector<Expression>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool is_value = i % 2 == 1 || i + 1 == arguments.size();
    if (is_value && arguments[i].type != type) return false;
  }
  return true;
}

// `case`: without the branches that no row takes, as parameters of reports leave them.
Expression choice(Type type, std::vector<Expression> arguments) {
  std::vector<Expression> taken;
  Expression otherwise = std::move(arguments.back());
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    if (is_null_literal(arguments[i]) || is_bool_literal(arguments[i], false)) continue;
    if (is_bool_literal(arguments[i], true)) {
      otherwise = std::move(arguments[i + 1]);
      break;
    }
    taken.push_back(std::move(arguments[i]));
    taken.push_back(std::move(arguments[i + 1]));
  }
  if (taken.empty()) return otherwise;
  taken.push_back(std::move(otherwise));
  return call_expression(Function::kCase, type, std::move(taken));
}

}  // namespace

Expression call(Function function, Type type, std::vector<Expression> arguments,
                const ProgramZone* zone) {
  if (function == Function::kCase && values_are_of(type, arguments)) {
    return choice(type, std::move(arguments));
  }
  if (function == Function::kAnd || function == Function::kOr) {
    return logical(function, std::move(arguments));
  }
  // A bound that is null is open.
  if (function == Function::kBetween && !is_literal(arguments[0])) {
    if (is_null_literal(arguments[1]) && is_null_literal(arguments[2])) {
      return call_expression(Function::kIsNotNull, kBoolType, {std::move(arguments[0])});
    }
    if (is_null_literal(arguments[1])) {
      return call_expression(Function::kLessEqual, type,
                             {std::move(arguments[0]), std::move(arguments[2])});
    }
    if (is_null_literal(arguments[2])) {
      return call_expression(Function::kGreaterEqual, type,
                             {std::move(arguments[0]), std::move(arguments[1])});
    }
  }
  Expression made = call_expression(function, type, std::move(arguments));
  if (auto value = fold(made, zone)) return literal_of(std::move(*value));
  return made;
}

Expression cast_to(Expression expression, Type type, const ProgramZone* zone) {
  if (expression.type == type) return expression;
  // A column without any value yet has no type; all it gives is null.
  if (expression.type.kind == TypeKind::kNull) return null_literal(type);
  return call(Function::kCast, type, {std::move(expression)}, zone);
}

Expression conjunction(std::vector<Expression> parts) {
  return call(Function::kAnd, kBoolType, std::move(parts));
}

std::vector<Expression> conjuncts_of(Expression condition) {
  if (condition.kind == ExpressionKind::kCall && condition.function == Function::kAnd) {
    std::vector<Expression> parts;
    for (Expression& argument : condition.arguments) {
      for (Expression& part : conjuncts_of(std::move(argument))) parts.push_back(std::move(part));
    }
    return parts;
  }
  std::vector<Expression> one;
  one.push_back(std::move(condition));
  return one;
}

PlanPointer filter(PlanPointer input, Expression predicate) {
  if (is_bool_literal(predicate, true)) return input;
  std::vector<Field> fields = input->fields;
  return make_plan(FilterNode{std::move(input), std::move(predicate)}, std::move(fields));
}

PlanPointer project(PlanPointer input, std::vector<NamedExpression> columns) {
  std::vector<Field> fields;
  fields.reserve(columns.size());
  bool same = columns.size() == input->fields.size();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Expression& expression = columns[i].expression;
    fields.push_back({columns[i].name, expression.type});
    same = same && expression.kind == ExpressionKind::kColumn &&
           expression.column == static_cast<int>(i) && columns[i].name == input->fields[i].name;
  }
  if (same) return input;
  return make_plan(ProjectNode{std::move(input), std::move(columns)}, std::move(fields));
}

}  // namespace stave
