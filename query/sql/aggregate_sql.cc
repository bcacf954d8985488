// Aggregates: sums stay exact, averages are sums divided by counts, and nothing is ever FILTERed.
#include <fmt/format.h>

#include "query/sql/plan_sql.h"

namespace stave {
namespace {

bool is_top(AggregateFunction function) {
  return function == AggregateFunction::kTopValue || function == AggregateFunction::kTopValues;
}

// The value of the first row by keys, null where a row has a null among them.
std::string first_by(const std::vector<std::string>& arguments, bool last, SqlDialect dialect) {
  std::vector<std::string> whole;
  whole.reserve(arguments.size());
  for (const std::string& argument : arguments) whole.push_back(argument + " is not null");
  const std::string known = joined(whole, " and ");
  std::string order = fmt::format("case when {} then 0 else 1 end", known);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    order += fmt::format(", {}{}", arguments[i],
                         last && i == 1 ? " desc nulls last" : " asc nulls last");
  }
  order += ", " + arguments[0];
  const std::string value = fmt::format("case when {} then {} end", known, arguments[0]);
  return dialect == SqlDialect::kPostgres
             ? fmt::format("(array_agg({} order by {}))[1]", value, order)
             : fmt::format("first({} order by {})", value, order);
}

}  // namespace

std::string PlanSql::aggregate(SelectScope& scope, AggregateFunction function,
                               const AggregateCall& call, const std::string& over) {
  const std::vector<std::string> arguments = scope.texts(call.arguments);
  const bool house = settings_.is(SqlDialect::kClickHouse);
  const bool postgres = settings_.is(SqlDialect::kPostgres);
  const std::string& x = arguments.empty() ? over : arguments[0];
  const Type type = call.arguments.empty() ? kInt64Type : call.arguments[0].type;
  const auto sum = [&](Type result) {
    const bool wraps = house && type.kind == TypeKind::kInt64;
    const std::string summed = fmt::format("sum({}){}", wraps ? "toInt128(" + x + ")" : x, over);
    return result.kind == TypeKind::kFloat64 && type.kind == TypeKind::kFloat64
               ? summed
               : scope.cast(summed, result);
  };
  const std::string count = fmt::format("count({}){}", x, over);
  switch (function) {
    case AggregateFunction::kCount:
      return scope.cast(fmt::format("count(*){}", over), kInt64Type);
    case AggregateFunction::kCountIf:
      return scope.cast(fmt::format("count(case when {} then 1 end){}", x, over), kInt64Type);
    case AggregateFunction::kSum:
      return sum(call.type);
    case AggregateFunction::kAverage:
      if (type.kind == TypeKind::kDecimal) {
        const Type wide = decimal_type(kMaxDecimalPrecision, type.scale);
        return scope.quotient(sum(wide), wide, count, kInt64Type, call.type, "half_up");
      }
      if (type.kind == TypeKind::kFloat64) return fmt::format("avg({}){}", x, over);
      return fmt::format("({} / nullif({}, 0))",
                         scope.cast(fmt::format("sum({}){}", x, over), kFloat64Type), count);
    case AggregateFunction::kMin:
    case AggregateFunction::kMax: {
      const bool is_min = function == AggregateFunction::kMin;
      const char* name = is_min ? "min" : "max";
      if (postgres && type.kind == TypeKind::kBool) name = is_min ? "bool_and" : "bool_or";
      return fmt::format("{}({}){}", name, x, over);
    }
    case AggregateFunction::kDistinct:
    case AggregateFunction::kApproximateDistinct:
      if (!over.empty() && !settings_.is(SqlDialect::kDuckDb)) {
        return scope.cannot_say("distinct values over rows that stay");
      }
      return scope.cast(fmt::format("count(distinct {}){}", x, over), kInt64Type);
    case AggregateFunction::kQuantile: {
      const std::string p = fmt::format("{}", std::get<double>(call.parameter.data));
      if (house) return fmt::format("quantileExactInclusive({})({}){}", p, x, over);
      if (settings_.is(SqlDialect::kDuckDb))
        return fmt::format("quantile_cont({}, {}){}", x, p, over);
      if (settings_.is(SqlDialect::kSpark)) return fmt::format("percentile({}, {}){}", x, p, over);
      if (!over.empty()) return scope.cannot_say("a quantile over rows that stay");
      return fmt::format("percentile_cont({}) within group (order by {})", p, x);
    }
    case AggregateFunction::kStandardDeviation:
      return fmt::format("{}({}){}", house ? "stddevSamp" : "stddev_samp", x, over);
    case AggregateFunction::kFirstBy:
    case AggregateFunction::kLastBy:
      if (!over.empty() || house || settings_.is(SqlDialect::kSpark)) {
        return scope.cannot_say("first_by or last_by");
      }
      return first_by(arguments, function == AggregateFunction::kLastBy, settings_.dialect);
    default:
      return scope.cannot_say("top_value over rows that stay");
  }
}

