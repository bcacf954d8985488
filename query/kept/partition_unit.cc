// A walk over the plan that follows which columns tell the period of a row. Every operator either
// keeps periods apart, or depends on no facts at all, or mixes periods.
#include "query/kept/partition_unit.h"

#include <algorithm>
#include <map>
#include <optional>
#include <type_traits>

#include "engine/make_expression.h"
#include "query/planning/plan_walk.h"

namespace stave {
namespace {

constexpr std::int64_t kMicrosecondsOfHour = 3'600'000'000;

// What a value tells of the time of its row.
enum class Carrier : std::uint8_t { kNone, kDay, kInstant, kWeek, kMonth };

bool determines(Carrier carrier, KeptUnit unit) {
  switch (carrier) {
    case Carrier::kDay:
    case Carrier::kInstant:
      return true;
    case Carrier::kWeek:
      return unit == KeptUnit::kWeek;
    case Carrier::kMonth:
      return unit == KeptUnit::kMonth;
    case Carrier::kNone:
      break;
  }
  return false;
}

// What is known of the rows of a node.
struct Flow {
  enum class Kind : std::uint8_t { kConstant, kByPeriod, kMixed };
  enum class Order : std::uint8_t { kAny, kAscending, kDescending };
  Kind kind = Kind::kMixed;
  std::vector<Carrier> fields;  // kByPeriod
  Order order = Order::kAny;    // of periods
};

Flow mixed() {
  return {};
}
Flow constant() {
  return {Flow::Kind::kConstant, {}, Flow::Order::kAny};
}

class Walk {
 public:
  Walk(const Manifest& manifest, const PartitionSettings& settings, KeptUnit unit)
      : manifest_(manifest), settings_(settings), unit_(unit) {}

  const Flow& flow(const PlanPointer& plan) {
    const auto known = flows_.find(plan.get());
    if (known != flows_.end()) return known->second;
    Flow found = std::visit([&](const auto& node) { return of(*plan, node); }, plan->node);
    return flows_.emplace(plan.get(), std::move(found)).first->second;
  }

 private:
  Carrier carrier(const Expression& expression, const std::vector<Carrier>& fields) const;
  bool tells_period(const Expression& expression, const std::vector<Carrier>& fields) const {
    return determines(carrier(expression, fields), unit_);
  }
  bool any_tells_period(const std::vector<Expression>& all, const std::vector<Carrier>& fields) {
    return std::ranges::any_of(all, [&](const auto& one) { return tells_period(one, fields); });
  }

  Flow of(const Plan& plan, const ScanNode& node);
  Flow of(const Plan& plan, const ProjectNode& node);
  Flow of(const Plan& plan, const AggregateNode& node);
  Flow of(const Plan& plan, const SortNode& node);
  Flow of(const Plan& plan, const LimitNode& node);
  Flow of(const Plan& plan, const TopNode& node);
  Flow of(const Plan& plan, const JoinNode& node);
  Flow of(const Plan& plan, const UnionNode& node);
  Flow of(const Plan& plan, const WindowNode& node);
  Flow of(const Plan& plan, const FilterNode& node) { return wider(plan, node.input); }
  Flow of(const Plan& plan, const ExpandNode& node) { return wider(plan, node.input); }
  Flow of(const Plan& plan, const ExpectNode& node) { return wider(plan, node.input); }
  // As the input; fields that are added at the end tell nothing.
  Flow wider(const Plan& plan, const PlanPointer& input) {
    Flow same = flow(input);
    if (same.kind == Flow::Kind::kByPeriod) same.fields.resize(plan.fields.size(), Carrier::kNone);
    return same;
  }

