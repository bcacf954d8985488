// `case` and `coalesce`: each arm is computed only for the rows that take it, so that a fault in an
// arm not taken never stops a query.
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "engine/evaluate/functions.h"
#include "engine/evaluate/unified_codes.h"
#include "engine/kernels/bitmap.h"
#include "storage/codec/test_kernels.h"

namespace stave {

namespace {

struct Arm {
  NodePointer condition;  // null: taken by every row left; `coalesce`: by those with a value
  NodePointer value;
};

class ChoiceNode final : public Node {
 public:
  ChoiceNode(ColumnShape shape, std::vector<Arm> arms, bool is_coalesce)
      : Node(std::move(shape)), arms_(std::move(arms)), is_coalesce_(is_coalesce) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    const std::uint32_t rows = frame.rows();
    std::vector<std::uint64_t> left(words_for(rows));  // rows that took no arm yet
    kernels::fill_bits(left.data(), rows);
    std::uint32_t left_rows = rows;
    std::vector<std::uint64_t> taken(words_for(rows));
    std::shared_ptr<VectorBuffer> buffer;
    void* out = nullptr;
    std::uint64_t* validity = nullptr;

    for (const Arm& arm : arms_) {
      if (left_rows == 0) break;
      std::optional<Frame> child;
      const bool whole = left_rows == rows;
      if (!whole) child.emplace(frame, left.data(), left_rows);
      Frame& among = whole ? frame : *child;

      Vector value;
      std::vector<std::uint64_t> bits(words_for(left_rows) + 1);  // see expand_bits
      kernels::fill_bits(bits.data(), left_rows);
      if (arm.condition) {
        if (Result<void> done = arm.condition->truth(among, bits.data()); !done) return pass(done);
      } else if (is_coalesce_) {
        Result<Vector> computed = arm.value->evaluate(among);
        if (!computed) return computed;
        value = std::move(*computed);
        keep_values(value, left_rows, bits.data());
      }
      const auto count = static_cast<std::uint32_t>(kernels::count_bits(bits.data(), left_rows));
      if (count == 0) continue;
      if (is_coalesce_ && whole && value.data != nullptr && count < rows) {
        // Most rows take the first arm: all of them are copied, and later arms overwrite nulls.
        start(value, rows, frame, buffer, out, validity);
        for (std::size_t word = 0; word < left.size(); ++word) left[word] &= ~bits[word];
        left_rows -= count;
        continue;
      }
      if (value.data == nullptr || count < left_rows) {
        Result<Vector> computed = value_of(arm, among, value, bits.data(), count, left_rows);
        if (!computed) return computed;
        value = std::move(*computed);
      }
      if (count == rows) return value;  // every row takes this arm
      if (out == nullptr) {
        buffer = take_clear(frame.buffers());
        out = buffer->room<std::byte>(rows * width_of(representation()));
        std::memset(out, 0, rows * width_of(representation()));
        if (representation() != Representation::kCode) validity = buffer->validity(rows, true);
      }
      expand_bits(bits.data(), left.data(), words_for(rows), taken.data());
      scatter(value, taken.data(), rows, out, validity);
      if (value.owner) buffer->parents.push_back(value.owner);
      for (std::size_t word = 0; word < left.size(); ++word) left[word] &= ~taken[word];
      left_rows -= count;
    }
    if (out == nullptr) {
      return nulls_of(type(), representation(), shape().dictionary, rows, frame.buffers());
    }
    if (left_rows > 0 && validity != nullptr) {
      for (std::size_t word = 0; word < left.size(); ++word) validity[word] &= ~left[word];
    }
    return vector_of(shape(), rows, out, validity, std::move(buffer));
  }

