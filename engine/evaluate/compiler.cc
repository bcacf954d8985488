// From expressions to nodes: see compiler.h.
#include "engine/evaluate/compiler.h"

#include <algorithm>

#include "engine/evaluate/leaf.h"
#include "engine/make_expression.h"
#include "engine/runtime/vector_value.h"

namespace stave {

namespace {

bool is_literal(const NodePointer& node) {
  return node->literal() != nullptr;
}

// Null wherever an argument is.
bool is_strict(Function function) {
  switch (function) {
    case Function::kIs:
    case Function::kIsNot:
    case Function::kIsNull:
    case Function::kIsNotNull:
    case Function::kIn:
    case Function::kBetween:
    case Function::kAnd:
    case Function::kOr:
    case Function::kCase:
    case Function::kCoalesce:
      return false;
    default:
      return true;
  }
}

// Codes of another dictionary, or values, as codes of a table's key domain.
class EncodeNode final : public Node {
 public:
  EncodeNode(NodePointer values, std::shared_ptr<const Dictionary> dictionary, Type type)
      : Node({type, Representation::kCode, std::move(dictionary), true, std::nullopt, nullptr}),
        values_(std::move(values)) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    Result<Vector> values = values_->evaluate(frame);
    if (!values) return values;
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* codes = buffer->room<std::uint32_t>(frame.rows());
    const Dictionary& dictionary = *shape().dictionary;
    for (std::uint32_t row = 0; row < frame.rows(); ++row) {
      codes[row] = kNullCode;
      if (is_null_at(*values, row)) continue;
      if (values->representation == Representation::kInt64 &&
          dictionary.kind() == DictionaryKind::kInt64) {
        codes[row] = dictionary.find_int64(values->values<std::int64_t>()[row]);
      } else if (values->representation == Representation::kString &&
                 dictionary.kind() == DictionaryKind::kString) {
        codes[row] = dictionary.find_string(values->values<std::string_view>()[row]);
      }
    }
    return vector_of(shape(), frame.rows(), codes, nullptr, std::move(buffer));
  }

 private:
  NodePointer values_;
};

}  // namespace

bool takes_codes(Function function) {
  switch (function) {
    case Function::kEqual:
    case Function::kNotEqual:
    case Function::kIs:
    case Function::kIsNot:
    case Function::kIsNull:
    case Function::kIsNotNull:
    case Function::kIn:
    case Function::kCase:
    case Function::kCoalesce:
      return true;
    default:
      return false;
  }
}

ColumnShape plain_shape(Type type, bool may_be_null) {
  ColumnShape shape;
  shape.type = type;
  shape.representation = representation_of(type);
  shape.may_be_null = may_be_null;
  return shape;
}

bool any_may_be_null(const NodeList& nodes) {
  return std::any_of(nodes.begin(), nodes.end(),
                     [](const NodePointer& node) { return node->shape().may_be_null; });
}

Result<NodePointer> decoded(const NodePointer& node, std::uint64_t rows,
                            ExecutionContext& context) {
  if (node->representation() != Representation::kCode) return node;
  std::shared_ptr<const std::int64_t[]> integers;
  const std::shared_ptr<const Dictionary>& dictionary = node->shape().dictionary;
  if (dictionary->kind() == DictionaryKind::kInt64 && dictionary->size() <= rows) {
    auto made = context.integers_of(dictionary);
    if (!made) return pass(made);
    integers = *made;
  }
  return std::make_shared<DecodeNode>(node, std::move(integers));
}

void mark_columns(const Expression& expression, std::vector<bool>& needs) {
  if (expression.kind == ExpressionKind::kColumn) {
    needs[static_cast<std::size_t>(expression.column)] = true;
  }
  for (const Expression& argument : expression.arguments) mark_columns(argument, needs);
}

Result<NodePointer> Compiler::compile(const Expression& expression) {
  for (const auto& [known, node] : known_) {
    if (known == expression) return node;
  }
  Result<NodePointer> node = build(expression);
  if (!node) return node;
  if ((*node)->number() == Node::kUnnumbered) (*node)->set_number(nodes_++);
  known_.emplace_back(expression, *node);
  return node;
}

Result<NodePointer> Compiler::build(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kColumn:
      return std::make_shared<ColumnNode>(expression.column,
                                          input_[static_cast<std::size_t>(expression.column)]);
    case ExpressionKind::kLiteral:
      return std::make_shared<LiteralNode>(expression.literal, expression.type);
    default: {
      Result<NodePointer> table = build_table(expression);
      if (!table || *table) return table;
      if (expression.kind == ExpressionKind::kMatch) return build_match(expression);
      return expression.kind == ExpressionKind::kLookup ? build_lookup(expression)
                                                        : build_call(expression);
    }
  }
}