  const Manifest& manifest_;
  const PartitionSettings& settings_;
  KeptUnit unit_;
  std::map<const Plan*, Flow> flows_;
};

Carrier Walk::carrier(const Expression& expression, const std::vector<Carrier>& fields) const {
  if (expression.kind == ExpressionKind::kColumn) {
    return fields[static_cast<std::size_t>(expression.column)];
  }
  if (expression.kind != ExpressionKind::kCall || expression.arguments.empty()) {
    return Carrier::kNone;
  }
  const Carrier of = carrier(expression.arguments[0], fields);
  const bool is_day = of == Carrier::kDay || of == Carrier::kInstant;
  switch (expression.function) {
    case Function::kDate:
      return is_day ? Carrier::kDay : of;
    case Function::kBucketTime: {
      // Wider ones may begin in an hour that a change of the clock left out.
      const auto* width = std::get_if<std::int64_t>(&expression.arguments[1].literal.data);
      const bool is_within_an_hour =
          width != nullptr && *width > 0 && kMicrosecondsOfHour % *width == 0;
      return of == Carrier::kInstant && is_within_an_hour ? Carrier::kInstant : Carrier::kNone;
    }
    case Function::kBucketDate: {
      const auto* unit = std::get_if<std::string>(&expression.arguments[1].literal.data);
      if (unit == nullptr) return Carrier::kNone;
      if (*unit == "day") return is_day ? Carrier::kDay : of;
      if (*unit == "week" && is_day && settings_.weeks_begin_on_monday) return Carrier::kWeek;
      if (*unit == "month" && (is_day || of == Carrier::kMonth)) return Carrier::kMonth;
      return Carrier::kNone;
    }
    default:
      return Carrier::kNone;
  }
}

Flow Walk::of(const Plan&, const ScanNode& node) {
  if (!is_partitioned(manifest_, node.table)) return constant();
  const TableSchema& schema = *manifest_.schema.find_table(node.table);
  const int time = schema.find_column(schema.time_column);
  Flow found{Flow::Kind::kByPeriod, {}, Flow::Order::kAny};
  for (const int column : node.columns) {
    Carrier tells = Carrier::kNone;
    if (column == kDayColumn) tells = Carrier::kDay;
    if (column >= 0 && column == time && settings_.zone_is_the_stores &&
        schema.columns[static_cast<std::size_t>(column)].type.kind == TypeKind::kTimestamp) {
      tells = Carrier::kInstant;
    }
    found.fields.push_back(tells);
  }
  return found;
}

Flow Walk::of(const Plan&, const ProjectNode& node) {
  Flow found = flow(node.input);
  if (found.kind != Flow::Kind::kByPeriod) return found;
  std::vector<Carrier> fields;
  for (const NamedExpression& column : node.columns) {
    fields.push_back(carrier(column.expression, found.fields));
  }
  found.fields = std::move(fields);
  return found;
}

Flow Walk::of(const Plan& plan, const AggregateNode& node) {
  const Flow& input = flow(node.input);
  if (input.kind != Flow::Kind::kByPeriod) return input;
  Flow found{Flow::Kind::kByPeriod, {}, Flow::Order::kAny};
  bool is_apart = false;
  for (const NamedExpression& key : node.keys) {
    const Carrier tells = carrier(key.expression, input.fields);
    if (found.fields.empty() && determines(tells, unit_)) found.order = Flow::Order::kAscending;
    is_apart |= determines(tells, unit_);
    found.fields.push_back(tells);
  }
  if (!is_apart) return mixed();
  found.fields.resize(plan.fields.size(), Carrier::kNone);
  return found;
}

Flow Walk::of(const Plan&, const SortNode& node) {
  Flow found = flow(node.input);
  if (found.kind != Flow::Kind::kByPeriod) return found;
  const bool is_first = !node.keys.empty() && tells_period(node.keys[0].expression, found.fields);
  found.order = !is_first                 ? Flow::Order::kAny
                : node.keys[0].descending ? Flow::Order::kDescending
                                          : Flow::Order::kAscending;
  return found;
}

Flow Walk::of(const Plan&, const LimitNode& node) {
  return flow(node.input).kind == Flow::Kind::kConstant ? constant() : mixed();
}

Flow Walk::of(const Plan&, const TopNode& node) {
  Flow found = flow(node.input);
  if (found.kind != Flow::Kind::kByPeriod) return found;
  if (!any_tells_period(node.per, found.fields)) return mixed();
  found.order =
      tells_period(node.per[0], found.fields) ? Flow::Order::kAscending : Flow::Order::kAny;
  return found;
}

Flow Walk::of(const Plan& plan, const JoinNode& node) {
  const Flow left = flow(node.left);
  const Flow right = flow(node.right);
  if (left.kind == Flow::Kind::kMixed || right.kind == Flow::Kind::kMixed) return mixed();
  if (right.kind == Flow::Kind::kConstant) {
    if (left.kind == Flow::Kind::kConstant) return constant();
    // Right rows without a match would come again with each period.
    if (node.kind == JoinKind::kFull) return mixed();
    return wider(plan, node.left);
  }
  if (left.kind == Flow::Kind::kConstant) return mixed();
  bool meets_within_periods = false;
  for (std::size_t i = 0; i < node.left_keys.size(); ++i) {
    const Carrier of_left = carrier(node.left_keys[i], left.fields);
    meets_within_periods |= determines(of_left, unit_) &&
                            of_left == carrier(node.right_keys[i], right.fields) &&
                            node.left_keys[i].type == node.right_keys[i].type;
  }
  if (!meets_within_periods || node.kind == JoinKind::kFull) return mixed();
  return wider(plan, node.left);
}

Flow Walk::of(const Plan& plan, const UnionNode& node) {
  bool all_constant = true;
  std::optional<Flow> found;
  for (const PlanPointer& input : node.inputs) {
    const Flow& one = flow(input);
    if (one.kind == Flow::Kind::kMixed) return mixed();
    if (one.kind == Flow::Kind::kConstant) continue;
    all_constant = false;
    if (!found) {
      found = one;
      continue;
    }
    for (std::size_t i = 0; i < plan.fields.size(); ++i) {
      if (found->fields[i] != one.fields[i]) found->fields[i] = Carrier::kNone;
    }
  }
  if (all_constant) return constant();
  const bool any_constant = std::ranges::any_of(node.inputs, [&](const PlanPointer& input) {
    return flow(input).kind == Flow::Kind::kConstant;
  });
  if (any_constant) return mixed();
  if (node.inputs.size() > 1) found->order = Flow::Order::kAny;
  return *found;
}

Flow Walk::of(const Plan& plan, const WindowNode& node) {
  const Flow& input = flow(node.input);
  if (input.kind == Flow::Kind::kByPeriod) {
    for (const WindowCall& call : node.calls) {
      if (!any_tells_period(call.per, input.fields)) return mixed();
    }
  }
  return wider(plan, node.input);
}

int carrier_among(const std::vector<Carrier>& fields, KeptUnit unit) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (determines(fields[i], unit)) return static_cast<int>(i);
  }
  return -1;
}

