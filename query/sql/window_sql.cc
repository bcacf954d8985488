// Windows: whole frames are written out, since every dialect has its own default.
#include <fmt/format.h>

#include <algorithm>

#include "query/sql/plan_sql.h"

namespace stave {
namespace {

std::string bound(const std::optional<std::int64_t>& rows, const char* open) {
  if (!rows) return std::string("unbounded ") + open;
  if (*rows == 0) return "current row";
  return *rows < 0 ? fmt::format("{} preceding", -*rows) : fmt::format("{} following", *rows);
}

int scale_of(Type type) {
  return type.kind == TypeKind::kDecimal ? type.scale : 0;
}

}  // namespace

std::string PlanSql::window(SelectScope& scope, const WindowCall& call) {
  const std::vector<std::string> arguments = scope.texts(call.arguments);
  const std::string per = joined(scope.texts(call.per), ", ");
  const std::string part = per.empty() ? "" : "partition by " + per;
  const std::string order = call.sort.empty() ? "" : "order by " + scope.order(call.sort);
  const auto over = [&](const std::string& sorted, const std::string& frame) {
    std::string inside = part;
    for (const std::string& piece : {sorted, frame}) {
      if (!piece.empty()) inside += (inside.empty() ? "" : " ") + piece;
    }
    return " over (" + inside + ")";
  };
  const std::string whole = "rows between unbounded preceding and unbounded following";
  const std::string frame =
      !call.has_frame ? ""
                      : fmt::format("rows between {} and {}", bound(call.frame_from, "preceding"),
                                    bound(call.frame_to, "following"));
  const auto ordinal = [&](const char* function) {
    return scope.cast(fmt::format("{}(){}", function, over(order, "")), kInt64Type);
  };
  const auto neighbour = [&](const char* function) {
    const auto* rows = std::get_if<std::int64_t>(&call.parameter.data);
    return fmt::format("{}({}, {}){}", function, arguments[0], rows == nullptr ? 1 : *rows,
                       over(order, settings_.is(SqlDialect::kClickHouse) ? whole : ""));
  };
  switch (call.function) {
    case WindowFunction::kRowNumber:
      return ordinal("row_number");
    case WindowFunction::kRank:
      return ordinal("rank");
    case WindowFunction::kDenseRank:
      return ordinal("dense_rank");
    case WindowFunction::kLag:
      return neighbour(settings_.is(SqlDialect::kClickHouse) ? "lagInFrame" : "lag");
    case WindowFunction::kLead:
      return neighbour(settings_.is(SqlDialect::kClickHouse) ? "leadInFrame" : "lead");
    case WindowFunction::kFirst:
      return fmt::format("first_value({}){}", arguments[0],
                         over(order, call.has_frame ? frame : whole));
    case WindowFunction::kLast:
      return fmt::format("last_value({}){}", arguments[0],
                         over(order, call.has_frame ? frame : whole));
    case WindowFunction::kShare: {
      const std::string sum = fmt::format("sum({}){}", arguments[0], over("", ""));
      return fmt::format("({} / nullif({}, 0))", scope.cast(arguments[0], kFloat64Type),
                         scope.cast(sum, kFloat64Type));
    }
    case WindowFunction::kAggregate: {
      AggregateCall aggregate_call;
      aggregate_call.arguments = call.arguments;
      aggregate_call.parameter = call.parameter;
      aggregate_call.type = call.type;
      return aggregate(scope, call.aggregate, aggregate_call, over(order, frame));
    }
    case WindowFunction::kAllocate:
      break;
  }
  return scope.cannot_say("allocate here");
}

SqlStep PlanSql::of(const Plan& plan, const WindowNode& node) {
  SqlStep output = step(*node.input);
  const std::vector<std::string> columns = own_names(plan.fields);
  const std::size_t before = output.columns.size();
  SelectScope scope = scope_of(output, "t");
  std::string items;
  std::vector<std::string> made;
  for (std::size_t i = 0; i < node.calls.size(); ++i) {
    if (node.calls[i].function == WindowFunction::kAllocate) continue;
    made.push_back(columns[before + i]);
    items +=
        fmt::format(",\n    {} as {}", window(scope, node.calls[i]), name(columns[before + i]));
  }
  check(scope, "derive with a window");
  if (!items.empty()) {
    output.name =
        add(fmt::format("select t.*{}\n  from {} as t{}", items, output.name, scope.joins()));
  }
  // Amounts are shared out in steps of their own; their arguments are over the input's fields.
  for (std::size_t i = 0; i < node.calls.size(); ++i) {
    if (node.calls[i].function == WindowFunction::kAllocate) {
      output.name = allocate(output, made, node.calls[i], columns[before + i]);
      made.push_back(columns[before + i]);
    }
  }
  for (std::size_t i = before; i < columns.size(); ++i) output.columns.push_back(columns[i]);
  return output;
}

// Largest remainder: whole units of `size * weight / weights`, then a unit each for the largest
// remainders.
std::string PlanSql::allocate(const SqlStep& input, const std::vector<std::string>& made,
                              const WindowCall& call, const std::string& column) {
  SelectScope scope = scope_of(input, "t");
  const SqlDialect dialect = settings_.dialect;
  if (dialect == SqlDialect::kSpark || dialect == SqlDialect::kClickHouse) {
    cannot_say("allocate", "derive");
    return input.name;
  }
  const bool duck = dialect == SqlDialect::kDuckDb;
  const auto units = [&](const Expression& amount) {
    return scope.whole_number(scope.text(amount), scale_of(amount.type));
  };
  const std::string total = hidden("total");
  const std::string weight = hidden("weight");
  const std::string weights = hidden("weights");
  std::string part;
  std::string keys;
  for (std::size_t i = 0; i < call.per.size(); ++i) {
    const std::string key = hidden(fmt::format("part_{}", i + 1).c_str());
    keys += fmt::format(",\n    {} as {}", scope.text(call.per[i]), key);
    part += (part.empty() ? "partition by t." : ", t.") + key;
  }
  std::string order;
  for (std::size_t i = 0; i < call.sort.size(); ++i) {
    const std::string key = hidden(fmt::format("prefer_{}", i + 1).c_str());
    keys += fmt::format(",\n    {} as {}", scope.text(call.sort[i].expression), key);
    order += fmt::format(", t.{} {} nulls last", key, call.sort[i].descending ? "desc" : "asc");
  }
  const std::string first =
      add(fmt::format("select t.*,\n    {} as {},\n    coalesce({}, 0) as {}{}\n  from {} as t{}",
                      units(call.arguments[0]), total, units(call.arguments[1]), weight, keys,
                      input.name, scope.joins()));
  check(scope, "derive");
  const std::string summed = add(fmt::format(
      "select t.*, {} as {}\n  from {} as t",
      sql_wide_integer(fmt::format("sum(t.{}) over ({})", weight, part), dialect), weights, first));
  const std::string size = fmt::format("(abs(t.{}) * t.{})", total, weight);
  const std::string whole = fmt::format(
      fmt::runtime(duck ? "({} // nullif(t.{}, 0))" : "div({}, nullif(t.{}, 0))"), size, weights);
  const std::string shared =
      add(fmt::format("select t.*, {} as {}, mod({}, nullif(t.{}, 0)) as {}\n  from {} as t", whole,
                      hidden("whole"), size, weights, hidden("remainder"), summed));
  const std::string placed =
      add(fmt::format("select t.*,\n    row_number() over ({0} order by t.{1} desc nulls last, "
                      "t.{2} desc nulls last{3}) as {4},\n    "
                      "abs(t.{5}) - sum(t.{6}) over ({0}) as {7}\n  from {8} as t",
                      part, hidden("remainder"), weight, order, hidden("place"), total,
                      hidden("whole"), hidden("left_over"), shared));
  const std::string amount =
      fmt::format("sign(t.{}) * (t.{} + case when t.{} <= t.{} then 1 else 0 end)", total,
                  hidden("whole"), hidden("place"), hidden("left_over"));
  std::vector<std::string> kept;
  for (const std::string& one : input.columns) kept.push_back("t." + name(one));
  for (const std::string& one : made) kept.push_back("t." + name(one));
  for (const SqlOrder& order_column : input.order) {
    const auto& columns = input.columns;
    if (std::find(columns.begin(), columns.end(), order_column.column) == columns.end()) {
      kept.push_back("t." + name(order_column.column));
    }
  }
  kept.push_back(scope.from_whole_number(amount, call.type) + " as " + name(column));
  return add(fmt::format("select\n    {}\n  from {} as t", joined(kept, ",\n    "), placed));
}

}  // namespace stave