Result<NodePointer> Compiler::build_lookup(const Expression& expression) {
  Result<NodePointer> codes = compile(expression.arguments[0]);
  if (!codes) return codes;
  if (is_null_literal(*codes)) return std::make_shared<LiteralNode>(Value{}, expression.type);
  auto table = context_.lookup(expression.table, expression.table_column, LookupWidth::kNarrow);
  if (!table) return pass(table);
  std::shared_ptr<const Dictionary> keys = (*table)->keys;
  if ((*codes)->representation() != Representation::kCode || (*codes)->shape().dictionary != keys) {
    Result<NodePointer> values = decoded(*codes, rows_, context_);
    if (!values) return values;
    codes = std::make_shared<EncodeNode>(*values, keys, expression.arguments[0].type);
  }
  ColumnShape shape = plain_shape(expression.type);
  shape.representation = (*table)->values.representation;
  shape.dictionary = (*table)->values.dictionary;
  shape.range = (*table)->range;
  return std::make_shared<TableNode>(*codes, *table, shape);
}

Result<NodePointer> Compiler::build_match(const Expression& expression) {
  NodeList arguments;
  std::vector<ColumnShape> shapes;
  for (const Expression& argument : expression.arguments) {
    Result<NodePointer> node = compile(argument);
    if (!node) return node;
    shapes.push_back((*node)->shape());
    arguments.push_back(std::move(*node));
  }
  auto test = context_.row_test(expression.table_column);
  if (!test) return pass(test);
  auto ready = (*test)->prepare(shapes, rows_, context_);
  if (!ready) return pass(std::move(ready));
  return std::make_shared<MatchNode>(std::move(arguments), std::move(*ready));
}

Result<NodePointer> Compiler::build_call(const Expression& call) {
  if (call.function == Function::kIn &&
      std::any_of(call.arguments.begin() + 1, call.arguments.end(),
                  [](const Expression& item) { return item.kind != ExpressionKind::kLiteral; })) {
    // A list that is not all literals is the same as equal to one or another.
    Expression any = call_expression(Function::kOr, kBoolType, {});
    for (std::size_t i = 1; i < call.arguments.size(); ++i) {
      any.arguments.push_back(
          call_expression(Function::kEqual, kBoolType, {call.arguments[0], call.arguments[i]}));
    }
    if (any.arguments.size() == 1) return compile(any.arguments[0]);
    return compile(any);
  }
  NodeList arguments;
  for (const Expression& argument : call.arguments) {
    Result<NodePointer> node = compile(argument);
    if (!node) return node;
    arguments.push_back(*node);
  }
  const bool keeps_codes = takes_codes(call.function) || (call.function == Function::kCast &&
                                                          call.arguments[0].type == call.type);
  if (!keeps_codes) {
    Result<NodePointer> table = build_tuple_table(call, arguments);
    if (!table || *table) return table;
    for (NodePointer& argument : arguments) {
      Result<NodePointer> values = decoded(argument, rows_, context_);
      if (!values) return values;
      argument = *std::move(values);
    }
  }
  const bool is_membership = call.function == Function::kIn || call.function == Function::kBetween;
  if ((is_strict(call.function) &&
       std::any_of(arguments.begin(), arguments.end(), is_null_literal)) ||
      (is_membership && is_null_literal(arguments[0]))) {
    return std::make_shared<LiteralNode>(Value{}, call.type);
  }
  Result<NodePointer> node = build_function(call, arguments);
  if (!node) return node;
  return folded(*node, arguments);
}

Result<NodePointer> Compiler::folded(const NodePointer& node, const NodeList& arguments) {
  if (is_literal(node) || !std::all_of(arguments.begin(), arguments.end(), is_literal)) {
    return node;
  }
  Batch one;
  one.rows = 1;
  one.columns.resize(input_.size());
  BufferRecycler buffers;
  Frame frame(one, nodes_ + 1, buffers);
  Result<Vector> value = node->evaluate(frame);
  if (!value) return node;  // a fault only if a row gets here
  return std::make_shared<LiteralNode>(value_at(*value, 0), node->type());
}

Result<NodePointer> Compiler::build_function(const Expression& call, NodeList arguments) {
  switch (call.function) {
    case Function::kNegate:
    case Function::kAdd:
    case Function::kSubtract:
    case Function::kMultiply:
    case Function::kDivide:
    case Function::kIntegerDivide:
    case Function::kRemainder:
    case Function::kAbs:
      return make_arithmetic(call, arguments);
    case Function::kEqual:
    case Function::kNotEqual:
    case Function::kLess:
    case Function::kLessEqual:
    case Function::kGreater:
    case Function::kGreaterEqual:
    case Function::kIs:
    case Function::kIsNot:
      return make_comparison(call, arguments, rows_, context_);
    case Function::kIn:
      return make_in(call, arguments, rows_, context_);
    case Function::kBetween:
      return make_between(call, arguments);
    case Function::kIsNull:
    case Function::kIsNotNull:
    case Function::kAnd:
    case Function::kOr:
    case Function::kNot:
      return make_logic(call, arguments);
    case Function::kCase:
    case Function::kCoalesce:
      return make_choice(call, std::move(arguments), rows_, context_);
    case Function::kCast:
      return make_cast(call, arguments[0], context_);
    case Function::kRound:
    case Function::kDiv:
    case Function::kSqrt:
    case Function::kLn:
      return make_number_function(call, arguments);
    case Function::kAddMonths:
    case Function::kBucketTime:
    case Function::kBucketDate:
    case Function::kDate:
    case Function::kHour:
    case Function::kDow:
    case Function::kYear:
    case Function::kMonth:
      return make_time_function(call, arguments, context_);
    default:
      return make_text_function(call, arguments);
  }
}

}  // namespace stave
