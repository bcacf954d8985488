// Stages of rows: scans, filters, projections, orders, joins. Order is kept by naming the columns
// it is by, since no engine promises that of a common table expression.
#include "query/sql/plan_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/join_kind_name.h"

namespace stave {
namespace {

constexpr const char* kDay = "day";

std::string select(const std::vector<std::string>& items, const std::string& from) {
  return "select\n    " + joined(items, ",\n    ") + "\n  from " + from;
}

std::string in_lower_case(std::string text) {
  for (char& letter : text) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return text;
}

std::string condition_of(const std::vector<std::string>& parts) {
  return parts.empty() ? "true" : joined(parts, "\n      and ");
}

}  // namespace

std::vector<std::string> own_names(const std::vector<Field>& fields) {
  std::vector<std::string> names;
  std::set<std::string> taken;  // some engines take `A` and `a` for one name
  for (const Field& field : fields) {
    std::string name = field.name;
    std::erase(name, '~');
    if (name.empty() || name.starts_with(kHiddenPrefix)) name.insert(0, "c");
    const std::string plain = name;
    for (int i = 2; !taken.insert(in_lower_case(name)).second; ++i) {
      name = plain + "_" + std::to_string(i);
    }
    names.push_back(name);
  }
  return names;
}

SelectScope PlanSql::scope_of(const SqlStep& input, const char* alias) const {
  std::vector<std::string> columns;
  for (const std::string& column : input.columns) {
    columns.push_back(std::string(alias) + "." + name(column));
  }
  return {settings_, schema_, std::move(columns)};
}

void PlanSql::cannot_say(const std::string& what, const char* stage) {
  if (!fault_) fault_ = fmt::format("the stage `{}` with {}", stage, what);
}

void PlanSql::check(const SelectScope& scope, const char* stage) {
  if (scope.unsaid()) cannot_say(*scope.unsaid(), stage);
}

std::string PlanSql::add(const std::string& select) {
  std::string step = fmt::format("s{}", expressions_.size() + 1);
  expressions_.push_back(fmt::format("{} as (\n  {}\n)", step, select));
  return step;
}

std::string PlanSql::order_by(const SqlStep& step, const std::string& prefix) const {
  std::vector<std::string> keys;
  for (const SqlOrder& order : step.order) {
    keys.push_back(prefix + name(order.column) +
                   (order.descending ? " desc nulls last" : " asc nulls last"));
  }
  return keys.empty() ? "" : "\n  order by " + joined(keys, ", ");
}

std::string PlanSql::order_item(SqlStep& output, const std::string& text, bool descending) const {
  const std::string column =
      fmt::format("{}order_{}_{}", kHiddenPrefix, expressions_.size() + 1, output.order.size() + 1);
  output.order.push_back({column, descending});
  return fmt::format(",\n    {} as {}", text, name(column));
}

// Items that carry the order of the input on, under names of their own where they are not kept.
std::string PlanSql::hidden_order(const SqlStep& input, const char* alias, SqlStep& output,
                                  const std::vector<std::string>& kept) const {
  std::string items;
  for (const SqlOrder& order : input.order) {
    const auto found = std::find(kept.begin(), kept.end(), order.column);
    if (found != kept.end()) {
      output.order.push_back(
          {output.columns[static_cast<std::size_t>(found - kept.begin())], order.descending});
      continue;
    }
    items += order_item(output, fmt::format("{}.{}", alias, name(order.column)), order.descending);
  }
  return items;
}

SqlStep PlanSql::step(const Plan& plan) {
  const auto known = done_.find(&plan);
  if (known != done_.end()) return known->second;
  SqlStep made = std::visit([&](const auto& node) { return of(plan, node); }, plan.node);
  done_.emplace(&plan, made);
  return made;
}

Result<std::string> PlanSql::statement(const Plan& plan, const std::vector<std::string>& names) {
  const SqlStep last = step(plan);
  if (fault_) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("This dialect of SQL cannot say {}. Leave it out, or choose another "
                            "dialect.",
                            *fault_));
  }
  std::vector<std::string> items;
  for (std::size_t i = 0; i < last.columns.size(); ++i) {
    std::string text = "r." + name(last.columns[i]);
    if (plan.fields[i].type.kind == TypeKind::kList) {
      if (settings_.is(SqlDialect::kDuckDb))
        text = fmt::format("cast(to_json({}) as varchar)", text);
      if (settings_.is(SqlDialect::kPostgres))
        text = fmt::format(R"(replace(cast(to_json({}) as text), '", "', '","'))", text);
      if (settings_.is(SqlDialect::kClickHouse)) text = fmt::format("toJSONString({})", text);
      if (settings_.is(SqlDialect::kSpark)) text = fmt::format("to_json({})", text);
    }
    if (plan.fields[i].type.kind == TypeKind::kTimestamp) text = local_time(text, settings_);
    if (plan.fields[i].type.kind == TypeKind::kBool) {
      text = sql_cast(text, kBoolType, settings_.dialect);
    }
    items.push_back(text + " as " + name(names[i]));
  }
  return "with " + joined(expressions_, ",\n") + "\n" + select(items, last.name + " as r") +
         order_by(last, "r.") + ";\n";
}

