// See may_fault.h.
#include "engine/evaluate/may_fault.h"

#include <algorithm>

namespace stave {
namespace {

// Every value of the one type is one of the other.
bool is_harmless_cast(TypeKind from, TypeKind to) {
  return to == TypeKind::kString || (from == TypeKind::kInt64 && to == TypeKind::kFloat64) ||
         (from == TypeKind::kDate && to == TypeKind::kTimestamp) ||
         (from == TypeKind::kTimestamp && to == TypeKind::kDate);
}

}  // namespace

bool may_fault(const Expression& expression) {
  if (expression.kind == ExpressionKind::kCall) {
    switch (expression.function) {
      case Function::kNegate:
      case Function::kAdd:
      case Function::kSubtract:
      case Function::kMultiply:
      case Function::kDivide:
      case Function::kIntegerDivide:
      case Function::kRemainder:
      case Function::kAddMonths:
      case Function::kRound:
      case Function::kDiv:
      case Function::kAbs:
      case Function::kBucketDate:
      case Function::kDow:
      case Function::kYear:
      case Function::kMonth:
        return true;
      case Function::kCast:
        if (!is_harmless_cast(expression.arguments[0].type.kind, expression.type.kind)) return true;
        break;
      default:
        break;
    }
  }
  return std::any_of(expression.arguments.begin(), expression.arguments.end(), may_fault);
}

}  // namespace stave