 private:
  void start(const Vector& value, std::uint32_t rows, Frame& frame,
             std::shared_ptr<VectorBuffer>& buffer, void*& out, std::uint64_t*& validity) const {
    buffer = take_clear(frame.buffers());
    const std::size_t bytes = rows * width_of(representation());
    out = buffer->room<std::byte>(bytes);
    std::memcpy(out, value.data, bytes);
    if (representation() != Representation::kCode) validity = buffer->validity(rows, true);
    if (value.owner) buffer->parents.push_back(value.owner);
  }
  // Bits of the rows that have a value.
  static void keep_values(const Vector& value, std::uint32_t rows, std::uint64_t* bits) {
    if (value.representation == Representation::kCode) {
      const auto* codes = value.values<std::uint32_t>();
      for (std::uint32_t row = 0; row < rows; ++row) {
        if (codes[row] == kNullCode) clear_bit(bits, row);
      }
    } else if (value.validity != nullptr) {
      kernels::and_bits(bits, value.validity, words_for(rows));
    }
  }
  // The arm's value for the rows that take it.
  static Result<Vector> value_of(const Arm& arm, Frame& among, const Vector& computed,
                                 const std::uint64_t* bits, std::uint32_t count,
                                 std::uint32_t rows) {
    if (computed.data != nullptr) return compress(computed, bits, count, among.buffers());
    if (count == rows) return arm.value->evaluate(among);
    Frame chosen(among, bits, count);
    return arm.value->evaluate(chosen);
  }

  std::vector<Arm> arms_;
  bool is_coalesce_;
};

// The dictionary that all values share, null where they do not.
std::shared_ptr<const Dictionary> shared_dictionary(const NodeList& values) {
  std::shared_ptr<const Dictionary> shared;
  for (const NodePointer& value : values) {
    if (is_null_literal(value)) continue;
    if (value->representation() != Representation::kCode) return nullptr;
    if (shared && shared != value->shape().dictionary) return nullptr;
    shared = value->shape().dictionary;
  }
  return shared;
}

// Nulls of the representation that the other arms have.
class NullsNode final : public Node {
 public:
  explicit NullsNode(ColumnShape shape) : Node(std::move(shape)) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    return nulls_of(type(), representation(), shape().dictionary, frame.rows(), frame.buffers());
  }
};

}  // namespace

Result<NodePointer> make_choice(const Expression& call, NodeList arguments, std::uint64_t rows,
                                ExecutionContext& context) {
  const bool is_coalesce = call.function == Function::kCoalesce;
  NodeList conditions;
  NodeList values;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool is_condition = !is_coalesce && i % 2 == 0 && i + 1 < arguments.size();
    (is_condition ? conditions : values).push_back(arguments[i]);
  }

  ColumnShape shape = plain_shape(call.type);
  shape.dictionary = shared_dictionary(values);
  if (!shape.dictionary) {
    if (auto unified = unified_codes(values, rows)) {
      values = *std::move(unified);
      shape.dictionary = shared_dictionary(values);
    }
  }
  if (shape.dictionary) shape.representation = Representation::kCode;
  bool ranges = true;
  for (NodePointer& value : values) {
    if (is_null_literal(value)) {
      value = std::make_shared<NullsNode>(shape);
      continue;
    }
    if (!shape.dictionary) {
      Result<NodePointer> plain = decoded(value, rows, context);
      if (!plain) return plain;
      value = *plain;
      if (shape.representation == Representation::kInt128) value = widened(value);
    }
    const auto& range = value->shape().range;
    ranges = ranges && range.has_value();
    if (!ranges) {
      shape.range.reset();
    } else if (!shape.range) {
      shape.range = range;
    } else {
      shape.range = std::pair(std::min(shape.range->first, range->first),
                              std::max(shape.range->second, range->second));
    }
  }
  std::vector<Arm> arms;
  for (std::size_t i = 0; i < values.size(); ++i) {
    arms.push_back({i < conditions.size() ? conditions[i] : nullptr, values[i]});
    // Nothing is left after a value that is never null.
    if (is_coalesce && !values[i]->shape().may_be_null) {
      shape.may_be_null = false;
      break;
    }
  }
  if (!is_coalesce)
    shape.may_be_null = any_may_be_null(values) || values.size() == conditions.size();
  if (arms.size() == 1 && !arms[0].condition) return arms[0].value;
  return std::make_shared<ChoiceNode>(shape, std::move(arms), is_coalesce);
}

}  // namespace stave
