// + - * / // % and negation, exact: what does not fit is a fault that names the values.
// Where the ranges of the operands show that nothing can overflow, rows are not checked one by one.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/evaluate/decimal_math.h"
#include "engine/evaluate/functions.h"
#include "engine/evaluate/leaf.h"
#include "engine/evaluate/strict_node.h"
#include "engine/kernels/arithmetic.h"
#include "engine/runtime/value_text.h"

namespace stave {

namespace {

const char* sign_of(Function function) {
  switch (function) {
    case Function::kAdd:
      return "+";
    case Function::kSubtract:
      return "-";
    case Function::kMultiply:
      return "*";
    case Function::kDivide:
      return "/";
    case Function::kIntegerDivide:
      return "//";
    default:
      return "%";
  }
}

template <typename T>
Error overflow(Function function, T left, Type left_type, T right, Type right_type, Type result) {
  return Error{ErrorCode::kOverflow,
               "The result does not fit " + to_string(result) + ": " + text_of(left, left_type) +
                   " " + sign_of(function) + " " + text_of(right, right_type) +
                   ". Cast an operand to a wider type, or leave such rows out."};
}

template <Function kFunction, typename T>
bool operate(T left, T right, T& out) {
  if constexpr (kFunction == Function::kAdd) return __builtin_add_overflow(left, right, &out);
  if constexpr (kFunction == Function::kSubtract) return __builtin_sub_overflow(left, right, &out);
  return __builtin_mul_overflow(left, right, &out);
}

template <Function kFunction>
std::optional<std::pair<std::int64_t, std::int64_t>> range_after(const ColumnShape& left,
                                                                 const ColumnShape& right,
                                                                 Type type) {
  if (!left.range || !right.range) return std::nullopt;
  Int128 lowest = 0;
  Int128 highest = 0;
  bool first = true;
  for (const Int128 a : {left.range->first, left.range->second}) {
    for (const Int128 b : {right.range->first, right.range->second}) {
      Int128 value = 0;
      (void)operate<kFunction, Int128>(a, b, value);  // of 64-bit values: always fits
      lowest = first || value < lowest ? value : lowest;
      highest = first || value > highest ? value : highest;
      first = false;
    }
  }
  const Int128 limit =
      type.kind == TypeKind::kDecimal ? power_of_ten(type.precision) : Int128{1} << 63;
  if (lowest <= -limit || highest >= limit) return std::nullopt;
  return std::pair(static_cast<std::int64_t>(lowest), static_cast<std::int64_t>(highest));
}

// 64-bit integers of every type, where the ranges are known to fit.
template <Function kFunction>
class UncheckedNode final : public Node {
 public:
  UncheckedNode(ColumnShape shape, NodePointer left, NodePointer right)
      : Node(std::move(shape)), left_(std::move(left)), right_(std::move(right)) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    Vector left;
    Vector right;
    if (Result<void> done = load(left_, frame, left); !done) return pass(done);
    if (Result<void> done = load(right_, frame, right); !done) return pass(done);
    const std::uint32_t rows = frame.rows();
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::int64_t>(rows);
    const auto* a = left.values<std::int64_t>();
    const auto* b = right.values<std::int64_t>();
    if (left_->literal() != nullptr && right_->literal() != nullptr) {  // being folded
      std::fill_n(
          out, rows,
          kernels::scalar::combined<kOperation>(literal_as<std::int64_t>(*left_->literal()),
                                                literal_as<std::int64_t>(*right_->literal())));
    } else if (left_->literal() != nullptr) {
      kernels::combine(kOperation, literal_as<std::int64_t>(*left_->literal()), b, rows, out);
    } else if (right_->literal() != nullptr) {
      kernels::combine(kOperation, a, literal_as<std::int64_t>(*right_->literal()), rows, out);
    } else {
      kernels::combine(kOperation, a, b, rows, out);
    }
    const std::uint64_t* validity = common_validity({&left, &right}, rows, *buffer);
    return vector_of(shape(), rows, out, validity, std::move(buffer));
  }

 private:
  static Result<void> load(const NodePointer& node, Frame& frame, Vector& vector) {
    if (node->literal() != nullptr) return {};
    Result<Vector> evaluated = node->evaluate(frame);
    if (!evaluated) return pass(evaluated);
    vector = std::move(*evaluated);
    return {};
  }
  static constexpr kernels::Arithmetic kOperation =
      kFunction == Function::kAdd        ? kernels::Arithmetic::kAdd
      : kFunction == Function::kSubtract ? kernels::Arithmetic::kSubtract
                                         : kernels::Arithmetic::kMultiply;

