// Civil time of instants and dates in the query's zone: buckets, parts, and calendar months.
// Instants outside the years that civil dates reach are a fault that names them.
#include <string>

#include "engine/evaluate/functions.h"
#include "engine/evaluate/instants.h"
#include "engine/evaluate/strict_node.h"
#include "engine/evaluate/time_bucket.h"
#include "engine/kernels/reduce.h"
#include "engine/runtime/time_zone.h"

namespace stave {

namespace {

enum class Unit : std::uint8_t { kDay, kWeek, kMonth, kQuarter, kYear };

std::optional<Unit> unit_of(const NodePointer& node) {
  const auto* name =
      node->literal() == nullptr ? nullptr : std::get_if<std::string>(&node->literal()->data);
  if (name == nullptr) return std::nullopt;
  if (*name == "day") return Unit::kDay;
  if (*name == "week") return Unit::kWeek;
  if (*name == "month") return Unit::kMonth;
  if (*name == "quarter") return Unit::kQuarter;
  if (*name == "year") return Unit::kYear;
  return std::nullopt;
}

// 1 = Monday; 1970-01-01 was a Thursday.
std::int64_t day_of_week(std::int64_t day) {
  const std::int64_t since = day + 3;
  return since - floor_divide(since, 7) * 7 + 1;
}

std::int64_t bucket_of(std::int64_t day, Unit unit, int week_start) {
  if (unit == Unit::kDay) return day;
  if (unit == Unit::kWeek) return day - (day_of_week(day) - week_start + 7) % 7;
  CivilDate date = civil_date_of(day);
  date.day = 1;
  if (unit == Unit::kQuarter) date.month = (date.month - 1) / 3 * 3 + 1;
  if (unit == Unit::kYear) date.month = 1;
  return day_of(date);
}

auto outside(Type type) {
  return [type](std::int64_t value) {
    return Error{ErrorCode::kOverflow, "A " + to_string(type) +
                                           " is outside the years -9999 to 9999: " +
                                           std::to_string(value) + ". Leave such rows out."};
  };
}

// The local days of a batch whose rows have many.
class LocalDayNode final : public Node {
 public:
  LocalDayNode(ColumnShape shape, NodePointer argument, const TimeZone& zone)
      : Node(std::move(shape)), argument_(std::move(argument)), zone_(zone) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    return integers_of_instants(
        shape(), argument_, frame,
        [this](const kernels::Range64& range) { return only_stretch(range, zone_); },
        [](const std::int64_t* instants, std::uint32_t rows, const TimeZone::Stretch& stretch,
           std::int64_t* out) {
          for (std::uint32_t row = 0; row < rows; ++row) {
            out[row] = floor_divide(instants[row] + stretch.offset, kMicrosecondsOfDay);
          }
        },
        [cursor = ZoneCursor(zone_)](std::int64_t instant) mutable {
          return cursor.local_day(instant);
        });
  }

 private:
  NodePointer argument_;
  const TimeZone& zone_;
};

// Functions of the local day: once for each day where a batch has few of them, as a block of a
// partition has one. Other batches go row by row, where a day may be a fault.
template <typename Function>
class DayNode final : public Node {
 public:
  DayNode(ColumnShape shape, NodePointer argument, const TimeZone& zone, Function function,
          NodePointer row_by_row)
      : Node(std::move(shape)),
        argument_(std::move(argument)),
        zone_(zone),
        function_(function),
        row_by_row_(std::move(row_by_row)) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    Result<Vector> value = argument_->evaluate(frame);
    if (!value) return value;
    const std::uint32_t rows = frame.rows();
    const auto* values = value->values<std::int64_t>();
    const kernels::Range64 range = kernels::range_of(values, value->validity, rows);
    const std::optional<LocalDays> days = days_of(range);
    if (!days) return row_by_row_->evaluate(frame);
    std::vector<std::int64_t> results;
    for (std::int64_t day = days->of(range.min); day <= days->of(range.max); ++day) {
      results.push_back(function_(day));
    }
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::int64_t>(rows);
    std::fill_n(out, rows, results[0]);
    if (results.size() > 1) {
      for (std::uint32_t row = 0; row < rows; ++row) {
        if (!is_valid(value->validity, row)) continue;
        out[row] = results[static_cast<std::size_t>(days->of(values[row]) - days->of(range.min))];
      }
    }
    const std::uint64_t* validity = common_validity({&*value}, rows, *buffer);
    return vector_of(shape(), rows, out, validity, std::move(buffer));
  }

 private:
  static constexpr std::int64_t kMostDays = 256;

  // The days of values that all have the same offset.
  struct LocalDays {
    std::int64_t offset = 0;
    std::int64_t width = 1;
    std::int64_t of(std::int64_t value) const { return floor_divide(value + offset, width); }
  };

  // Nothing where the values reach over too many days, or one that is not civil.
  std::optional<LocalDays> days_of(const kernels::Range64& range) const {
    constexpr std::int64_t kFar = INT64_MAX / 2;
    if (range.min > range.max || range.min < -kFar || range.max > kFar) return std::nullopt;
    LocalDays days;
    if (argument_->type().kind != TypeKind::kDate) {
      const TimeZone::Stretch& stretch = zone_.stretch_at(range.min);
      if (range.max >= stretch.end) return std::nullopt;
      days = {stretch.offset, kMicrosecondsOfDay};
    }
    const std::int64_t first = days.of(range.min);
    const std::int64_t last = days.of(range.max);
    if (!is_civil(first) || !is_civil(last) || last - first >= kMostDays) return std::nullopt;
    return days;
  }

