// Makes plan nodes and expressions, folding constants on the way.
// Invariant: what is made means the same as what was asked for; a call whose arguments are literals
// is a literal unless its evaluation is a fault, which is left for the run to report.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/plan.h"

namespace stave {

class ProgramZone;

Expression column_of(int position, Type type);
Expression literal_of(Value value);
Expression int64_literal(std::int64_t value);
Expression string_literal(std::string value);
Expression bool_literal(bool value);
Expression null_literal(Type type);
Expression lookup(Expression code, std::string table, std::string column, Type type);

bool is_literal(const Expression& expression);
bool is_null_literal(const Expression& expression);
bool is_bool_literal(const Expression& expression, bool value);

// `zone` settles casts between dates and timestamps; without it they are left to the run.
Expression call(Function function, Type type, std::vector<Expression> arguments,
                const ProgramZone* zone = nullptr);
Expression cast_to(Expression expression, Type type, const ProgramZone* zone = nullptr);
// Null parts are left out; flattens nested conjunctions; `true` where there are none.
Expression conjunction(std::vector<Expression> parts);
std::vector<Expression> conjuncts_of(Expression condition);

// A literal cast to another type, or nothing where it does not fit or cannot be told here.
std::optional<Value> cast_value(const Value& value, Type type, const ProgramZone* zone);

template <typename Node>
PlanPointer make_plan(Node node, std::vector<Field> fields) {
  return std::make_shared<const Plan>(Plan{std::move(node), std::move(fields)});
}
PlanPointer filter(PlanPointer input, Expression predicate);
PlanPointer project(PlanPointer input, std::vector<NamedExpression> columns);

}  // namespace stave
