// Codes of several columns as one number: see code_tuple.h.
#include "engine/evaluate/code_tuple.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

namespace stave {
namespace {

// Code 0 is null. Nothing for a node without codes and range.
std::optional<std::uint64_t> slots_of(const ColumnShape& shape) {
  if (shape.representation == Representation::kCode) {
    return std::uint64_t{shape.dictionary->size()} + 1;
  }
  if (shape.representation != Representation::kInt64 || !shape.range) return std::nullopt;
  const auto [least, most] = *shape.range;
  const std::uint64_t reach = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
  constexpr std::uint64_t kWidest = std::uint64_t{1} << 32;
  const bool has_code_before = least > std::numeric_limits<std::int64_t>::min();
  if (least > most || reach > kWidest || !has_code_before) return std::nullopt;
  return reach + 2;
}

// Of the caller's, which has counted them.
std::uint32_t known_slots(const NodePointer& node) {
  return static_cast<std::uint32_t>(*slots_of(node->shape()));
}

Vector integers_of_codes(const ColumnShape& shape, std::span<const std::uint32_t> codes) {
  auto buffer = std::make_shared<VectorBuffer>();
  const auto rows = static_cast<std::uint32_t>(codes.size());
  auto* integers = buffer->room<std::int64_t>(rows);
  std::uint64_t* validity = buffer->validity(rows, false);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const bool is_null = codes[row] == 0;
    integers[row] = is_null ? 0 : shape.range->first + (codes[row] - 1);
    if (!is_null) set_bit(validity, row);
  }
  return vector_of(shape, rows, integers, validity, std::move(buffer));
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
    const std::optional<std::uint64_t> slots = slots_of(node->shape());
    if (!slots) return std::nullopt;
    tuples *= *slots;
    if (tuples > most) return std::nullopt;
  }
  return static_cast<std::uint32_t>(tuples);
}

CodeTupleNode::CodeTupleNode(NodeList codes) : Node(tuple_shape(codes)), codes_(std::move(codes)) {}

std::vector<Vector> CodeTupleNode::tuples(std::uint32_t step) const {
  std::uint32_t all = 1;
  for (const NodePointer& node : codes_) all *= known_slots(node);
  const std::uint32_t rows = (all - 1) / step + 1;
  std::vector<Vector> columns;
  std::uint32_t repeats = all;
  for (const NodePointer& node : codes_) {
    const std::uint32_t slots = known_slots(node);
    repeats /= slots;
    auto buffer = std::make_shared<VectorBuffer>();
    auto* codes = buffer->room<std::uint32_t>(rows);
    for (std::uint32_t row = 0; row < rows; ++row) codes[row] = row * step / repeats % slots;
    const bool is_coded = node->representation() == Representation::kCode;
    columns.push_back(is_coded ? vector_of(node->shape(), rows, codes, nullptr, std::move(buffer))
                               : integers_of_codes(node->shape(), std::span(codes, rows)));
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
    const std::uint32_t slots = known_slots(node);
    if (node->representation() == Representation::kCode) {
      const auto* codes = values->values<std::uint32_t>();
      for (std::uint32_t row = 0; row < rows; ++row) tuples[row] = tuples[row] * slots + codes[row];
      continue;
    }
    const auto* integers = values->values<std::int64_t>();
    const std::int64_t before = node->shape().range->first - 1;
    for (std::uint32_t row = 0; row < rows; ++row) {
      // What stands at a null is any number.
      const bool is_known = is_valid(values->validity, row);
      const auto code = is_known ? static_cast<std::uint32_t>(integers[row] - before) : 0U;
      tuples[row] = tuples[row] * slots + code;
    }
  }
  return vector_of(shape(), rows, tuples, nullptr, std::move(buffer));
}

}  // namespace stave