// The plan with a column more that tells the period, where a chain of projections left it out.
PlanPointer with_carrier(Walk& walk, const PlanPointer& plan, KeptUnit unit, int& carrier) {
  carrier = carrier_among(walk.flow(plan).fields, unit);
  const auto* node = std::get_if<ProjectNode>(&plan->node);
  if (carrier >= 0 || node == nullptr) return plan;
  const PlanPointer input = with_carrier(walk, node->input, unit, carrier);
  if (carrier < 0) return plan;
  const Field& field = input->fields[static_cast<std::size_t>(carrier)];
  ProjectNode wider = *node;
  wider.input = input;
  wider.columns.push_back(
      {field.name, column_expression(static_cast<std::size_t>(carrier), field.type)});
  Plan changed{std::move(wider), plan->fields};
  changed.fields.push_back(field);
  carrier = static_cast<int>(plan->fields.size());
  return std::make_shared<const Plan>(std::move(changed));
}

Expression day_literal(std::int32_t day) {
  return literal_expression({kDateType, std::int64_t{day}});
}

Expression test(Function function, std::vector<Expression> arguments) {
  return call_expression(function, kBoolType, std::move(arguments));
}

Expression is_one_of(const Expression& day, const std::vector<std::int32_t>& days) {
  std::vector<Expression> among{day};
  bool has_no_day = false;
  for (const std::int32_t one : days) {
    has_no_day |= one == kNoDay;
    if (one != kNoDay) among.push_back(day_literal(one));
  }
  if (!has_no_day) return test(Function::kIn, std::move(among));
  Expression without = test(Function::kIsNull, {day});
  if (among.size() == 1) return without;
  return test(Function::kOr, {test(Function::kIn, std::move(among)), std::move(without)});
}

