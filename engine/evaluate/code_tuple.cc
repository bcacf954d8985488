// Codes of several columns as one number: see code_tuple.h.
#include "engine/evaluate/code_tuple.h"

#include <algorithm>
#include <utility>

namespace stave {
namespace {

// Code 0 is null.
std::uint32_t slots_of(const NodePointer& node) {
  return node->shape().dictionary->size() + 1;
}

ColumnShape tuple_shape(const NodeList& codes) {
  ColumnShape shape;
  shape.type = kInt64Type;
  shape.representation = Representation::kCode;
  shape.may_be_null = any_may_be_null(codes);
  return shape;
}

}  // namespace

std::optional<std::uint32_t> CodeTupleNode::count(const NodeList& codes, std::uint64_t most) {
  std::uint64_t tuples = 1;
  for (const NodePointer& node : codes) {
    if (node->representation() != Representation::kCode) return std::nullopt;
    tuples *= std::uint64_t{node->shape().dictionary->size()} + 1;
    if (tuples > most) return std::nullopt;
  }
  return static_cast<std::uint32_t>(tuples);
}

CodeTupleNode::CodeTupleNode(NodeList codes) : Node(tuple_shape(codes)), codes_(std::move(codes)) {}

std::vector<Vector> CodeTupleNode::tuples(std::uint32_t step) const {
  std::uint32_t all = 1;
  for (const NodePointer& node : codes_) all *= slots_of(node);
  const std::uint32_t rows = (all - 1) / step + 1;
  std::vector<Vector> columns;
  std::uint32_t repeats = all;
  for (const NodePointer& node : codes_) {
    repeats /= slots_of(node);
    auto buffer = std::make_shared<VectorBuffer>();
    auto* codes = buffer->room<std::uint32_t>(rows);
    for (std::uint32_t row = 0; row < rows; ++row) {
      codes[row] = row * step / repeats % slots_of(node);
    }
    columns.push_back(vector_of(node->shape(), rows, codes, nullptr, std::move(buffer)));
  }
  return columns;
}

Result<Vector> CodeTupleNode::compute(Frame& frame) const {
  const std::uint32_t rows = frame.rows();
  std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
  auto* tuples = buffer->room<std::uint32_t>(rows);
  std::fill_n(tuples, rows, 0U);
  for (const NodePointer& node : codes_) {
    Result<Vector> values = node->evaluate(frame);
    if (!values) return values;
    const auto* codes = values->values<std::uint32_t>();
    const std::uint32_t slots = slots_of(node);
    for (std::uint32_t row = 0; row < rows; ++row) tuples[row] = tuples[row] * slots + codes[row];
  }
  return vector_of(shape(), rows, tuples, nullptr, std::move(buffer));
}

}  // namespace stave
