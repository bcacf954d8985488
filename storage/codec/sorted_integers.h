// Few integers in order, faster than by comparisons. For samples.
#pragma once

#include <cstdint>
#include <vector>

namespace stave {

void sort_integers(std::vector<std::int64_t>& values);

}  // namespace stave
