// Aggregates and windows are numbered while plans are compared, so that what users call them keeps
// no two from being one. In the end they are called what they compute, for plans shown and
// messages.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <string_view>
#include <utility>

#include "engine/expression_text.h"
#include "query/binding/functions.h"
#include "query/planning/optimize.h"
#include "query/planning/plan_walk.h"

namespace stave {
namespace {

// As the binder numbers calls: `~0`, `~w0`.
bool is_numbered(const std::string& name) {
  if (!name.starts_with('~')) return false;
  const std::size_t digits = name.starts_with("~w") ? 2 : 1;
  return name.size() > digits && name.find_first_not_of("0123456789", digits) == std::string::npos;
}

// Whether the first parenthesis is closed by the last character.
bool is_parenthesized(std::string_view text) {
  if (!text.starts_with('(')) return false;
  int open = 0;
  bool is_quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char character = text[at];
    if (is_quoted && character == '\\') {
      ++at;
    } else if (character == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted && character == '(') {
      ++open;
    } else if (!is_quoted && character == ')' && --open == 0) {
      return at + 1 == text.size();
    }
  }
  return false;
}

std::string call_text(std::string_view function, const std::vector<Expression>& arguments,
                      const std::vector<Field>& fields) {
  std::vector<std::string> texts;
  for (const Expression& argument : arguments) {
    std::string text = expression_text(argument, fields);
    if (is_parenthesized(text)) text = text.substr(1, text.size() - 2);
    texts.push_back(std::move(text));
  }
  return fmt::format("{}({})", function, fmt::join(texts, ", "));
}

class CallNamer {
 public:
  PlanPointer rewrite(const PlanPointer& plan) {
    const auto known = done_.find(plan.get());
    if (known != done_.end()) return known->second;
    std::vector<PlanPointer> inputs = inputs_of(*plan);
    for (PlanPointer& input : inputs) input = rewrite(input);
    Plan named = *with_inputs(*plan, inputs);
    if (!inputs.empty()) name(named, inputs[0]->fields);
    auto made = std::make_shared<const Plan>(std::move(named));
    done_.emplace(plan.get(), made);
    return made;
  }

 private:
  static void name(Plan& plan, const std::vector<Field>& input) {
    if (auto* group = std::get_if<AggregateNode>(&plan.node)) {
      for (std::size_t i = 0; i < group->aggregates.size(); ++i) {
        AggregateCall& call = group->aggregates[i];
        if (is_numbered(call.name)) {
          call.name = call_text(name_of(call.function), call.arguments, input);
        }
        plan.fields[group->keys.size() + i].name = call.name;
      }
    } else if (auto* project = std::get_if<ProjectNode>(&plan.node)) {
      for (std::size_t i = 0; i < project->columns.size(); ++i) {
        NamedExpression& column = project->columns[i];
        if (is_numbered(column.name)) column.name = expression_text(column.expression, input);
        plan.fields[i].name = column.name;
      }
    } else {
      take_names(plan.fields, input);
    }
    if (auto* windows = std::get_if<WindowNode>(&plan.node)) {
      for (std::size_t i = 0; i < windows->calls.size(); ++i) {
        WindowCall& call = windows->calls[i];
        const std::string_view function = call.function == WindowFunction::kAggregate
                                              ? name_of(call.aggregate)
                                              : name_of(call.function);
        if (is_numbered(call.name)) call.name = call_text(function, call.arguments, input);
        plan.fields[input.size() + i].name = call.name;
      }
    }
  }

  // Of nodes whose fields are those of their first input, with others behind them or without.
  static void take_names(std::vector<Field>& fields, const std::vector<Field>& input) {
    for (std::size_t i = 0; i < fields.size() && i < input.size(); ++i) {
      if (is_numbered(fields[i].name)) fields[i].name = input[i].name;
    }
  }

  std::map<const Plan*, PlanPointer> done_;
};

}  // namespace

Plans name_calls(const Plans& plans) {
  CallNamer namer;
  Plans made;
  for (const PlanPointer& plan : plans) made.push_back(namer.rewrite(plan));
  return made;
}

}  // namespace stave