SqlStep PlanSql::of(const Plan& plan, const AggregateNode& node) {
  const SqlStep input = step(*node.input);
  SelectScope scope = scope_of(input, "t");
  SqlStep output;
  output.columns = own_names(plan.fields);
  std::vector<std::string> items;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    keys.push_back(scope.text(node.keys[i].expression));
    items.push_back(keys.back() + " as " + name(output.columns[i]));
    output.order.push_back({output.columns[i], false});
  }
  bool has_top = false;
  for (std::size_t i = 0; i < node.aggregates.size(); ++i) {
    const AggregateCall& call = node.aggregates[i];
    has_top = has_top || is_top(call.function);
    if (is_top(call.function)) continue;
    items.push_back(aggregate(scope, call.function, call, "") + " as " +
                    name(output.columns[node.keys.size() + i]));
  }
  check(scope, "summarize");
  if (items.empty()) items.emplace_back("count(*) as " + hidden("rows"));
  // Keys by their text: a constant would be taken for a position.
  std::string group;
  if (!keys.empty()) {
    std::vector<std::string> places;
    for (std::size_t i = 0; i < keys.size(); ++i) places.push_back(std::to_string(i + 1));
    group = "\n  group by " + joined(places, ", ");
  }
  output.name = add(fmt::format("select\n    {}\n  from {} as t{}{}", joined(items, ",\n    "),
                                input.name, scope.joins(), group));
  return has_top ? with_top_values(plan, node, output) : output;
}

// The most frequent values have to be counted first, each such aggregate by itself.
SqlStep PlanSql::with_top_values(const Plan&, const AggregateNode& node, SqlStep main) {
  const SqlStep input = step(*node.input);
  const std::size_t keys = node.keys.size();
  for (std::size_t i = 0; i < node.aggregates.size(); ++i) {
    const AggregateCall& call = node.aggregates[i];
    if (!is_top(call.function)) continue;
    SelectScope scope = scope_of(input, "t");
    std::vector<std::string> items;
    std::vector<std::string> places;
    std::vector<std::string> names;
    std::vector<std::string> matches;
    const bool spark = settings_.is(SqlDialect::kSpark);
    for (std::size_t k = 0; k < keys; ++k) {
      const std::string column = name(main.columns[k]);
      items.push_back(scope.text(node.keys[k].expression) + " as " + column);
      places.push_back(std::to_string(k + 1));
      names.push_back("c." + column);
      matches.push_back(
          fmt::format("m.{0} {1} v.{0}", column, spark ? "<=>" : "is not distinct from"));
    }
    const std::string value = scope.text(call.arguments[0]);
    items.push_back(value + " as " + hidden("value"));
    items.emplace_back("count(*) as " + hidden("rows"));
    places.push_back(std::to_string(keys + 1));
    check(scope, "summarize");
    const std::string counted = add(fmt::format(
        "select\n    {}\n  from {} as t{}\n  where {} is not null\n  group by {}",
        joined(items, ",\n    "), input.name, scope.joins(), value, joined(places, ", ")));
    const std::string order = fmt::format("c.{} desc, c.{}", hidden("rows"), hidden("value"));
    const std::string ranked =
        add(fmt::format("select c.*, row_number() over ({}order by {}) as {}\n  from {} as c",
                        names.empty() ? "" : "partition by " + joined(names, ", ") + " ", order,
                        hidden("place"), counted));
    std::string found = ranked;
    std::string chosen = "v." + hidden("value");
    std::string condition = fmt::format("v.{} = 1", hidden("place"));
    if (call.function == AggregateFunction::kTopValues) {
      if (!settings_.is(SqlDialect::kDuckDb) && !settings_.is(SqlDialect::kPostgres)) {
        cannot_say("top_values", "summarize");
      }
      const auto limit = std::get<std::int64_t>(call.parameter.data);
      const char* collect = settings_.is(SqlDialect::kPostgres) ? "array_agg" : "list";
      found = add(
          fmt::format("select {}{}(c.{} order by c.{}) as {}\n  from {} as c\n  where c.{} <= {}{}",
                      names.empty() ? "" : joined(names, ", ") + ", ", collect, hidden("value"),
                      hidden("place"), hidden("value"), ranked, hidden("place"), limit,
                      names.empty() ? "" : "\n  group by " + joined(names, ", ")));
      condition = "true";
    }
    for (const std::string& match : matches) condition += " and " + match;
    main.name = add(fmt::format("select m.*, {} as {}\n  from {} as m\n  left join {} as v on {}",
                                chosen, name(main.columns[keys + i]), main.name, found, condition));
  }
  return main;
}

}  // namespace stave