SqlStep PlanSql::of(const Plan& plan, const ScanNode& node) {
  const TableSchema& table = *schema_.find_table(node.table);
  SqlStep output;
  output.columns = own_names(plan.fields);
  std::vector<std::string> items;
  for (std::size_t i = 0; i < node.columns.size(); ++i) {
    const int position = node.columns[i];
    const std::string column =
        position == kDayColumn ? kDay : table.columns[static_cast<std::size_t>(position)].name;
    items.push_back(stored_column("t", column, plan.fields[i].type, settings_) + " as " +
                    name(output.columns[i]));
  }
  if (items.empty()) items.emplace_back("1 as " + name("nothing"));
  output.name = add(select(items, name(node.table) + " as t"));
  return output;
}

SqlStep PlanSql::of(const Plan&, const FilterNode& node) {
  SqlStep output = step(*node.input);
  SelectScope scope = scope_of(output, "t");
  const std::string condition = scope.text(node.predicate);
  check(scope, "where");
  output.name = add(fmt::format("select t.*\n  from {} as t{}\n  where {}", output.name,
                                scope.joins(), condition));
  return output;
}

SqlStep PlanSql::of(const Plan& plan, const ProjectNode& node) {
  const SqlStep input = step(*node.input);
  SelectScope scope = scope_of(input, "t");
  SqlStep output;
  output.columns = own_names(plan.fields);
  std::vector<std::string> items;
  std::vector<std::string> kept(node.columns.size());
  for (std::size_t i = 0; i < node.columns.size(); ++i) {
    const Expression& expression = node.columns[i].expression;
    items.push_back(scope.text(expression) + " as " + name(output.columns[i]));
    if (expression.kind == ExpressionKind::kColumn) {
      kept[i] = input.columns[static_cast<std::size_t>(expression.column)];
    }
  }
  check(scope, "derive or select");
  if (items.empty()) items.emplace_back("1 as " + name("nothing"));
  const std::string hidden = hidden_order(input, "t", output, kept);
  output.name = add(fmt::format("select\n    {}{}\n  from {} as t{}", joined(items, ",\n    "),
                                hidden, input.name, scope.joins()));
  return output;
}

SqlStep PlanSql::of(const Plan&, const SortNode& node) {
  const SqlStep input = step(*node.input);
  SelectScope scope = scope_of(input, "t");
  SqlStep output = input;
  output.order.clear();
  std::string items;
  for (const SortKey& key : node.keys) {
    items += order_item(output, scope.text(key.expression), key.descending);
  }
  check(scope, "sort");
  output.order.insert(output.order.end(), input.order.begin(), input.order.end());  // it is stable
  output.name =
      add(fmt::format("select t.*{}\n  from {} as t{}", items, input.name, scope.joins()));
  return output;
}

SqlStep PlanSql::of(const Plan&, const LimitNode& node) {
  SqlStep output = step(*node.input);
  output.name = add(fmt::format("select t.*\n  from {} as t{}\n  limit {} offset {}", output.name,
                                order_by(output, "t."), node.count, node.offset));
  return output;
}

SqlStep PlanSql::of(const Plan&, const TopNode& node) {
  const SqlStep input = step(*node.input);
  SelectScope scope = scope_of(input, "t");
  SqlStep output = input;
  output.order.clear();
  std::string items;
  for (const Expression& part : node.per) items += order_item(output, scope.text(part), false);
  for (const SortKey& key : node.keys) {
    items += order_item(output, scope.text(key.expression), key.descending);
  }
  const std::string per = joined(scope.texts(node.per), ", ");
  const std::string rank = hidden("place");
  const std::string over = fmt::format(
      "{}() over ({}{}order by {})", node.with_ties ? "rank" : "row_number",
      per.empty() ? "" : "partition by " + per, per.empty() ? "" : " ", scope.order(node.keys));
  check(scope, "top");
  const std::string ranked = add(fmt::format("select t.*{},\n    {} as {}\n  from {} as t{}", items,
                                             over, rank, input.name, scope.joins()));
  output.name =
      add(fmt::format("select t.*\n  from {} as t\n  where t.{} <= {}", ranked, rank, node.count));
  return output;
}

