// One row for each function: name, group, number of arguments, how it is written.
#include "query/binding/functions.h"

namespace stave {
namespace {

constexpr std::size_t kAny = 100;

constexpr FunctionEntry scalar(std::string_view name, ScalarName which, std::size_t least,
                               std::size_t most, std::string_view usage) {
  FunctionEntry entry{name, FunctionGroup::kScalar, least, most, usage};
  entry.scalar = which;
  return entry;
}

constexpr FunctionEntry aggregate(std::string_view name, AggregateFunction which, std::size_t least,
                                  std::size_t most, std::string_view usage) {
  FunctionEntry entry{name, FunctionGroup::kAggregate, least, most, usage};
  entry.aggregate = which;
  return entry;
}

constexpr FunctionEntry window(std::string_view name, WindowFunction which, std::size_t least,
                               std::size_t most, std::string_view usage) {
  FunctionEntry entry{name, FunctionGroup::kWindow, least, most, usage};
  entry.window = which;
  return entry;
}

constexpr FunctionEntry kFunctions[] = {
    aggregate("count", AggregateFunction::kCount, 0, 0, "count()"),
    aggregate("count_if", AggregateFunction::kCountIf, 1, 1, "count_if(condition)"),
    aggregate("sum", AggregateFunction::kSum, 1, 1, "sum(x)"),
    aggregate("avg", AggregateFunction::kAverage, 1, 1, "avg(x)"),
    aggregate("min", AggregateFunction::kMin, 1, 1, "min(x)"),
    aggregate("max", AggregateFunction::kMax, 1, 1, "max(x)"),
    aggregate("distinct", AggregateFunction::kDistinct, 1, 1, "distinct(x)"),
    aggregate("approx_distinct", AggregateFunction::kApproximateDistinct, 1, 1,
              "approx_distinct(x)"),
    aggregate("quantile", AggregateFunction::kQuantile, 2, 2, "quantile(x, p)"),
    aggregate("median", AggregateFunction::kQuantile, 1, 1, "median(x)"),
    aggregate("stddev", AggregateFunction::kStandardDeviation, 1, 1, "stddev(x)"),
    aggregate("first_by", AggregateFunction::kFirstBy, 2, kAny, "first_by(x, key, ...)"),
    aggregate("last_by", AggregateFunction::kLastBy, 2, kAny, "last_by(x, key, ...)"),
    aggregate("top_value", AggregateFunction::kTopValue, 1, 1, "top_value(x)"),
    aggregate("top_values", AggregateFunction::kTopValues, 2, 2, "top_values(x, k)"),
    window("row_number", WindowFunction::kRowNumber, 0, 0, "row_number() over (sort ...)"),
    window("rank", WindowFunction::kRank, 0, 0, "rank() over (sort ...)"),
    window("dense_rank", WindowFunction::kDenseRank, 0, 0, "dense_rank() over (sort ...)"),
    window("lag", WindowFunction::kLag, 1, 2, "lag(x, n) over (sort ...)"),
    window("lead", WindowFunction::kLead, 1, 2, "lead(x, n) over (sort ...)"),
    window("first", WindowFunction::kFirst, 1, 1, "first(x) over (per ... sort ...)"),
    window("last", WindowFunction::kLast, 1, 1, "last(x) over (per ... sort ...)"),
    window("share", WindowFunction::kShare, 1, 1, "share(x) over (per ...)"),
    window("allocate", WindowFunction::kAllocate, 2, 2,
           "allocate(total, weight) over (per ... sort ...)"),
    scalar("coalesce", ScalarName::kCoalesce, 1, kAny, "coalesce(a, b, ...)"),
    scalar("if", ScalarName::kIf, 3, 3, "if(condition, then, otherwise)"),
    scalar("round", ScalarName::kRound, 1, 3, "round(x, digits, \"half_even\")"),
    scalar("div", ScalarName::kDiv, 3, 4, "div(a, b, scale, \"half_even\")"),
    scalar("abs", ScalarName::kAbs, 1, 1, "abs(x)"),
    scalar("sqrt", ScalarName::kSqrt, 1, 1, "sqrt(x)"),
    scalar("ln", ScalarName::kLn, 1, 1, "ln(x)"),
    scalar("bucket", ScalarName::kBucket, 2, 2, "bucket(time, 1h) or bucket(time, month)"),
    scalar("date", ScalarName::kDate, 1, 1, "date(time)"),
    scalar("hour", ScalarName::kHour, 1, 1, "hour(time)"),
    scalar("dow", ScalarName::kDow, 1, 1, "dow(time)"),
    scalar("year", ScalarName::kYear, 1, 1, "year(time)"),
    scalar("month", ScalarName::kMonth, 1, 1, "month(time)"),
    scalar("add_days", ScalarName::kAddDays, 2, 2, "add_days(date, n)"),
    scalar("add_months", ScalarName::kAddMonths, 2, 2, "add_months(date, $months)"),
    scalar("now", ScalarName::kNow, 0, 0, "now()"),
    scalar("today", ScalarName::kToday, 0, 0, "today()"),
    scalar("lower", ScalarName::kLower, 1, 1, "lower(text)"),
    scalar("upper", ScalarName::kUpper, 1, 1, "upper(text)"),
    scalar("length", ScalarName::kLength, 1, 1, "length(text)"),
    scalar("split", ScalarName::kSplit, 2, 2, "split(text, \";\")"),
    scalar("contains", ScalarName::kContains, 2, 2, "contains(text, part)"),
    scalar("starts_with", ScalarName::kStartsWith, 2, 2, "starts_with(text, part)"),
    scalar("ends_with", ScalarName::kEndsWith, 2, 2, "ends_with(text, part)"),
    scalar("concat", ScalarName::kConcat, 1, kAny, "concat(a, b, ...)"),
};

}  // namespace

const FunctionEntry* find_function(std::string_view name) {
  for (const FunctionEntry& entry : kFunctions) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

const std::vector<std::string>& function_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const FunctionEntry& entry : kFunctions) list.emplace_back(entry.name);
    return list;
  }();
  return names;
}

std::string_view name_of(AggregateFunction function) {
  for (const FunctionEntry& entry : kFunctions) {
    if (entry.group == FunctionGroup::kAggregate && entry.aggregate == function) return entry.name;
  }
  return "aggregate";
}

std::string_view name_of(WindowFunction function) {
  for (const FunctionEntry& entry : kFunctions) {
    if (entry.group == FunctionGroup::kWindow && entry.window == function) return entry.name;
  }
  return "window";
}

}  // namespace stave