  NodePointer left_;
  NodePointer right_;
};

template <Function kFunction, typename T>
NodePointer checked_node(const ColumnShape& shape, const NodePointer& left,
                         const NodePointer& right) {
  const Type type = shape.type;
  const Type left_type = left->type();
  const Type right_type = right->type();
  return faulting_node<T, T, T>(
      shape, {left, right},
      [type](RowRoom&, T& out, T a, T b) {
        if (operate<kFunction>(a, b, out)) return Outcome::kFault;
        if (type.kind == TypeKind::kDecimal && !within_precision(out, type.precision)) {
          return Outcome::kFault;
        }
        return Outcome::kValue;
      },
      [=](T a, T b) { return overflow(kFunction, a, left_type, b, right_type, type); });
}

template <Function kFunction>
NodePointer exact_node(ColumnShape shape, const NodePointer& left, const NodePointer& right) {
  if (shape.representation == Representation::kInt128 ||
      left->representation() == Representation::kInt128 ||
      right->representation() == Representation::kInt128) {
    return checked_node<kFunction, Int128>(shape, widened(left), widened(right));
  }
  if (const auto range = range_after<kFunction>(left->shape(), right->shape(), shape.type)) {
    shape.range = range;
    return std::make_shared<UncheckedNode<kFunction>>(shape, left, right);
  }
  return checked_node<kFunction, std::int64_t>(shape, left, right);
}

template <Function kFunction>
NodePointer float_node(const ColumnShape& shape, const NodePointer& left,
                       const NodePointer& right) {
  return faulting_node<double, double, double>(
      shape, {left, right},
      [](RowRoom&, double& out, double a, double b) {
        if constexpr (kFunction == Function::kAdd) out = a + b;
        if constexpr (kFunction == Function::kSubtract) out = a - b;
        if constexpr (kFunction == Function::kMultiply) out = a * b;
        if constexpr (kFunction == Function::kDivide) {
          if (b == 0) return Outcome::kNull;
          out = a / b;
        }
        if constexpr (kFunction == Function::kRemainder) {
          if (b == 0) return Outcome::kNull;
          out = std::fmod(a, b);
        }
        if constexpr (kFunction == Function::kIntegerDivide) {
          if (b == 0) return Outcome::kNull;
          out = std::trunc(a / b);
        }
        if (std::isinf(out) && std::isfinite(a) && std::isfinite(b)) return Outcome::kFault;
        return Outcome::kValue;
      },
      [](double a, double b) {
        return overflow(kFunction, a, kFloat64Type, b, kFloat64Type, kFloat64Type);
      });
}

// `//` and `%` by one number above 0.
template <bool kQuotient>
NodePointer truncating_by(ColumnShape shape, const NodePointer& left, std::int64_t by) {
  if (const auto& range = left->shape().range) {
    shape.range = kQuotient ? std::pair(range->first / by, range->second / by)
                            : std::pair(range->first < 0 ? 1 - by : std::int64_t{0},
                                        range->second > 0 ? by - 1 : std::int64_t{0});
  }
  shape.may_be_null = left->shape().may_be_null;
  return total_node<std::int64_t, std::int64_t>(
      shape, {left}, [by](RowRoom&, std::int64_t& out, std::int64_t value) {
        out = kQuotient ? value / by : value % by;
        return Outcome::kValue;
      });
}

// `//` and `%` of integers or decimals of one scale, in 128 bits so that nothing overflows midway.
template <bool kQuotient>
NodePointer truncating_node(const ColumnShape& shape, const NodePointer& left,
                            const NodePointer& right) {
  const Type type = shape.type;
  const Type left_type = left->type();
  const Type right_type = right->type();
  const auto describe = [=](Int128 a, Int128 b) {
    return overflow(kQuotient ? Function::kIntegerDivide : Function::kRemainder, a, left_type, b,
                    right_type, type);
  };
  if (left->representation() == Representation::kInt64 &&
      right->representation() == Representation::kInt64 && type.kind == TypeKind::kInt64) {
    const auto& by = right->shape().range;
    if (right->literal() != nullptr && by && by->first > 0) {
      return truncating_by<kQuotient>(shape, left, by->first);
    }
    return faulting_node<std::int64_t, std::int64_t, std::int64_t>(
        shape, {left, right},
        [](RowRoom&, std::int64_t& out, std::int64_t a, std::int64_t b) {
          if (b == 0) return Outcome::kNull;
          if (b == -1) {
            if (!kQuotient) {
              out = 0;
              return Outcome::kValue;
            }
            return __builtin_sub_overflow(std::int64_t{0}, a, &out) ? Outcome::kFault
                                                                    : Outcome::kValue;
          }
          out = kQuotient ? a / b : a % b;
          return Outcome::kValue;
        },
        describe);
  }
  const auto function = [type](RowRoom&, auto& out, Int128 a, Int128 b) {
    if (b == 0) return Outcome::kNull;
    Int128 value = 0;
    if (b == -1) {
      if (kQuotient && __builtin_sub_overflow(Int128{0}, a, &value)) return Outcome::kFault;
    } else {
      value = kQuotient ? a / b : a % b;
    }
    if (kQuotient && type.kind == TypeKind::kDecimal && type.scale > 0 &&
        __builtin_mul_overflow(value, power_of_ten(type.scale), &value)) {
      return Outcome::kFault;
    }
    const bool fits = type.kind == TypeKind::kDecimal
                          ? within_precision(value, type.precision)
                          : value <= std::numeric_limits<std::int64_t>::max() &&
                                value >= std::numeric_limits<std::int64_t>::min();
    if (!fits) return Outcome::kFault;
    out = static_cast<std::remove_reference_t<decltype(out)>>(value);
    return Outcome::kValue;
  };
  if (shape.representation == Representation::kInt128) {
    return faulting_node<Int128, Int128, Int128>(shape, {widened(left), widened(right)}, function,
                                                 describe);
  }
  return faulting_node<std::int64_t, Int128, Int128>(shape, {widened(left), widened(right)},
                                                     function, describe);
}

template <typename T>
NodePointer negated_node(const ColumnShape& shape, const NodePointer& argument, bool absolute) {
  const Type type = shape.type;
  return faulting_node<T, T>(
      shape, {argument},
      [absolute](RowRoom&, T& out, T value) {
        if (absolute && value >= 0) {
          out = value;
          return Outcome::kValue;
        }
        return __builtin_sub_overflow(T{0}, value, &out) ? Outcome::kFault : Outcome::kValue;
      },
      [type](T value) {
        return Error{ErrorCode::kOverflow, "The negative of a number does not fit " +
                                               to_string(type) + ": " + text_of(value, type) +
                                               ". Cast it to a wider type."};
      });
}

template <Function kFunction>
NodePointer arithmetic_node(const ColumnShape& shape, const NodePointer& left,
                            const NodePointer& right) {
  if (shape.representation == Representation::kFloat64) {
    return float_node<kFunction>(shape, left, right);
  }
  return exact_node<kFunction>(shape, left, right);
}

}  // namespace