SqlStep PlanSql::of(const Plan& plan, const JoinNode& node) {
  const SqlStep left = step(*node.left);
  const SqlStep right = step(*node.right);
  SelectScope left_scope = scope_of(left, "l");
  SelectScope right_scope = scope_of(right, "r");
  std::vector<std::string> conditions;
  for (std::size_t i = 0; i < node.left_keys.size(); ++i) {
    // PostgreSQL joins fully on equalities only.
    const bool as_equalities = node.kind == JoinKind::kFull && settings_.is(SqlDialect::kPostgres);
    const char* form = !node.null_safe[i] ? "{0} = {1}"
                       : as_equalities    ? "({0} is null) = ({1} is null)\n    and "
                                            "coalesce({0}::text, '') = coalesce({1}::text, '')"
                       : settings_.is(SqlDialect::kSpark) ? "{0} <=> {1}"
                                                          : "{0} is not distinct from {1}";
    conditions.push_back(fmt::format(fmt::runtime(form), left_scope.text(node.left_keys[i]),
                                     right_scope.text(node.right_keys[i])));
  }
  const std::string stage = std::string("join ") + name_of(node.kind);
  if (node.residual) {
    std::vector<std::string> columns;
    for (const std::string& column : left.columns) columns.push_back("l." + name(column));
    for (const std::string& column : right.columns) columns.push_back("r." + name(column));
    SelectScope scope(settings_, schema_, std::move(columns));
    conditions.push_back(scope.text(*node.residual));
    check(scope, stage.c_str());
    if (!scope.joins().empty()) cannot_say("a path in its condition", stage.c_str());
    if (node.kind == JoinKind::kFull && settings_.is(SqlDialect::kPostgres)) {
      cannot_say("a condition that is no equality", stage.c_str());
    }
  }
  check(left_scope, stage.c_str());
  check(right_scope, stage.c_str());
  if (!left_scope.joins().empty() || !right_scope.joins().empty()) {
    cannot_say("a path in its keys; name it with `derive` first", stage.c_str());
  }
  const std::string condition = condition_of(conditions);
  if (node.kind == JoinKind::kSemi || node.kind == JoinKind::kAnti) {
    SqlStep output = left;
    output.name = add(
        fmt::format("select l.*\n  from {} as l\n  where {}exists (\n    select 1 from {} as r\n   "
                    " where {}\n  )",
                    left.name, node.kind == JoinKind::kAnti ? "not " : "", right.name, condition));
    return output;
  }
  SqlStep output;
  output.columns = own_names(plan.fields);
  std::vector<std::string> items;
  std::vector<std::string> left_kept(output.columns.size());
  std::vector<std::string> right_kept(output.columns.size());
  for (std::size_t i = 0; i < output.columns.size(); ++i) {
    const bool is_left = i < left.columns.size();
    const std::string& column = is_left ? left.columns[i] : right.columns[i - left.columns.size()];
    (is_left ? left_kept : right_kept)[i] = column;
    items.push_back(
        fmt::format("{}.{} as {}", is_left ? "l" : "r", name(column), name(output.columns[i])));
  }
  std::string hidden = hidden_order(left, "l", output, left_kept);
  hidden += hidden_order(right, "r", output, right_kept);
  const char* kind = node.kind == JoinKind::kInner  ? "inner join"
                     : node.kind == JoinKind::kLeft ? "left join"
                                                    : "full join";
  output.name =
      add(fmt::format("select\n    {}{}\n  from {} as l\n  {} {} as r\n    on {}",
                      joined(items, ",\n    "), hidden, left.name, kind, right.name, condition));
  return output;
}

SqlStep PlanSql::of(const Plan& plan, const UnionNode& node) {
  SqlStep output;
  output.columns = own_names(plan.fields);
  std::vector<std::string> parts;
  for (const PlanPointer& input : node.inputs) {
    const SqlStep part = step(*input);
    std::vector<std::string> items;
    for (std::size_t i = 0; i < part.columns.size(); ++i) {
      items.push_back("t." + name(part.columns[i]) + " as " + name(output.columns[i]));
    }
    parts.push_back(select(items, part.name + " as t"));
  }
  output.name = add(joined(parts, "\n  union all\n  "));
  return output;
}

SqlStep PlanSql::of(const Plan& plan, const ExpandNode& node) {
  SqlStep output = step(*node.input);
  SelectScope scope = scope_of(output, "t");
  const std::string list = scope.text(node.list.expression);
  check(scope, "expand");
  const std::string part = own_names(plan.fields).back();
  output.columns.push_back(part);
  const char* form = settings_.is(SqlDialect::kClickHouse)
                         ? "select t.*, arrayJoin({0}) as {1}\n  from {2} as t{3}"
                     : settings_.is(SqlDialect::kSpark)
                         ? "select t.*, explode({0}) as {1}\n  from {2} as t{3}"
                         : "select t.*, u.part as {1}\n  from {2} as t{3}\n  cross join "
                           "unnest({0}) as u(part)";
  output.name = add(fmt::format(fmt::runtime(form), list, name(part), output.name, scope.joins()));
  return output;
}

SqlStep PlanSql::of(const Plan&, const ExpectNode& node) {
  SqlStep output = step(*node.input);
  cannot_say("its check", "expect");
  return output;
}

}  // namespace stave
