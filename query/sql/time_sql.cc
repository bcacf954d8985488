// Time: instants are timestamps without a zone, in UTC; civil time is told in the program's zone.
#include <fmt/format.h>

#include "query/sql/select_scope.h"

namespace stave {

std::string local_time(const std::string& instant, const SqlSettings& settings) {
  if (settings.timezone == "UTC") return instant;
  const std::string zone = sql_string(settings.timezone, settings.dialect);
  switch (settings.dialect) {
    case SqlDialect::kClickHouse:
      return fmt::format("toTimezone({}, {})", instant, zone);
    case SqlDialect::kSpark:
      return fmt::format("from_utc_timestamp({}, {})", instant, zone);
    default:
      return fmt::format("timezone({}, timezone('UTC', {}))", zone, instant);
  }
}

std::string SelectScope::instant_of(const std::string& local) const {
  if (settings_.timezone == "UTC") return local;
  const std::string zone = sql_string(settings_.timezone, settings_.dialect);
  switch (settings_.dialect) {
    case SqlDialect::kClickHouse:
      return fmt::format("toDateTime64(toString({}), 6, {})", local, zone);
    case SqlDialect::kSpark:
      return fmt::format("to_utc_timestamp({}, {})", local, zone);
    default:
      return fmt::format("timezone('UTC', timezone({}, {}))", zone, local);
  }
}

std::string SelectScope::time(const Expression& call, const std::vector<std::string>& arguments) {
  const Type from = call.arguments[0].type;
  const bool house = settings_.is(SqlDialect::kClickHouse);
  const bool spark = settings_.is(SqlDialect::kSpark);
  const bool is_instant = from.kind == TypeKind::kTimestamp;
  const std::string local = is_instant ? local_time(arguments[0], settings_) : arguments[0];
  const auto part = [&](const char* name) {
    return cast(fmt::format("extract({} from {})", name, local), kInt64Type);
  };
  switch (call.function) {
    case Function::kDate:
      return cast(local, kDateType);
    case Function::kHour:
      return part("hour");
    case Function::kYear:
      return part("year");
    case Function::kMonth:
      return part("month");
    case Function::kDow:
      if (house) return cast(fmt::format("toDayOfWeek({})", local), kInt64Type);
      if (spark) return cast(fmt::format("extract(dayofweek_iso from {})", local), kInt64Type);
      return part("isodow");
    case Function::kBucketDate: {
      const auto* unit = std::get_if<std::string>(&call.arguments[1].literal.data);
      if (unit == nullptr) return cannot_say("this bucket");
      if (*unit == "day") return cast(local, kDateType);
      if (*unit == "week" && settings_.week_start != 1) {
        const int shift = settings_.week_start - 1;
        const char* week =
            house   ? "addDays(toMonday(addDays({0}, -{1})), {1})"
            : spark ? "date_add(date_trunc('week', date_sub({0}, {1})), {1})"
                    : "date_trunc('week', cast({0} as date) - {1}) + interval '{1} days'";
        return cast(fmt::format(fmt::runtime(week), local, shift), kDateType);
      }
      if (house) {
        const char* start = *unit == "week"    ? "toMonday"
                            : *unit == "month" ? "toStartOfMonth"
                            : *unit == "year"  ? "toStartOfYear"
                                               : "toStartOfQuarter";
        return cast(fmt::format("{}({})", start, local), kDateType);
      }
      return cast(fmt::format("date_trunc('{}', {})", *unit, local), kDateType);
    }
    case Function::kBucketTime: {
      const auto* width = std::get_if<std::int64_t>(&call.arguments[1].literal.data);
      if (width == nullptr || *width % 1'000'000 != 0) return cannot_say("this bucket");
      const std::int64_t seconds = *width / 1'000'000;
      if (house && settings_.timezone != "UTC") {
        return cannot_say("a bucket of less than a day in another zone than UTC");
      }
      if (house) {
        return fmt::format("toDateTime64(toStartOfInterval({}, interval {} second), 6, 'UTC')",
                           local, seconds);
      }
      if (spark) return cannot_say("a bucket of less than a day");
      const char* bin = settings_.is(SqlDialect::kPostgres)
                            ? "date_bin('{1} seconds', {0}, timestamp '1970-01-01')"
                            : "time_bucket(interval '{1} seconds', {0}, timestamp '1970-01-01')";
      return instant_of(fmt::format(fmt::runtime(bin), local, seconds));
    }
    case Function::kAddMonths: {
      const auto* months = std::get_if<std::int64_t>(&call.arguments[1].literal.data);
      if (months == nullptr) return cannot_say("adding months that a row tells");
      const char* add = house   ? "addMonths({}, {})"
                        : spark ? "add_months({}, {})"
                                : "{} + interval '1 month' * ({})";
      const std::string moved = fmt::format(fmt::runtime(add), local, *months);
      return is_instant ? instant_of(moved) : cast(moved, call.type);
    }
    default:
      break;
  }
  const bool subtracts = call.function == Function::kSubtract;
  const Type other = call.arguments[1].type;
  if (other.kind == from.kind && subtracts) {
    if (from.kind == TypeKind::kDate) {
      if (house)
        return cast(fmt::format("dateDiff('day', {1}, {0})", arguments[0], arguments[1]),
                    kInt64Type);
      if (spark)
        return cast(fmt::format("datediff({}, {})", arguments[0], arguments[1]), kInt64Type);
      return cast(fmt::format("({} - {})", arguments[0], arguments[1]), kInt64Type);
    }
    return cannot_say("the difference of two times");
  }
  const char* sign = subtracts ? "-" : "+";
  if (from.kind == TypeKind::kDate) {
    if (house)
      return cast(fmt::format("addDays({}, {}({}))", arguments[0], sign, arguments[1]), kDateType);
    if (spark)
      return fmt::format("date_add({}, cast({}({}) as int))", arguments[0], sign, arguments[1]);
    return cast(fmt::format("{} {} cast({} as integer)", arguments[0], sign, arguments[1]),
                kDateType);
  }
  const auto* literal = std::get_if<std::int64_t>(&call.arguments[1].literal.data);
  if (literal == nullptr || *literal % 1'000'000 != 0) return cannot_say("adding this to a time");
  // Whole days are 24 hours: instants have no calendar.
  const std::int64_t seconds = *literal / 1'000'000;
  if (house) return fmt::format("addSeconds({}, {}({}))", arguments[0], sign, seconds);
  return fmt::format("({} {} interval '{}' second)", arguments[0], sign, seconds);
}

}  // namespace stave