std::string text_of(std::int64_t value, Type type) {
  return text_of(Int128{value}, type);
}

std::string text_of(Int128 value, Type type) {
  std::string text;
  if (type.kind == TypeKind::kDate) {
    append_date(static_cast<std::int64_t>(value), text);
  } else if (type.kind == TypeKind::kTimestamp) {
    append_timestamp(static_cast<std::int64_t>(value), text);
  } else {
    append_decimal(value, type.kind == TypeKind::kDecimal ? type.scale : 0, text);
  }
  return text;
}

std::string text_of(double value, Type) {
  std::string text;
  append_double(value, text);
  return text;
}

NodePointer widened(const NodePointer& node) {
  if (node->representation() != Representation::kInt64) return node;
  if (const Value* literal = node->literal()) {
    const std::uint8_t scale = node->type().kind == TypeKind::kDecimal ? node->type().scale : 0;
    return std::make_shared<LiteralNode>(*literal, decimal_type(kMaxDecimalPrecision, scale));
  }
  ColumnShape shape = node->shape();
  shape.representation = Representation::kInt128;
  return total_node<Int128, std::int64_t>(shape, {node},
                                          [](RowRoom&, Int128& out, std::int64_t value) {
                                            out = value;
                                            return Outcome::kValue;
                                          });
}

Result<NodePointer> make_arithmetic(const Expression& call, const NodeList& arguments) {
  const bool division = call.function == Function::kDivide ||
                        call.function == Function::kIntegerDivide ||
                        call.function == Function::kRemainder;
  const ColumnShape shape = plain_shape(call.type, division || any_may_be_null(arguments));
  const NodePointer& left = arguments[0];
  switch (call.function) {
    case Function::kNegate:
    case Function::kAbs: {
      const bool absolute = call.function == Function::kAbs;
      if (shape.representation == Representation::kFloat64) {
        return total_node<double, double>(shape, {left},
                                          [absolute](RowRoom&, double& out, double value) {
                                            out = absolute ? std::fabs(value) : -value;
                                            return Outcome::kValue;
                                          });
      }
      if (shape.representation == Representation::kInt128) {
        return negated_node<Int128>(shape, widened(left), absolute);
      }
      return negated_node<std::int64_t>(shape, left, absolute);
    }
    case Function::kAdd:
      return arithmetic_node<Function::kAdd>(shape, left, arguments[1]);
    case Function::kSubtract:
      return arithmetic_node<Function::kSubtract>(shape, left, arguments[1]);
    case Function::kMultiply:
      return arithmetic_node<Function::kMultiply>(shape, left, arguments[1]);
    case Function::kDivide:
      return float_node<Function::kDivide>(shape, left, arguments[1]);
    case Function::kIntegerDivide:
      if (left->representation() == Representation::kFloat64) {
        return float_node<Function::kIntegerDivide>(shape, left, arguments[1]);
      }
      return truncating_node<true>(shape, left, arguments[1]);
    default:
      if (left->representation() == Representation::kFloat64) {
        return float_node<Function::kRemainder>(shape, left, arguments[1]);
      }
      return truncating_node<false>(shape, left, arguments[1]);
  }
}

}  // namespace stave
