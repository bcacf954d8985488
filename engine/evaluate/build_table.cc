// Tables instead of calls, over the values of a dictionary or the tuples of codes: see compiler.h.
#include <algorithm>
#include <numeric>

#include "engine/evaluate/code_tuple.h"
#include "engine/evaluate/compiler.h"
#include "engine/evaluate/derived_dictionary.h"
#include "engine/evaluate/leaf.h"
#include "engine/kernels/reduce.h"
#include "engine/make_expression.h"

namespace stave {

namespace {

bool is_plain_code_test(const Expression& call) {
  return call.kind == ExpressionKind::kCall && takes_codes(call.function) &&
         call.function != Function::kCase && call.function != Function::kCoalesce &&
         std::all_of(call.arguments.begin(), call.arguments.end(), [](const Expression& argument) {
           return argument.kind == ExpressionKind::kColumn ||
                  argument.kind == ExpressionKind::kLiteral;
         });
}

// Costs more for an integer than its place in a table does.
bool is_costly(const Expression& call) {
  switch (call.function) {
    case Function::kRound:
    case Function::kDiv:
    case Function::kSqrt:
    case Function::kLn:
      return true;
    case Function::kCast:
      return call.type.kind == TypeKind::kString;
    default:
      return false;
  }
}

// What `values` holds at each row's code; strings become codes of their own.
NodePointer make_table(NodePointer codes, const Vector& values, ColumnShape shape) {
  auto table = std::make_shared<LookupArray>();
  table->values = values;
  if (shape.representation == Representation::kString && shape.type.kind == TypeKind::kString) {
    table->values = DerivedDictionary::encode(values);
    shape.representation = Representation::kCode;
    shape.dictionary = table->values.dictionary;
  }
  if (shape.representation == Representation::kInt64 && !shape.range) {
    const auto range =
        kernels::range_of(values.values<std::int64_t>(), values.validity, values.size);
    if (range.min <= range.max) shape.range = std::pair(range.min, range.max);
  }
  return std::make_shared<TableNode>(std::move(codes), std::move(table), std::move(shape));
}

// Tables of tuples stay in the nearer caches, and are made in the time that a few rows take.
constexpr std::uint64_t kMostTuples = std::uint64_t{1} << 16;
constexpr std::uint64_t kRowsForTuple = 16;
// Nor where their texts take much memory, as some of them tell.
constexpr std::uint32_t kSampledTuples = 512;
constexpr std::uint64_t kMostTableText = std::uint64_t{4} << 20;

std::uint64_t text_bytes(const Vector& values) {
  std::uint64_t bytes = 0;
  if (values.representation != Representation::kString) return bytes;
  for (std::uint32_t row = 0; row < values.size; ++row) {
    bytes += values.values<std::string_view>()[row].size();
  }
  return bytes;
}

}  // namespace

Result<NodePointer> Compiler::build_table(const Expression& expression) {
  if (rows_ == 0 || is_plain_code_test(expression)) return NodePointer();
  std::vector<bool> needs(input_.size(), false);
  mark_columns(expression, needs);
  if (std::count(needs.begin(), needs.end(), true) != 1) return NodePointer();
  const auto column =
      static_cast<std::size_t>(std::find(needs.begin(), needs.end(), true) - needs.begin());
  const ColumnShape& codes = input_[column];
  if (codes.representation != Representation::kCode || codes.dictionary->size() >= rows_) {
    return NodePointer();
  }
  // A look-up by the column itself is such a table already.
  if (expression.kind == ExpressionKind::kLookup &&
      expression.arguments[0].kind == ExpressionKind::kColumn) {
    return NodePointer();
  }

  const std::uint32_t slots = codes.dictionary->size() + 1;
  Compiler inner(input_, 0, context_);
  Result<NodePointer> node = inner.compile(expression);
  if (!node) return node;
  // A node of its own: the number that it has is of the inner compiler.
  if (const Value* literal = (*node)->literal()) {
    return std::make_shared<LiteralNode>(*literal, (*node)->type());
  }
  auto buffer = std::make_shared<VectorBuffer>();
  auto* every_code = buffer->room<std::uint32_t>(slots);
  std::iota(every_code, every_code + slots, std::uint32_t{0});
  Batch dictionary;
  dictionary.rows = slots;
  dictionary.columns.resize(input_.size());
  dictionary.columns[column] = vector_of(codes, slots, every_code, nullptr, std::move(buffer));
  BufferRecycler buffers;
  Frame frame(dictionary, inner.nodes(), buffers);
  Result<Vector> values = (*node)->evaluate(frame);
  if (!values) return NodePointer();  // the fault may be of a value that no row has

  Result<NodePointer> base = compile(column_expression(column, codes.type));
  if (!base) return base;
  return make_table(*base, *values, (*node)->shape());
}

Result<NodePointer> Compiler::build_tuple_table(const Expression& call, const NodeList& arguments) {
  NodeList coded;
  std::vector<ColumnShape> shapes;
  Expression of_tuples = call;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    Expression& argument = of_tuples.arguments[i];
    if (const Value* literal = arguments[i]->literal()) {
      argument = Expression();
      argument.kind = ExpressionKind::kLiteral;
      argument.type = call.arguments[i].type;
      argument.literal = *literal;
      continue;
    }
    if (arguments[i]->representation() != Representation::kCode && !is_costly(call)) {
      return NodePointer();
    }
    argument = column_expression(coded.size(), call.arguments[i].type);
    coded.push_back(arguments[i]);
    shapes.push_back(arguments[i]->shape());
  }
  const std::uint64_t most = std::min(kMostTuples, rows_ / kRowsForTuple);
  const auto count = coded.empty() ? std::nullopt : CodeTupleNode::count(coded, most);
  if (!count) return NodePointer();
  const auto tuples = std::make_shared<CodeTupleNode>(std::move(coded));
  Compiler inner(shapes, 0, context_);
  Result<NodePointer> node = inner.compile(of_tuples);
  if (!node) return node;
  if ((*node)->literal() != nullptr) return NodePointer();
  const auto values_of = [&](std::uint32_t step) {
    Batch some;
    some.columns = tuples->tuples(step);
    some.rows = some.columns[0].size;
    BufferRecycler buffers;
    Frame frame(some, inner.nodes(), buffers);
    return (*node)->evaluate(frame);
  };
  // A fault may be of a tuple that no row has.
  const Result<Vector> sampled = values_of(*count / kSampledTuples + 1);
  if (!sampled || text_bytes(*sampled) / sampled->size * *count > kMostTableText) {
    return NodePointer();
  }
  Result<Vector> values = values_of(1);
  if (!values) return NodePointer();
  tuples->set_number(nodes_++);
  return make_table(tuples, *values, (*node)->shape());
}

}  // namespace stave
