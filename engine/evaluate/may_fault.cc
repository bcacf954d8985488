// See may_fault.h.
#include "engine/evaluate/may_fault.h"

#include <algorithm>

namespace stave {

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
      case Function::kCast:
      case Function::kRound:
      case Function::kDiv:
      case Function::kAbs:
      case Function::kBucketDate:
      case Function::kDow:
      case Function::kYear:
      case Function::kMonth:
        return true;
      default:
        break;
    }
  }
  return std::any_of(expression.arguments.begin(), expression.arguments.end(), may_fault);
}

}  // namespace stave