// The facts of some days, with the columns that the scan had.
PlanPointer restricted_scan(const Plan& plan, const ScanNode& scan,
                            const std::vector<std::int32_t>& days) {
  Plan wider{scan, plan.fields};
  std::get<ScanNode>(wider.node).columns.push_back(kDayColumn);
  wider.fields.push_back({"day", kDateType});
  const Expression day = column_expression(plan.fields.size(), kDateType);
  FilterNode filter{std::make_shared<const Plan>(wider), is_one_of(day, days)};
  ProjectNode project;
  project.input = std::make_shared<const Plan>(Plan{std::move(filter), wider.fields});
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    const Field& field = plan.fields[i];
    project.columns.push_back({field.name, column_expression(i, field.type)});
  }
  return std::make_shared<const Plan>(Plan{std::move(project), plan.fields});
}

using Rewritten = std::map<const Plan*, PlanPointer>;

PlanPointer restrict_below(const PlanPointer& plan, const Manifest& manifest,
                           const std::vector<std::int32_t>& days, Rewritten& done) {
  const auto known = done.find(plan.get());
  if (known != done.end()) return known->second;
  PlanPointer made = plan;
  if (const auto* scan = std::get_if<ScanNode>(&plan->node)) {
    if (is_partitioned(manifest, scan->table)) made = restricted_scan(*plan, *scan, days);
  } else {
    std::vector<PlanPointer> inputs;
    for (const PlanPointer& input : inputs_of(*plan)) {
      inputs.push_back(restrict_below(input, manifest, days, done));
    }
    made = with_inputs(*plan, std::move(inputs));
  }
  done.emplace(plan.get(), made);
  return made;
}

}  // namespace

bool is_partitioned(const Manifest& manifest, const std::string& table) {
  const TableSchema* schema = manifest.schema.find_table(table);
  return schema != nullptr && schema->kind == TableKind::kFact && !schema->time_column.empty();
}

std::int32_t period_of(std::int32_t day, KeptUnit unit) {
  if (!is_civil(day)) return day;  // kNoDay among them
  if (unit == KeptUnit::kWeek) {
    const std::int64_t since_monday = (std::int64_t{day} + 3) % 7;
    return static_cast<std::int32_t>(day - (since_monday < 0 ? since_monday + 7 : since_monday));
  }
  if (unit == KeptUnit::kMonth) {
    CivilDate date = civil_date_of(day);
    date.day = 1;
    return static_cast<std::int32_t>(day_of(date));
  }
  return unit == KeptUnit::kDay ? day : 0;
}

PartitionedPlan partition(const PlanPointer& plan, const Manifest& manifest,
                          const PartitionSettings& settings) {
  for (const KeptUnit unit : {KeptUnit::kDay, KeptUnit::kWeek, KeptUnit::kMonth}) {
    Walk walk(manifest, settings, unit);
    const Flow& root = walk.flow(plan);
    if (root.kind != Flow::Kind::kByPeriod || root.order == Flow::Order::kAny) continue;
    PartitionedPlan found{unit, root.order == Flow::Order::kDescending, plan, -1};
    found.plan = with_carrier(walk, plan, unit, found.carrier);
    if (found.carrier >= 0) return found;
  }
  return {KeptUnit::kWhole, false, plan, -1};
}

PlanPointer restrict_to_days(const PlanPointer& plan, const Manifest& manifest,
                             const std::vector<std::int32_t>& days) {
  Rewritten done;
  return restrict_below(plan, manifest, days, done);
}

}  // namespace stave
