// Literals, parameters, and names: columns, qualified columns, relations by path, metrics.
#include <fmt/format.h>

#include "query/binding/expression_binder.h"
#include "query/planning/plan_builder.h"
#include "query/syntax/spelling.h"
#include "query/values/value_text.h"

namespace stave {

Typed ExpressionBinder::bind_literal(const ExpressionSyntax& syntax) {
  Typed bound;
  std::optional<Value> value;
  switch (syntax.kind) {
    case SyntaxKind::kNull:
      value = Value{kNullType, {}};
      break;
    case SyntaxKind::kBool:
      value = Value{kBoolType, syntax.text == "true"};
      break;
    case SyntaxKind::kInteger:
      if (const auto number = parse_int64(syntax.text)) value = Value{kInt64Type, *number};
      if (!value) value = parse_decimal(syntax.text);  // beyond 64 bits
      break;
    case SyntaxKind::kDecimal:
      value = parse_decimal(syntax.text);
      break;
    case SyntaxKind::kFloat:
      if (const auto number = parse_float64(syntax.text)) value = Value{kFloat64Type, *number};
      break;
    case SyntaxKind::kInstant:
      if (syntax.text.size() == 10) {
        if (const auto day = parse_date(syntax.text)) value = Value{kDateType, *day};
      } else if (const auto instant = parse_timestamp(syntax.text, context_.zone)) {
        value = Value{kTimestampType, *instant};
      }
      if (!value) {
        return fault("E004", syntax.span,
                     fmt::format("there is no such day or time: {}", syntax.text),
                     "the form is @2025-05-01 or @2025-05-01T23:59:59");
      }
      break;
    default:
      value = Value{kStringType, syntax.text};
  }
  if (!value) {
    return fault("E004", syntax.span, "this number is too large",
                 "an i64 has 18 digits, a decimal 38");
  }
  bound.expression = literal_of(std::move(*value));
  return bound;
}

Typed ExpressionBinder::bind_duration(const ExpressionSyntax& syntax) {
  static const std::vector<std::string> kUnits = {"s", "min", "h", "d", "w", "mo", "y"};
  const std::size_t digits = syntax.text.find_first_not_of("0123456789");
  const std::string unit = syntax.text.substr(digits);
  const auto count = parse_int64(std::string_view(syntax.text).substr(0, digits));
  if (!count || *count > 100'000'000) {
    return fault("E004", syntax.span, "this duration is too long");
  }
  constexpr std::int64_t kSecond = 1'000'000;
  Typed bound = poison(syntax.span);
  bound.poisoned = false;
  if (unit == "s") {
    bound.duration = {0, *count * kSecond};
  } else if (unit == "min") {
    bound.duration = {0, *count * 60 * kSecond};
  } else if (unit == "h") {
    bound.duration = {0, *count * 3600 * kSecond};
  } else if (*count > 1'000'000) {
    return fault("E004", syntax.span, "this duration is too long");
  } else if (unit == "d") {
    bound.duration = {0, *count * 86'400 * kSecond};
  } else if (unit == "w") {
    bound.duration = {0, *count * 7 * 86'400 * kSecond};
  } else if (unit == "mo") {
    bound.duration = {*count, 0};
  } else if (unit == "y") {
    bound.duration = {*count * 12, 0};
  } else {
    return fault("E005", syntax.span, fmt::format("no unit of time `{}`", unit),
                 unit == "m" ? "`min` is minutes, `mo` is months" : did_you_mean(unit, kUnits),
                 kUnits);
  }
  return bound;
}

Typed ExpressionBinder::bind_parameter(const ExpressionSyntax& syntax) {
  const auto found = context_.parameters.find(syntax.text);
  if (found == context_.parameters.end()) {
    std::vector<std::string> names;
    for (const auto& [name, value] : context_.parameters) names.push_back(name);
    return fault("E107", syntax.span, fmt::format("no parameter `{}`", syntax.text),
                 names.empty() ? fmt::format("declare it: `param {}: i64;`", syntax.text)
                               : did_you_mean(syntax.text, names),
                 names);
  }
  Typed bound;
  bound.expression = literal_of(found->second);
  return bound;
}

const ExpressionSyntax* ExpressionBinder::argument_of(const MetricFrame* frame,
                                                      const std::string& name) {
  if (frame == nullptr) return nullptr;
  for (std::size_t i = 0; i < frame->metric->parameters.size(); ++i) {
    if (frame->metric->parameters[i].text == name) return &(*frame->arguments)[i];
  }
  return nullptr;
}

const MetricEntry* ExpressionBinder::find_metric(const std::string& name,
                                                 const MetricFrame* frame) const {
  const auto found = context_.metrics.find(name);
  if (found == context_.metrics.end()) return nullptr;
  if (frame != nullptr && found->second.position >= frame->position) return nullptr;
  return &found->second;
}

std::optional<Typed> ExpressionBinder::bind_metric(const ExpressionSyntax& syntax,
                                                   const std::string& name,
                                                   const std::vector<ExpressionSyntax>& arguments) {
  const MetricEntry* found = find_metric(name, frame_);
  if (found == nullptr) return std::nullopt;
  const MetricSyntax& metric = *found->syntax;
  if (aggregates_ == nullptr) {
    return fault("E301", syntax.span, fmt::format("the metric `{}` is an aggregate", name),
                 "use it in `summarize`");
  }
  if (arguments.size() != metric.parameters.size()) {
    return fault("E205", syntax.span,
                 fmt::format("the metric `{}` takes {} arguments, here are {}", name,
                             metric.parameters.size(), arguments.size()));
  }
  constexpr int kDeepestMetric = 30;
  const int depth = frame_ == nullptr ? 1 : frame_->depth + 1;
  if (depth > kDeepestMetric) {
    return fault("E003", syntax.span,
                 fmt::format("metrics inside metrics are deeper than {} levels", kDeepestMetric));
  }
  const MetricFrame frame{&metric, found->position, depth, &arguments, frame_};
  frame_ = &frame;
  Typed bound = bind(metric.body);
  frame_ = frame.outer;
  return bound;
}

std::optional<Typed> ExpressionBinder::follow(Typed code, const RelationSchema& relation,
                                              const std::vector<NameSyntax>& path, std::size_t next,
                                              Span span) {
  const TableSchema* table = context_.schema().find_table(relation.table);
  if (table == nullptr) return std::nullopt;
  const NameSyntax& name = path[next];
  if (next + 1 < path.size()) {
    const RelationSchema* onward = table->find_relation(name.text);
    if (onward == nullptr) {
      std::vector<std::string> names;
      for (const RelationSchema& other : table->relations) names.push_back(other.name);
      return fault("E103", name.span,
                   fmt::format("no relation `{}` in `{}`", name.text, table->name),
                   did_you_mean(name.text, names), names);
    }
    const int position = table->find_column(onward->column);
    const Type type =
        type_of(table->columns[static_cast<std::size_t>(position)], context_.snapshot.manifest());
    code.expression = lookup(std::move(code.expression), table->name, onward->column, type);
    return follow(std::move(code), *onward, path, next + 1, span);
  }
  const int position = table->find_column(name.text);
  if (position < 0) {
    std::vector<std::string> names;
    for (const ColumnSchema& other : table->columns) names.push_back(other.name);
    return fault("E104", name.span, fmt::format("no column `{}` in `{}`", name.text, table->name),
                 did_you_mean(name.text, names), names);
  }
  const ColumnSchema& reached = table->columns[static_cast<std::size_t>(position)];
  code.expression = lookup(std::move(code.expression), table->name, reached.name,
                           type_of(reached, context_.snapshot.manifest()));
  code.origin = reached.is_coded() ? ColumnOrigin{table->name, reached.name} : ColumnOrigin{};
  return code;
}

Typed ExpressionBinder::bind_path(const ExpressionSyntax& syntax) {
  const std::vector<NameSyntax>& path = syntax.path;
  const std::string& head = path[0].text;
  if (path.size() == 1) {
    if (const ExpressionSyntax* argument = argument_of(frame_, head)) {
      const MetricFrame* inner = frame_;
      frame_ = inner->outer;
      Typed bound = bind(*argument);
      frame_ = inner;
      return bound;
    }
    const int position = input_.find(head);
    if (position >= 0) return column(position);
    if (!path[0].quoted) {
      if (auto metric = bind_metric(syntax, head, {})) return std::move(*metric);
    }
    return unknown_name(syntax);
  }
  if (path.size() == 2) {
    const int position = input_.find_qualified(head, path[1].text);
    if (position >= 0) return column(position);
  }
  // `r.artist.artist_name`: the relation of a qualified column.
  if (path.size() > 2) {
    for (std::size_t i = 0; i < input_.columns.size(); ++i) {
      const ScopeColumn& candidate = input_.columns[i];
      const RelationSchema* relation =
          relation_of(candidate.origin, path[1].text, context_.schema());
      if (relation == nullptr) continue;
      for (const ScopeColumn::Qualified& also : candidate.qualified) {
        if (also.qualifier != head) continue;
        if (auto found = follow(column(static_cast<int>(i)), *relation, path, 2, syntax.span)) {
          return std::move(*found);
        }
      }
    }
  }
  // Visible key columns first: a hidden one is a join's other side.
  for (const bool hidden : {false, true}) {
    for (std::size_t i = 0; i < input_.columns.size(); ++i) {
      if (input_.columns[i].hidden != hidden) continue;
      const RelationSchema* relation =
          relation_of(input_.columns[i].origin, head, context_.schema());
      if (relation == nullptr) continue;
      if (auto found = follow(column(static_cast<int>(i)), *relation, path, 1, syntax.span)) {
        return std::move(*found);
      }
    }
  }
  return unknown_name(syntax);
}

}  // namespace stave
