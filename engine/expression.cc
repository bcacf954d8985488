// Equality of expressions, by which equal parts are computed once.
#include "engine/expression.h"

namespace stave {

bool operator==(const Expression& left, const Expression& right) {
  return left.kind == right.kind && left.type == right.type && left.column == right.column &&
         left.literal.type == right.literal.type && left.literal.data == right.literal.data &&
         left.table == right.table && left.table_column == right.table_column &&
         left.function == right.function && left.arguments == right.arguments;
}

}  // namespace stave
