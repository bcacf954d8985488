// The order of rows by a number, equal ones as they came.
#pragma once

#include <cstdint>
#include <vector>

namespace stave::loading {

// `order` gets the row numbers 0..keys.size() - 1 by ascending key. Stable.
void find_stable_order(const std::vector<std::uint64_t>& keys, std::vector<std::uint32_t>& order);

}  // namespace stave::loading
