// From expressions to nodes: equal parts become one node, constants are folded, and what depends on
// one coded column alone becomes a table over its dictionary where that is smaller than the input.
// So does a call whose arguments are codes of few tuples, and a costly one of integers of few
// values.
#pragma once

#include <utility>
#include <vector>

#include "engine/context.h"
#include "engine/evaluate/functions.h"
#include "engine/evaluate/node.h"
#include "engine/expression.h"

namespace stave {

class Compiler {
 public:
  // `rows` 0: no tables over dictionaries.
  Compiler(const std::vector<ColumnShape>& input, std::uint64_t rows, ExecutionContext& context)
      : input_(input), rows_(rows), context_(context) {}

  Result<NodePointer> compile(const Expression& expression);
  std::size_t nodes() const { return nodes_; }

 private:
  Result<NodePointer> build(const Expression& expression);
  Result<NodePointer> build_lookup(const Expression& expression);
  Result<NodePointer> build_match(const Expression& expression);
  Result<NodePointer> build_call(const Expression& call);
  Result<NodePointer> build_function(const Expression& call, NodeList arguments);
  // Nothing where a table does not pay or a value of the dictionary is a fault.
  Result<NodePointer> build_table(const Expression& expression);
  // The same of a call whose arguments are codes, by the tuples of their codes.
  Result<NodePointer> build_tuple_table(const Expression& call, const NodeList& arguments);
  Result<NodePointer> folded(const NodePointer& node, const NodeList& arguments);

  const std::vector<ColumnShape>& input_;
  std::uint64_t rows_;
  ExecutionContext& context_;
  std::size_t nodes_ = 0;
  std::vector<std::pair<Expression, NodePointer>> known_;
};

// Marks the input columns that it reads.
void mark_columns(const Expression& expression, std::vector<bool>& needs);

}  // namespace stave
