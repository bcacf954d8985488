// Makers of the nodes of each family of functions.
// Invariant: arguments arrive decoded (no codes), but for comparisons, null tests, `in`, coalesce
// and case; strict functions with a null literal were folded before.
#pragma once

#include <vector>

#include "engine/context.h"
#include "engine/evaluate/node.h"
#include "engine/expression.h"

namespace stave {

using NodeList = std::vector<NodePointer>;

// Functions that work on codes as they are.
bool takes_codes(Function function);
// The shape of a result that is not coded.
ColumnShape plain_shape(Type type, bool may_be_null = true);
bool any_may_be_null(const NodeList& nodes);
inline bool is_null_literal(const NodePointer& node) {
  return node->literal() != nullptr && node->literal()->is_null();
}
// The node as 128-bit integers, decimals and i64 alike; literals stay literals.
NodePointer widened(const NodePointer& node);
// Codes to the values behind them; other nodes as they are.
Result<NodePointer> decoded(const NodePointer& node, std::uint64_t rows, ExecutionContext& context);

Result<NodePointer> make_arithmetic(const Expression& call, const NodeList& arguments);
Result<NodePointer> make_comparison(const Expression& call, const NodeList& arguments,
                                    std::uint64_t rows, ExecutionContext& context);
Result<NodePointer> make_in(const Expression& call, const NodeList& arguments, std::uint64_t rows,
                            ExecutionContext& context);
Result<NodePointer> make_between(const Expression& call, const NodeList& arguments);
Result<NodePointer> make_logic(const Expression& call, const NodeList& arguments);
Result<NodePointer> make_choice(const Expression& call, NodeList arguments, std::uint64_t rows,
                                ExecutionContext& context);
Result<NodePointer> make_cast(const Expression& call, const NodePointer& argument,
                              ExecutionContext& context);
Result<NodePointer> make_number_function(const Expression& call, const NodeList& arguments);
Result<NodePointer> make_time_function(const Expression& call, const NodeList& arguments,
                                       ExecutionContext& context);
Result<NodePointer> make_text_function(const Expression& call, const NodeList& arguments);

// For faults: a value as the language writes it.
std::string text_of(std::int64_t value, Type type);
std::string text_of(Int128 value, Type type);
std::string text_of(double value, Type type);

}  // namespace stave
