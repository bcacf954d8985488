// Morsels dealt to threads in stretches: neighbouring blocks of a segment are read from its file at
// once by the thread that reads them.
// Invariant: the shares are all morsels in order.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/pipeline.h"

namespace stave {

// Of morsels `begin`, .. `end` - 1.
struct MorselShare {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// At most so many morsels of one segment each, and enough shares for all threads; tells the morsels
// what follows them.
std::vector<MorselShare> share_morsels(std::vector<Morsel>& morsels, std::size_t most, int threads);

}  // namespace stave
