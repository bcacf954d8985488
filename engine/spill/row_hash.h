// Hashes of rows by the values of their keys, whatever the representation: values that are equal
// in a join or a grouping have equal hashes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/vector.h"

namespace stave {

std::vector<std::uint64_t> row_hashes(std::span<const Vector> keys, std::uint32_t rows,
                                      std::uint64_t seed);

}  // namespace stave