  NodePointer argument_;
  const TimeZone& zone_;
  Function function_;
  NodePointer row_by_row_;
};

struct Day {
  std::int64_t operator()(std::int64_t day) const { return day; }
};

template <typename Function>
NodePointer of_day(const ColumnShape& shape, const NodePointer& argument, const TimeZone& zone,
                   Function function) {
  const bool is_date = argument->type().kind == TypeKind::kDate;
  NodePointer row_by_row = faulting_node<std::int64_t, std::int64_t>(
      shape, {argument},
      [is_date, function, cursor = ZoneCursor(zone)](RowRoom&, std::int64_t& out,
                                                     std::int64_t value) {
        // A copy: nodes are shared by threads.
        ZoneCursor local = cursor;
        const std::int64_t day = is_date ? value : local.local_day(value);
        if (!is_civil(day)) return Outcome::kFault;
        out = function(day);
        return Outcome::kValue;
      },
      outside(argument->type()));
  return std::make_shared<DayNode<Function>>(shape, argument, zone, function,
                                             std::move(row_by_row));
}

NodePointer add_months(const ColumnShape& shape, const NodePointer& argument,
                       const NodePointer& months, const TimeZone& zone) {
  const bool is_date = shape.type.kind == TypeKind::kDate;
  const Type type = argument->type();
  return faulting_node<std::int64_t, std::int64_t, std::int64_t>(
      shape, {argument, months},
      [is_date, &zone](RowRoom&, std::int64_t& out, std::int64_t value, std::int64_t count) {
        ZoneCursor cursor(zone);
        const std::int64_t local = is_date ? 0 : cursor.local(value);
        const std::int64_t day = is_date ? value : floor_divide(local, kMicrosecondsOfDay);
        constexpr std::int64_t kMostMonths = 12 * 20'000;
        if (!is_civil(day) || count > kMostMonths || count < -kMostMonths) return Outcome::kFault;
        CivilDate date = civil_date_of(day);
        const std::int64_t month = std::int64_t{date.year} * 12 + date.month - 1 + count;
        date.year = static_cast<int>(floor_divide(month, 12));
        date.month = static_cast<unsigned>(month - std::int64_t{date.year} * 12 + 1);
        if (date.year < -9999 || date.year > 9999) return Outcome::kFault;
        const std::int64_t moved = day_of(date);
        out =
            is_date
                ? moved
                : zone.instant_of(moved * kMicrosecondsOfDay + (local - day * kMicrosecondsOfDay));
        return Outcome::kValue;
      },
      [type](std::int64_t value, std::int64_t count) {
        return Error{ErrorCode::kOverflow, "A " + to_string(type) +
                                               " moved by months leaves the years -9999 to 9999: " +
                                               std::to_string(value) + " by " +
                                               std::to_string(count) + ". Leave such rows out."};
      });
}

}  // namespace

Result<NodePointer> make_time_function(const Expression& call, const NodeList& arguments,
                                       ExecutionContext& context) {
  const Result<const TimeZone*> found = context.timezone();
  if (!found) return pass(found);
  const TimeZone& zone = **found;
  ColumnShape shape = plain_shape(call.type, any_may_be_null(arguments));
  const NodePointer& argument = arguments[0];
  const bool is_date = argument->type().kind == TypeKind::kDate;
  switch (call.function) {
    case Function::kAddMonths:
      return add_months(shape, argument, arguments[1], zone);
    case Function::kBucketTime: {
      const auto width = literal_as<std::int64_t>(*arguments[1]->literal());
      if (width <= 0) {
        return fail(ErrorCode::kEvaluation,
                    "A bucket needs a width above zero: " + std::to_string(width) +
                        " microseconds. Use a duration such as 15min.");
      }
      return bucket_time(shape, argument, width, zone);
    }
    case Function::kBucketDate: {
      const auto unit = unit_of(arguments[1]);
      if (!unit) {
        return fail(ErrorCode::kEvaluation,
                    "No such bucket. Use day, week, month, quarter or year.");
      }
      const int week_start = context.options().week_start;
      return of_day(shape, argument, zone, [unit = *unit, week_start](std::int64_t day) {
        return bucket_of(day, unit, week_start);
      });
    }
    case Function::kDate:
      if (is_date) return argument;
      return std::make_shared<DayNode<Day>>(shape, argument, zone, Day(),
                                            std::make_shared<LocalDayNode>(shape, argument, zone));
    case Function::kHour:
      shape.range = std::pair<std::int64_t, std::int64_t>(0, 23);
      if (is_date) {
        return total_node<std::int64_t, std::int64_t>(
            shape, {argument}, [](RowRoom&, std::int64_t& out, std::int64_t) {
              out = 0;
              return Outcome::kValue;
            });
      }
      return hour_of_day(shape, argument, zone);
    case Function::kDow:
      shape.range = std::pair<std::int64_t, std::int64_t>(1, 7);
      return of_day(shape, argument, zone, [](std::int64_t day) { return day_of_week(day); });
    case Function::kYear:
      shape.range = std::pair<std::int64_t, std::int64_t>(-9999, 9999);
      return of_day(shape, argument, zone,
                    [](std::int64_t day) { return std::int64_t{civil_date_of(day).year}; });
    default:
      shape.range = std::pair<std::int64_t, std::int64_t>(1, 12);
      return of_day(shape, argument, zone,
                    [](std::int64_t day) { return std::int64_t{civil_date_of(day).month}; });
  }
}

}  // namespace stave
