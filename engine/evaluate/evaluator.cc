// Prepared expressions: see engine/evaluator.h.
#include "engine/evaluator.h"

#include "engine/evaluate/compiler.h"
#include "engine/spill/spilled_rows.h"

namespace stave {

struct Evaluator::State {
  std::vector<NodePointer> roots;
  std::vector<ColumnShape> shapes;
  std::vector<bool> needs;
  std::size_t nodes = 0;
};

struct Evaluator::Scratch::State {
  BufferRecycler buffers;
};

Evaluator::Scratch::Scratch() : state_(std::make_unique<State>()) {}
Evaluator::Scratch::~Scratch() = default;
Evaluator::Scratch::Scratch(Scratch&&) noexcept = default;
Evaluator::Scratch& Evaluator::Scratch::operator=(Scratch&&) noexcept = default;

Evaluator::Evaluator() : state_(std::make_unique<State>()) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

Result<Evaluator> Evaluator::prepare(const std::vector<Expression>& expressions,
                                     const std::vector<ColumnShape>& input, std::uint64_t rows,
                                     ExecutionContext& context) {
  Evaluator evaluator;
  State& state = *evaluator.state_;
  state.needs.assign(input.size(), false);
  Compiler compiler(input, rows, context);
  for (const Expression& expression : expressions) {
    Result<NodePointer> node = compiler.compile(expression);
    if (!node) return pass(node);
    state.shapes.push_back((*node)->shape());
    state.roots.push_back(std::move(*node));
    mark_columns(expression, state.needs);
  }
  state.nodes = compiler.nodes();
  return evaluator;
}

const std::vector<ColumnShape>& Evaluator::shapes() const {
  return state_->shapes;
}
const std::vector<bool>& Evaluator::needs() const {
  return state_->needs;
}

Result<void> Evaluator::evaluate(const Batch& input, Scratch& scratch,
                                 std::vector<Vector>& out) const {
  out.clear();
  Frame frame(input, state_->nodes, scratch.state_->buffers);
  for (const NodePointer& root : state_->roots) {
    Result<Vector> value = root->evaluate(frame);
    if (!value) return pass(value);
    out.push_back(std::move(*value));
  }
  return {};
}

Result<void> Evaluator::select(const Batch& input, Scratch& scratch, std::uint64_t* bits) const {
  Frame frame(input, state_->nodes, scratch.state_->buffers);
  return state_->roots[0]->truth(frame, bits);
}

Representation representation_of(Type type) {
  switch (type.kind) {
    case TypeKind::kBool:
      return Representation::kBool;
    case TypeKind::kDecimal:
      return type.precision <= 18 ? Representation::kInt64 : Representation::kInt128;
    case TypeKind::kFloat64:
      return Representation::kFloat64;
    case TypeKind::kString:
    case TypeKind::kList:
      return Representation::kString;
    default:
      return Representation::kInt64;
  }
}

std::size_t width_of(Representation representation) {
  switch (representation) {
    case Representation::kCode:
      return sizeof(std::uint32_t);
    case Representation::kInt128:
      return sizeof(Int128);
    case Representation::kString:
      return sizeof(std::string_view);
    case Representation::kBool:
      return sizeof(std::uint8_t);
    default:
      return sizeof(std::int64_t);
  }
}

std::vector<ColumnShape> shapes_of(const Relation& relation) {
  if (relation.spilled) return relation.spilled->shapes();
  std::vector<ColumnShape> shapes;
  for (std::size_t i = 0; i < relation.fields.size(); ++i) {
    ColumnShape shape;
    shape.type = relation.fields[i].type;
    shape.representation = representation_of(shape.type);
    if (!relation.batches.empty()) {
      const Vector& first = relation.batches[0].columns[i];
      shape.representation = first.representation;
      shape.dictionary = first.dictionary;
      if (shape.representation != Representation::kCode) {
        shape.may_be_null = false;
        for (const Batch& batch : relation.batches) {
          shape.may_be_null |= batch.columns[i].validity != nullptr;
        }
      }
    }
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

}  // namespace stave
