// And, or, not in SQL's three values, and tests for null.
#include <memory>
#include <vector>

#include "engine/evaluate/functions.h"
#include "engine/kernels/bitmap.h"
#include "engine/kernels/compare.h"

namespace stave {

namespace {

// The rows where a bool node is true, and those where it is null.
struct Truth {
  std::vector<std::uint64_t> true_rows;
  std::vector<std::uint64_t> null_rows;
};

Result<void> truth_of(const Node& node, Frame& frame, Truth& truth) {
  const std::uint32_t rows = frame.rows();
  truth.true_rows.assign(words_for(rows), 0);
  truth.null_rows.assign(words_for(rows), 0);
  if (!node.shape().may_be_null) return node.truth(frame, truth.true_rows.data());
  Result<Vector> value = node.evaluate(frame);
  if (!value) return pass(value);
  kernels::bits_of_bytes(value->values<std::uint8_t>(), rows, truth.true_rows.data());
  if (value->validity != nullptr) {
    kernels::and_bits(truth.true_rows.data(), value->validity, words_for(rows));
    for (std::size_t word = 0; word < truth.null_rows.size(); ++word) {
      truth.null_rows[word] = value->validity[word];
    }
    kernels::not_bits(truth.null_rows.data(), rows);
  }
  return {};
}

// true where all (any) are true; false where one (none) is false; else null.
class JunctionNode final : public Node {
 public:
  JunctionNode(ColumnShape shape, NodeList arguments, bool is_and)
      : Node(std::move(shape)), arguments_(std::move(arguments)), is_and_(is_and) {}

  Result<void> truth(Frame& frame, std::uint64_t* bits) const override {
    const std::size_t words = words_for(frame.rows());
    std::vector<std::uint64_t> other(words);
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      std::uint64_t* into = i == 0 ? bits : other.data();
      if (Result<void> done = arguments_[i]->truth(frame, into); !done) return done;
      if (i == 0) continue;
      if (is_and_) {
        kernels::and_bits(bits, other.data(), words);
      } else {
        kernels::or_bits(bits, other.data(), words);
      }
    }
    return {};
  }

 protected:
  Result<Vector> compute(Frame& frame) const override {
    const std::uint32_t rows = frame.rows();
    const std::size_t words = words_for(rows);
    // `decided` are the rows that one argument settles: false for and, true for or.
    std::vector<std::uint64_t> decided(words, 0);
    std::vector<std::uint64_t> null_rows(words, 0);
    Truth truth;
    for (const NodePointer& argument : arguments_) {
      if (Result<void> done = truth_of(*argument, frame, truth); !done) return pass(done);
      for (std::size_t word = 0; word < words; ++word) {
        null_rows[word] |= truth.null_rows[word];
        decided[word] |=
            is_and_ ? ~(truth.true_rows[word] | truth.null_rows[word]) : truth.true_rows[word];
      }
    }
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::uint8_t>(rows);
    std::uint64_t any_null = 0;
    for (std::size_t word = 0; word < words; ++word) {
      null_rows[word] &= ~decided[word];
      any_null |= null_rows[word];
      if (is_and_) decided[word] = ~decided[word] & ~null_rows[word];
    }
    kernels::bytes_of_bits(decided.data(), rows, out);
    const std::uint64_t* validity = nullptr;
    if (any_null != 0) {
      std::uint64_t* made = buffer->validity(rows, true);
      for (std::size_t word = 0; word < words; ++word) made[word] &= ~null_rows[word];
      validity = made;
    }
    return vector_of(shape(), rows, out, validity, std::move(buffer));
  }

 private:
  NodeList arguments_;
  bool is_and_;
};

class NotNode final : public Node {
 public:
  NotNode(ColumnShape shape, NodePointer argument)
      : Node(std::move(shape)), argument_(std::move(argument)) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    Result<Vector> value = argument_->evaluate(frame);
    if (!value) return value;
    const std::uint32_t rows = frame.rows();
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::uint8_t>(rows);
    const auto* in = value->values<std::uint8_t>();
    for (std::uint32_t row = 0; row < rows; ++row) out[row] = in[row] == 0 ? 1 : 0;
    const std::uint64_t* validity = common_validity({&*value}, rows, *buffer);
    return vector_of(shape(), rows, out, validity, std::move(buffer));
  }

 private:
  NodePointer argument_;
};

class NullTestNode final : public Node {
 public:
  NullTestNode(NodePointer argument, bool wants_null)
      : Node(plain_shape(kBoolType, false)),
        argument_(std::move(argument)),
        wants_null_(wants_null) {}

  Result<void> truth(Frame& frame, std::uint64_t* bits) const override {
    Result<Vector> value = argument_->evaluate(frame);
    if (!value) return pass(value);
    const std::uint32_t rows = frame.rows();
    if (value->representation == Representation::kCode) {
      kernels::compare_constant(
          value->values<std::uint32_t>(), rows,
          wants_null_ ? kernels::Comparison::kEqual : kernels::Comparison::kNotEqual, kNullCode,
          bits);
      return {};
    }
    kernels::fill_bits(bits, rows);
    if (value->validity != nullptr) kernels::and_bits(bits, value->validity, words_for(rows));
    if (wants_null_) kernels::not_bits(bits, rows);
    return {};
  }

 protected:
  Result<Vector> compute(Frame& frame) const override {
    const std::uint32_t rows = frame.rows();
    std::vector<std::uint64_t> bits(words_for(rows));
    if (Result<void> done = truth(frame, bits.data()); !done) return pass(done);
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::uint8_t>(rows);
    kernels::bytes_of_bits(bits.data(), rows, out);
    return vector_of(shape(), rows, out, nullptr, std::move(buffer));
  }

 private:
  NodePointer argument_;
  bool wants_null_;
};

}  // namespace

Result<NodePointer> make_logic(const Expression& call, const NodeList& arguments) {
  const ColumnShape shape = plain_shape(kBoolType, any_may_be_null(arguments));
  switch (call.function) {
    case Function::kAnd:
    case Function::kOr:
      return std::make_shared<JunctionNode>(shape, arguments, call.function == Function::kAnd);
    case Function::kNot:
      return std::make_shared<NotNode>(shape, arguments[0]);
    default:
      return std::make_shared<NullTestNode>(arguments[0], call.function == Function::kIsNull);
  }
}

}  // namespace stave
