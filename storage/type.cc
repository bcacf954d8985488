// Types as the language writes them.
#include "stave/type.h"

#include <fmt/format.h>

namespace stave {

std::string to_string(Type type) {
  switch (type.kind) {
    case TypeKind::kNull:
      return "null";
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kInt64:
      return "i64";
    case TypeKind::kDecimal:
      return fmt::format("decimal({},{})", type.precision, type.scale);
    case TypeKind::kFloat64:
      return "f64";
    case TypeKind::kString:
      return "string";
    case TypeKind::kDate:
      return "date";
    case TypeKind::kTimestamp:
      return "timestamp";
    case TypeKind::kList:
      return "list";
  }
  return "unknown";
}

}  // namespace stave
