// Vectors of several origins made alike, so that they can be batches of one relation.
// Invariant: values are unchanged; where all inputs have one representation and dictionary already,
// the vectors are passed on as they are.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/evaluator.h"
#include "engine/vector.h"
#include "stave/type.h"

namespace stave {

// A vector as one of this shape, which is that of the vector, or of a plain column of its type.
Vector as_shape(const Vector& vector, const ColumnShape& shape);

// Makes column `column` of all relations alike, batch by batch, as a column of `type`.
void unify_column(std::vector<Relation>& relations, std::size_t column, Type type);

}  // namespace stave
