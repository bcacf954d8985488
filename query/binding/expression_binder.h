// Gives expressions meaning: names become columns and look-ups, every node its type, operands
// agree by inserted casts.
// Invariant: `bind` never fails outright: a fault is reported once and the result is poisoned, and
// what is made of poisoned parts is poisoned without another report.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "query/binding/context.h"
#include "query/binding/functions.h"

namespace stave {

struct DurationValue {
  std::int64_t months = 0;
  std::int64_t microseconds = 0;
};

struct Typed {
  Expression expression;
  ColumnOrigin origin = {};
  std::optional<DurationValue> duration = {};
  bool poisoned = false;
  Span span = {};

  const Type& type() const { return expression.type; }
};

// Where an expression may hold aggregates: its plain parts are by-keys, and results are positions
// behind the keys.
struct AggregateScope {
  std::vector<NamedExpression> keys;  // over the input
  std::vector<AggregateCall> calls;
};

class ExpressionBinder {
 public:
  ExpressionBinder(BindContext& context, const BoundRelation& input)
      : context_(context), input_(input) {}

  // Window calls become columns behind the input's and are appended to `calls`.
  void allow_windows(std::vector<WindowCall>* calls) { windows_ = calls; }
  void allow_aggregates(AggregateScope* scope) { aggregates_ = scope; }

  Typed bind(const ExpressionSyntax& syntax);
  // A condition; `true` after a fault.
  Expression condition(const ExpressionSyntax& syntax, const char* stage);
  // A value that is known without any row, of that type where one is given.
  std::optional<Value> constant(const ExpressionSyntax& syntax, std::optional<Type> type);
  Typed column(int position) const;

 private:
  // A metric's parameters while its body is bound.
  struct MetricFrame {
    const MetricSyntax* metric;
    std::size_t position;
    int depth;
    const std::vector<ExpressionSyntax>* arguments;
    const MetricFrame* outer;
  };

  Typed bind_node(const ExpressionSyntax& syntax);
  bool contains_aggregate(const ExpressionSyntax& syntax, const MetricFrame* frame) const;
  const MetricEntry* find_metric(const std::string& name, const MetricFrame* frame) const;
  static const ExpressionSyntax* argument_of(const MetricFrame* frame, const std::string& name);
  Typed bind_over_keys(const ExpressionSyntax& syntax);
  bool rewrite_over_keys(Expression& expression) const;

  // Literals and names (bind_name.cc).
  Typed bind_literal(const ExpressionSyntax& syntax);
  Typed bind_duration(const ExpressionSyntax& syntax);
  Typed bind_parameter(const ExpressionSyntax& syntax);
  Typed bind_path(const ExpressionSyntax& syntax);
  std::optional<Typed> follow(Typed code, const RelationSchema& relation,
                              const std::vector<NameSyntax>& path, std::size_t next, Span span);
  Typed unknown_name(const ExpressionSyntax& syntax);
  std::optional<Typed> bind_metric(const ExpressionSyntax& syntax, const std::string& name,
                                   const std::vector<ExpressionSyntax>& arguments);

  // Operators (bind_operator.cc, bind_arithmetic.cc).
  Typed bind_logical(const ExpressionSyntax& syntax);
  Typed bind_comparison(const ExpressionSyntax& syntax);
  Typed bind_membership(const ExpressionSyntax& syntax);
  Typed bind_like(const ExpressionSyntax& syntax);
  Typed bind_case(const ExpressionSyntax& syntax);
  Typed bind_cast(const ExpressionSyntax& syntax);
  Typed bind_negate(const ExpressionSyntax& syntax);
  Typed bind_arithmetic(const ExpressionSyntax& syntax);
  Typed shift_time(Typed time, const DurationValue& by, bool back, Span span);
  Typed arithmetic_of_dates(Typed left, Typed right, const std::string& symbol, Span span);
  Typed arithmetic_of_decimals(Typed left, Typed right, const std::string& symbol, Span span);

  // Calls (bind_call.cc, bind_scalar.cc, bind_time.cc, bind_aggregate.cc, bind_window.cc).
  Typed bind_call(const ExpressionSyntax& syntax);
  Typed bind_scalar(const ExpressionSyntax& syntax, const FunctionEntry& entry);
  Typed bind_round(const ExpressionSyntax& syntax, std::vector<Typed> arguments);
  Typed bind_div(const ExpressionSyntax& syntax, std::vector<Typed> arguments);
  Typed bind_float_function(const ExpressionSyntax& syntax, Function function, Typed argument);
  Typed bind_text_function(const ExpressionSyntax& syntax, ScalarName name,
                           std::vector<Typed> arguments);
  Typed bind_bucket(const ExpressionSyntax& syntax);
  Typed bind_time_part(const ExpressionSyntax& syntax, ScalarName name, Typed argument);
  Typed bind_add_days(const ExpressionSyntax& syntax, std::vector<Typed> arguments);
  Typed bind_add_months(const ExpressionSyntax& syntax, std::vector<Typed> arguments);
  std::optional<AggregateCall> make_aggregate(const ExpressionSyntax& syntax,
                                              const FunctionEntry& entry);
  Typed bind_aggregate(const ExpressionSyntax& syntax, const FunctionEntry& entry);
  Typed bind_window(const ExpressionSyntax& syntax, const FunctionEntry& entry);
  std::vector<Typed> bind_all(const std::vector<ExpressionSyntax>& list, bool& poisoned);
  std::optional<std::string> rounding_mode(const ExpressionSyntax& syntax);

  // Types (typing.cc).
  std::optional<Type> common_type(const Typed& a, const Typed& b, Span span, const char* what);
  Typed coerce(Typed value, Type type) const;

  Typed poison(Span span) const;
  Typed fault(const char* code, Span span, std::string message, std::string hint = "",
              std::vector<std::string> available = {}, std::vector<std::string> notes = {});
  Typed made(Function function, Type type, std::vector<Expression> arguments, Span span) const;

  BindContext& context_;
  const BoundRelation& input_;
  std::vector<WindowCall>* windows_ = nullptr;
  AggregateScope* aggregates_ = nullptr;
  const MetricFrame* frame_ = nullptr;
};

// `sort` keys that make an order total: the visible columns not in it yet, ascending; fewer where
// the keys identify a row already.
void append_tie_breakers(const BoundRelation& input, const std::vector<Expression>& per,
                         std::vector<SortKey>& keys);

}  // namespace stave
