// join and union: two relations become one.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "query/binding/pipeline_binder.h"
#include "query/planning/plan_builder.h"
#include "query/syntax/spelling.h"

namespace stave {

struct PipelineBinder::JoinParts {
  std::vector<Expression> left_keys;
  std::vector<Expression> right_keys;
  std::vector<bool> null_safe;
  std::optional<Expression> residual;
  std::vector<std::pair<int, int>> shared;  // `on a, b`: left and right position of each name
  bool poisoned = false;
};

namespace {

// The lowest and highest column that an expression uses.
void range_of(const Expression& expression, int& lowest, int& highest) {
  if (expression.kind == ExpressionKind::kColumn) {
    lowest = std::min(lowest, expression.column);
    highest = std::max(highest, expression.column);
  }
  for (const Expression& argument : expression.arguments) range_of(argument, lowest, highest);
}

enum class Side { kNone, kLeft, kRight, kBoth };

Side side_of(const Expression& expression, int left_width) {
  int lowest = INT32_MAX;
  int highest = -1;
  range_of(expression, lowest, highest);
  if (highest < 0) return Side::kNone;
  if (highest < left_width) return Side::kLeft;
  return lowest >= left_width ? Side::kRight : Side::kBoth;
}

Expression shifted(Expression expression, int by) {
  if (expression.kind == ExpressionKind::kColumn) expression.column -= by;
  for (Expression& argument : expression.arguments) argument = shifted(std::move(argument), by);
  return expression;
}

JoinKind kind_of(JoinWord word) {
  switch (word) {
    case JoinWord::kInner:
      return JoinKind::kInner;
    case JoinWord::kLeft:
      return JoinKind::kLeft;
    case JoinWord::kFull:
      return JoinKind::kFull;
    case JoinWord::kSemi:
      return JoinKind::kSemi;
    case JoinWord::kAnti:
      return JoinKind::kAnti;
  }
  return JoinKind::kInner;
}

std::string domain_of(const ColumnOrigin& origin, const Schema& schema) {
  const TableSchema* table = schema.find_table(origin.table);
  const int position = table == nullptr ? -1 : table->find_column(origin.column);
  return position < 0 ? "" : table->columns[static_cast<std::size_t>(position)].domain;
}

}  // namespace

// Left columns, then right ones; a right name that is taken on the left becomes `alias.name`.
BoundRelation PipelineBinder::side_by_side(const BoundRelation& right) const {
  BoundRelation both = relation_;
  for (const ScopeColumn& column : right.columns) {
    ScopeColumn added = column;
    while (both.find(added.name) >= 0) {
      const bool named = !column.qualified.empty() && added.name == column.name;
      added.name = (named ? column.qualified[0].qualifier : "right") + "." + added.name;
    }
    both.columns.push_back(std::move(added));
  }
  both.broken = relation_.broken || right.broken;
  return both;
}

void PipelineBinder::join_names(const JoinSyntax& syntax, const BoundRelation& right,
                                JoinParts& parts) {
  for (const NameSyntax& name : syntax.names) {
    ExpressionSyntax path;
    path.kind = SyntaxKind::kPath;
    path.span = name.span;
    path.path.push_back(name);
    path.path.back().quoted = true;
    ExpressionBinder left_binder(context_, relation_);
    Typed left = left_binder.bind(path);
    ExpressionBinder right_binder(context_, right);
    Typed other = right_binder.bind(path);
    if (left.poisoned || other.poisoned) {
      parts.poisoned = true;
      continue;
    }
    parts.shared.emplace_back(left.expression.column, other.expression.column);
    Type type = left.type();
    if (left.type() != other.type()) {
      // Types meet as those of a comparison do.
      ExpressionSyntax equal;
      equal.kind = SyntaxKind::kBinary;
      equal.text = "==";
      equal.span = name.span;
      for (const char* side : {"left", "right"}) {
        ExpressionSyntax operand;
        operand.kind = SyntaxKind::kPath;
        operand.span = name.span;
        operand.path.push_back({side, name.span, true});
        equal.children.push_back(std::move(operand));
      }
      BoundRelation pair;
      pair.columns = {ScopeColumn{"left", left.type()}, ScopeColumn{"right", other.type()}};
      const Typed compared = ExpressionBinder(context_, pair).bind(equal);
      parts.poisoned = parts.poisoned || compared.poisoned;
      if (compared.poisoned) continue;
      type = is_literal(compared.expression)
                 ? (left.type().kind == TypeKind::kNull ? other.type() : left.type())
                 : compared.expression.arguments[0].type;
    }
    parts.left_keys.push_back(cast_to(std::move(left.expression), type, &context_.zone));
    parts.right_keys.push_back(cast_to(std::move(other.expression), type, &context_.zone));
    parts.null_safe.push_back(false);
  }
}

void PipelineBinder::join_condition(const JoinSyntax& syntax, const BoundRelation& both,
                                    JoinParts& parts) {
  ExpressionBinder binder(context_, both);
  const std::size_t before = context_.diagnostics.size();
  Expression condition = binder.condition(*syntax.condition, "on");
  parts.poisoned = context_.diagnostics.size() > before;
  const auto left_width = static_cast<int>(relation_.columns.size());
  std::vector<Expression> rest;
  for (Expression& part : conjuncts_of(std::move(condition))) {
    const bool equality = part.kind == ExpressionKind::kCall &&
                          (part.function == Function::kEqual || part.function == Function::kIs);
    if (equality && part.arguments[0] == part.arguments[1] && !is_literal(part.arguments[0])) {
      context_.diagnostics.add({"E304", syntax.condition->span,
                                "the join compares a column with itself",
                                "name the right side: `on x == alias.x`, or write `on x`"});
      parts.poisoned = true;
    }
    if (equality) {
      const Side first = side_of(part.arguments[0], left_width);
      const Side second = side_of(part.arguments[1], left_width);
      const bool straight = first == Side::kLeft && second == Side::kRight;
      if (straight || (first == Side::kRight && second == Side::kLeft)) {
        parts.left_keys.push_back(std::move(part.arguments[straight ? 0 : 1]));
        parts.right_keys.push_back(
            shifted(std::move(part.arguments[straight ? 1 : 0]), left_width));
        parts.null_safe.push_back(part.function == Function::kIs);
        continue;
      }
    }
    rest.push_back(std::move(part));
  }
  Expression residual = conjunction(std::move(rest));
  if (!is_bool_literal(residual, true)) parts.residual = std::move(residual);
}

void PipelineBinder::join(const JoinSyntax& syntax) {
  const BoundRelation right = PipelineBinder(context_).source(syntax.source);
  BoundRelation both = side_by_side(right);
  JoinParts parts;
  if (syntax.condition) {
    join_condition(syntax, both, parts);
  } else {
    join_names(syntax, right, parts);
  }
  if (relation_.broken || right.broken) parts.poisoned = true;
  const bool filters = syntax.kind == JoinWord::kSemi || syntax.kind == JoinWord::kAnti;
  std::vector<Field> fields = relation_.plan->fields;
  if (!filters) fields.insert(fields.end(), right.plan->fields.begin(), right.plan->fields.end());
  const std::size_t left_width = relation_.columns.size();
  if (!parts.poisoned) {
    both.plan =
        make_plan(JoinNode{kind_of(syntax.kind), syntax.many || filters, relation_.plan, right.plan,
                           std::move(parts.left_keys), std::move(parts.right_keys),
                           std::move(parts.null_safe), std::move(parts.residual)},
                  std::move(fields));
  } else {
    both.plan = make_plan(ScanNode{}, std::move(fields));  // never run: there are faults
  }
  if (filters) {
    relation_.plan = both.plan;
    return;
  }
  if (syntax.many || syntax.kind == JoinWord::kFull) {
    both.is_unique = relation_.is_unique && right.is_unique && syntax.kind != JoinWord::kFull;
    for (const int position : right.unique) {
      both.unique.push_back(position + static_cast<int>(left_width));
    }
    if (!both.is_unique) both.unique.clear();
    both.is_total_order = false;
  }
  relation_ = std::move(both);
  // A shared key is one column: the left one, or for a full join whichever is there.
  std::vector<NamedExpression> columns;
  for (std::size_t i = 0; i < relation_.columns.size(); ++i) {
    columns.push_back(
        {relation_.columns[i].name, column_of(static_cast<int>(i), relation_.columns[i].type)});
  }
  for (const auto& [left, other] : parts.shared) {
    ScopeColumn& key = relation_.columns[static_cast<std::size_t>(left)];
    const std::size_t at = static_cast<std::size_t>(other) + left_width;
    ScopeColumn& twin = relation_.columns[at];
    twin.hidden = true;
    if (twin.name.find('.') == std::string::npos) twin.name = "right." + twin.name;
    columns[at].name = twin.name;
    if (syntax.kind != JoinWord::kFull) continue;
    const bool same_domain =
        domain_of(key.origin, context_.schema()) == domain_of(twin.origin, context_.schema());
    if (!same_domain) key.origin = {};
    const Type type = key.type.kind == TypeKind::kNull ? twin.type : key.type;
    columns[static_cast<std::size_t>(left)].expression =
        call(Function::kCoalesce, type,
             {cast_to(column_of(left, key.type), type, &context_.zone),
              cast_to(column_of(static_cast<int>(at), twin.type), type, &context_.zone)});
    key.type = type;
  }
  relation_.plan = project(relation_.plan, std::move(columns));
}

void PipelineBinder::unite(const UnionSyntax& syntax) {
  const BoundRelation right = PipelineBinder(context_).source(syntax.source);
  keep_visible();
  if (relation_.broken || right.broken) return;
  std::vector<NamedExpression> left_columns;
  std::vector<NamedExpression> right_columns;
  bool failed = false;
  for (std::size_t i = 0; i < relation_.columns.size(); ++i) {
    ScopeColumn& column = relation_.columns[i];
    const int found = right.find(column.name);
    if (found < 0) {
      std::vector<std::string> names;
      for (const int position : right.visible()) {
        names.push_back(right.columns[static_cast<std::size_t>(position)].name);
      }
      context_.diagnostics.add(
          {"E308", syntax.source.span,
           fmt::format("`union` needs the same columns: `{}` is missing here", column.name),
           did_you_mean(column.name, names), names});
      failed = true;
      continue;
    }
    const ScopeColumn& other = right.columns[static_cast<std::size_t>(found)];
    BoundRelation pair;
    pair.columns = {ScopeColumn{"left", column.type}, ScopeColumn{"right", other.type}};
    ExpressionSyntax both;
    both.kind = SyntaxKind::kCall;
    both.text = "coalesce";
    both.span = syntax.source.span;
    for (const char* side : {"left", "right"}) {
      ExpressionSyntax operand;
      operand.kind = SyntaxKind::kPath;
      operand.span = syntax.source.span;
      operand.path.push_back({side, syntax.source.span, true});
      both.children.push_back(std::move(operand));
    }
    const Typed common = ExpressionBinder(context_, pair).bind(both);
    failed = failed || common.poisoned;
    const Type type = common.type();
    left_columns.push_back(
        {column.name, cast_to(column_of(static_cast<int>(i), column.type), type, &context_.zone)});
    right_columns.push_back(
        {column.name, cast_to(column_of(found, other.type), type, &context_.zone)});
    if (domain_of(column.origin, context_.schema()) != domain_of(other.origin, context_.schema())) {
      column.origin = {};
    }
    column.type = type;
  }
  for (const int position : right.visible()) {
    const std::string& name = right.columns[static_cast<std::size_t>(position)].name;
    if (relation_.find(name) >= 0) continue;
    context_.diagnostics.add(
        {"E308", syntax.source.span,
         fmt::format("`union` needs the same columns: `{}` is only here", name),
         "`select` the same columns on both sides"});
    failed = true;
  }
  relation_.is_unique = false;
  relation_.unique.clear();
  relation_.is_total_order = false;
  if (failed) return;
  std::vector<Field> fields;
  for (const ScopeColumn& column : relation_.columns) fields.push_back({column.name, column.type});
  relation_.plan = make_plan(UnionNode{{project(relation_.plan, std::move(left_columns)),
                                        project(right.plan, std::move(right_columns))}},
                             std::move(fields));
}

}  // namespace stave
