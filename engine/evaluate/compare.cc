// Comparisons: codes and numbers by kernels to bitmaps, everything else value by value.
#include "engine/kernels/compare.h"

#include <string_view>

#include "engine/evaluate/functions.h"
#include "engine/evaluate/leaf.h"
#include "engine/evaluate/strict_node.h"
#include "engine/kernels/bitmap.h"
#include "engine/make_expression.h"

namespace stave {

namespace {

using kernels::Comparison;

Comparison comparison_of(Function function) {
  switch (function) {
    case Function::kNotEqual:
    case Function::kIsNot:
      return Comparison::kNotEqual;
    case Function::kLess:
      return Comparison::kLess;
    case Function::kLessEqual:
      return Comparison::kLessEqual;
    case Function::kGreater:
      return Comparison::kGreater;
    case Function::kGreaterEqual:
      return Comparison::kGreaterEqual;
    default:
      return Comparison::kEqual;
  }
}

Comparison mirrored(Comparison comparison) {
  switch (comparison) {
    case Comparison::kLess:
      return Comparison::kGreater;
    case Comparison::kLessEqual:
      return Comparison::kGreaterEqual;
    case Comparison::kGreater:
      return Comparison::kLess;
    case Comparison::kGreaterEqual:
      return Comparison::kLessEqual;
    default:
      return comparison;
  }
}

// Codes become validity: a code 0 is null.
const std::uint64_t* validity_of_codes(const Vector& codes, std::uint32_t rows,
                                       BufferRecycler& buffers,
                                       std::vector<std::shared_ptr<const void>>& parents) {
  std::shared_ptr<VectorBuffer> buffer = take_clear(buffers);
  std::uint64_t* bits = buffer->validity(rows, false);
  kernels::compare_constant(codes.values<std::uint32_t>(), rows, Comparison::kNotEqual, kNullCode,
                            bits);
  parents.push_back(std::move(buffer));
  return bits;
}

// Values of T compared with a constant or with each other.
template <typename T>
class KernelNode final : public Node {
 public:
  KernelNode(ColumnShape shape, NodePointer left, NodePointer right, std::optional<T> constant,
             Comparison comparison)
      : Node(std::move(shape)),
        left_(std::move(left)),
        right_(std::move(right)),
        constant_(constant),
        comparison_(comparison) {}

  Result<void> truth(Frame& frame, std::uint64_t* bits) const override {
    Vector left;
    Vector right;
    if (Result<void> done = compare(frame, left, right, bits); !done) return done;
    const std::size_t words = words_for(frame.rows());
    if constexpr (std::is_same_v<T, std::uint32_t>) {
      // A constant is never code 0, so only `!=` can let a null through.
      if (constant_ && comparison_ == Comparison::kEqual) return {};
      std::vector<std::shared_ptr<const void>> parents;
      for (const Vector* vector : {&left, &right}) {
        if (vector->data == nullptr) continue;
        kernels::and_bits(bits, validity_of_codes(*vector, frame.rows(), frame.buffers(), parents),
                          words);
      }
    } else {
      for (const Vector* vector : {&left, &right}) {
        if (vector->validity != nullptr) kernels::and_bits(bits, vector->validity, words);
      }
    }
    return {};
  }

 protected:
  Result<Vector> compute(Frame& frame) const override {
    Vector left;
    Vector right;
    const std::uint32_t rows = frame.rows();
    std::shared_ptr<VectorBuffer> scratch = take_clear(frame.buffers());
    std::uint64_t* bits = scratch->validity(rows, false);
    if (Result<void> done = compare(frame, left, right, bits); !done) return pass(done);
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::uint8_t>(rows);
    kernels::bytes_of_bits(bits, rows, out);
    if constexpr (std::is_same_v<T, std::uint32_t>) {
      for (Vector* vector : {&left, &right}) {
        if (vector->data == nullptr) continue;
        std::vector<std::shared_ptr<const void>> parents;
        vector->validity = validity_of_codes(*vector, rows, frame.buffers(), parents);
        vector->owner = parents.back();
      }
    }
    const std::uint64_t* validity = common_validity({&left, &right}, rows, *buffer);
    return vector_of(shape(), rows, out, validity, std::move(buffer));
  }

 private:
  Result<void> compare(Frame& frame, Vector& left, Vector& right, std::uint64_t* bits) const {
    Result<Vector> first = left_->evaluate(frame);
    if (!first) return pass(first);
    left = std::move(*first);
    if (constant_) {
      kernels::compare_constant(left.values<T>(), frame.rows(), comparison_, *constant_, bits);
      return {};
    }
    Result<Vector> second = right_->evaluate(frame);
    if (!second) return pass(second);
    right = std::move(*second);
    kernels::compare_vectors(left.values<T>(), right.values<T>(), frame.rows(), comparison_, bits);
    return {};
  }

