// One cell of a vector as a value: for literals and messages, never for bulk data.
#pragma once

#include <cstddef>

#include "engine/vector.h"
#include "storage/value.h"

namespace stave {

Value value_at(const Vector& vector, std::size_t row);

}  // namespace stave
