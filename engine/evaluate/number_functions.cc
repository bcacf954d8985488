// round, div, sqrt and ln.
#include <cmath>
#include <string>

#include "engine/evaluate/decimal_math.h"
#include "engine/evaluate/functions.h"
#include "engine/evaluate/strict_node.h"

namespace stave {

namespace {

int scale_of(Type type) {
  return type.kind == TypeKind::kDecimal ? type.scale : 0;
}

Result<Rounding> mode_of(const NodeList& arguments, std::size_t position) {
  if (arguments.size() <= position) return Rounding::kHalfUp;
  const auto* name = arguments[position]->literal() == nullptr
                         ? nullptr
                         : std::get_if<std::string>(&arguments[position]->literal()->data);
  const auto mode = name == nullptr ? std::nullopt : rounding_of(*name);
  if (!mode) {
    return fail(ErrorCode::kEvaluation,
                "No such rounding mode: " + (name == nullptr ? std::string("null") : *name) +
                    ". Use half_up, half_even, floor, ceil or down.");
  }
  return *mode;
}

int digits_of(const NodeList& arguments, std::size_t position) {
  if (arguments.size() <= position || arguments[position]->literal() == nullptr) return 0;
  const auto* digits = std::get_if<std::int64_t>(&arguments[position]->literal()->data);
  if (digits == nullptr) return 0;
  constexpr std::int64_t kMost = 400;
  return static_cast<int>(std::max(-kMost, std::min(kMost, *digits)));
}

template <typename Out>
bool store(Int128 value, Type type, Out& out) {
  const int precision = type.kind == TypeKind::kDecimal ? type.precision : kMostPower;
  if (!within_precision(value, precision)) return false;
  if (type.kind != TypeKind::kDecimal && (value > INT64_MAX || value < INT64_MIN)) return false;
  out = static_cast<Out>(value);
  return true;
}

Error too_large(const char* name, Int128 value, Type type, Type result) {
  return Error{ErrorCode::kOverflow, "The result of `" + std::string(name) + "` does not fit " +
                                         to_string(result) + ": " + text_of(value, type) +
                                         ". Use fewer digits, or leave such rows out."};
}

// x at `scale`, rounded to `digits` after the point, told at the result's scale.
std::optional<Int128> rounded_at(Int128 value, int scale, int digits, int result_scale,
                                 Rounding mode) {
  if (digits >= scale) return rescaled(value, scale, result_scale);
  const int dropped = scale - digits;
  if (dropped > kMostPower) {
    // Far beyond the first digit: zero, or one unit that cannot be held.
    const bool away = value != 0 && ((mode == Rounding::kFloor && value < 0) ||
                                     (mode == Rounding::kCeil && value > 0));
    if (away) return std::nullopt;
    return Int128{0};
  }
  const Int128 units = divide_rounded(value, power_of_ten(dropped), mode);
  if (digits <= result_scale && result_scale - digits <= kMostPower) {
    return scaled_quotient(units, result_scale - digits, 0, 1, mode);
  }
  return rescaled(units, digits, result_scale);
}

template <typename Out>
NodePointer decimal_round(const ColumnShape& shape, const NodePointer& argument, int digits,
                          Rounding mode) {
  const Type from = argument->type();
  const Type to = shape.type;
  return faulting_node<Out, Int128>(
      shape, {widened(argument)},
      [=](RowRoom&, Out& out, Int128 value) {
        const auto result = rounded_at(value, scale_of(from), digits, scale_of(to), mode);
        return result && store(*result, to, out) ? Outcome::kValue : Outcome::kFault;
      },
      [=](Int128 value) { return too_large("round", value, from, to); });
}

template <typename Out>
NodePointer decimal_div(const ColumnShape& shape, const NodePointer& left, const NodePointer& right,
                        Rounding mode) {
  const Type left_type = left->type();
  const Type right_type = right->type();
  const Type to = shape.type;
  // a / 10^sa over b / 10^sb, at scale s: a * 10^(s + sb) / 10^sa / b.
  const int shift = scale_of(to) + scale_of(right_type) - scale_of(left_type);
  return faulting_node<Out, Int128, Int128>(
      shape, {widened(left), widened(right)},
      [=](RowRoom&, Out& out, Int128 a, Int128 b) {
        if (b == 0) return Outcome::kNull;
        const auto result =
            scaled_quotient(a, shift > 0 ? shift : 0, shift < 0 ? -shift : 0, b, mode);
        return result && store(*result, to, out) ? Outcome::kValue : Outcome::kFault;
      },
      [=](Int128 a, Int128 b) {
        return Error{ErrorCode::kOverflow, "The result of `div` does not fit " + to_string(to) +
                                               ": " + text_of(a, left_type) + " / " +
                                               text_of(b, right_type) +
                                               ". Use a smaller scale, or leave such rows out."};
      });
}

}  // namespace

Result<NodePointer> make_number_function(const Expression& call, const NodeList& arguments) {
  const ColumnShape shape = plain_shape(call.type);
  const NodePointer& first = arguments[0];
  switch (call.function) {
    case Function::kRound: {
      const Result<Rounding> mode = mode_of(arguments, 2);
      if (!mode) return pass(mode);
      const int digits = digits_of(arguments, 1);
      if (shape.representation == Representation::kFloat64) {
        return total_node<double, double>(
            shape, {first}, [digits, rounding = *mode](RowRoom&, double& out, double value) {
              out = round_double(value, digits, rounding);
              return Outcome::kValue;
            });
      }
      if (shape.representation == Representation::kInt128) {
        return decimal_round<Int128>(shape, first, digits, *mode);
      }
      return decimal_round<std::int64_t>(shape, first, digits, *mode);
    }
    case Function::kDiv: {
      const Result<Rounding> mode = mode_of(arguments, 3);
      if (!mode) return pass(mode);
      if (shape.representation == Representation::kInt128) {
        return decimal_div<Int128>(shape, first, arguments[1], *mode);
      }
      return decimal_div<std::int64_t>(shape, first, arguments[1], *mode);
    }
    case Function::kSqrt:
      return total_node<double, double>(shape, {first}, [](RowRoom&, double& out, double value) {
        if (value < 0) return Outcome::kNull;
        out = std::sqrt(value);
        return Outcome::kValue;
      });
    default:
      return total_node<double, double>(shape, {first}, [](RowRoom&, double& out, double value) {
        if (value <= 0) return Outcome::kNull;
        out = std::log(value);
        return Outcome::kValue;
      });
  }
}

}  // namespace stave