  NodePointer left_;
  NodePointer right_;  // null where `constant_` is given
  std::optional<T> constant_;
  Comparison comparison_;
};

template <typename T>
NodePointer kernel_node(const ColumnShape& shape, const NodePointer& left, const NodePointer& right,
                        Comparison comparison) {
  if (right->literal() != nullptr) {
    return std::make_shared<KernelNode<T>>(shape, left, nullptr, literal_as<T>(*right->literal()),
                                           comparison);
  }
  return std::make_shared<KernelNode<T>>(shape, left, right, std::nullopt, comparison);
}

template <typename T>
NodePointer value_node(const ColumnShape& shape, const NodePointer& left, const NodePointer& right,
                       Comparison comparison) {
  return total_node<std::uint8_t, T, T>(shape, {left, right},
                                        [comparison](RowRoom&, std::uint8_t& out, T a, T b) {
                                          out = kernels::compare_values(a, b, comparison) ? 1 : 0;
                                          return Outcome::kValue;
                                        });
}

// Null-safe equality: made of equality and of which sides are null.
class IsNode final : public Node {
 public:
  IsNode(NodePointer left, NodePointer right, NodePointer equal, bool negated)
      : Node(plain_shape(kBoolType, false)),
        left_(std::move(left)),
        right_(std::move(right)),
        equal_(std::move(equal)),
        negated_(negated) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    Result<Vector> left = left_->evaluate(frame);
    if (!left) return left;
    Result<Vector> right = right_->evaluate(frame);
    if (!right) return right;
    Result<Vector> equal = equal_->evaluate(frame);
    if (!equal) return equal;
    const std::uint32_t rows = frame.rows();
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::uint8_t>(rows);
    const auto* same = equal->values<std::uint8_t>();
    for (std::uint32_t row = 0; row < rows; ++row) {
      const bool left_null = is_null_at(*left, row);
      const bool right_null = is_null_at(*right, row);
      const bool value = left_null || right_null ? left_null && right_null : same[row] != 0;
      out[row] = value != negated_ ? 1 : 0;
    }
    return vector_of(shape(), rows, out, nullptr, std::move(buffer));
  }

 private:
  NodePointer left_;
  NodePointer right_;
  NodePointer equal_;
  bool negated_;
};

std::uint32_t code_of(const Dictionary& dictionary, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.data)) {
    return dictionary.kind() == DictionaryKind::kString ? dictionary.find_string(*text) : kNullCode;
  }
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
    return dictionary.kind() == DictionaryKind::kInt64 ? dictionary.find_int64(*number) : kNullCode;
  }
  return kNullCode;
}

// A code beyond every dictionary: equal to nothing.
constexpr std::uint32_t kAbsentCode = 0xffffffff;

Result<NodePointer> plain_comparison(const ColumnShape& shape, Comparison comparison,
                                     NodePointer left, NodePointer right, std::uint64_t rows,
                                     ExecutionContext& context) {
  if (left->literal() != nullptr && right->literal() == nullptr) {
    std::swap(left, right);
    comparison = mirrored(comparison);
  }
  const bool equality = comparison == Comparison::kEqual || comparison == Comparison::kNotEqual;
  if (equality && left->representation() == Representation::kCode) {
    if (const Value* literal = right->literal()) {
      const std::uint32_t code = code_of(*left->shape().dictionary, *literal);
      return std::make_shared<KernelNode<std::uint32_t>>(
          shape, left, nullptr, code == kNullCode ? kAbsentCode : code, comparison);
    }
    if (right->representation() == Representation::kCode &&
        right->shape().dictionary == left->shape().dictionary) {
      return kernel_node<std::uint32_t>(shape, left, right, comparison);
    }
  }
  for (NodePointer* side : {&left, &right}) {
    Result<NodePointer> value = decoded(*side, rows, context);
    if (!value) return value;
    *side = *value;
  }
  if (left->representation() == Representation::kInt128 ||
      right->representation() == Representation::kInt128) {
    return value_node<Int128>(shape, widened(left), widened(right), comparison);
  }
  switch (left->representation()) {
    case Representation::kInt64:
      return kernel_node<std::int64_t>(shape, left, right, comparison);
    case Representation::kFloat64:
      return kernel_node<double>(shape, left, right, comparison);
    case Representation::kBool:
      return value_node<std::uint8_t>(shape, left, right, comparison);
    default:
      return value_node<std::string_view>(shape, left, right, comparison);
  }
}

}  // namespace

Result<NodePointer> make_comparison(const Expression& call, const NodeList& arguments,
                                    std::uint64_t rows, ExecutionContext& context) {
  const bool null_safe = call.function == Function::kIs || call.function == Function::kIsNot;
  ColumnShape shape = plain_shape(kBoolType, any_may_be_null(arguments));
  if (!null_safe) {
    return plain_comparison(shape, comparison_of(call.function), arguments[0], arguments[1], rows,
                            context);
  }
  const Value* left = arguments[0]->literal();
  const Value* right = arguments[1]->literal();
  if ((left != nullptr && left->is_null()) || (right != nullptr && right->is_null())) {
    const bool is_null = call.function == Function::kIs;
    const Expression test =
        call_expression(is_null ? Function::kIsNull : Function::kIsNotNull, kBoolType, {});
    return make_logic(test, {left != nullptr && left->is_null() ? arguments[1] : arguments[0]});
  }
  Result<NodePointer> equal =
      plain_comparison(shape, Comparison::kEqual, arguments[0], arguments[1], rows, context);
  if (!equal) return equal;
  return std::make_shared<IsNode>(arguments[0], arguments[1], *equal,
                                  call.function == Function::kIsNot);
}

}  // namespace stave
