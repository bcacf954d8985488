// Drawing from a fixed set with given weights in constant time (Walker's alias method), and the
// Zipf-like weights that music is played by. Invariant: integers only; the same weights give the
// same table everywhere.
#pragma once

#include <cstdint>
#include <vector>

#include "tools/generate/random.h"

namespace stave::generator {

class WeightedChoice {
 public:
  // At least one weight, fewer than 2^32, each below 2^31, not all 0.
  explicit WeightedChoice(const std::vector<std::uint32_t>& weights);

  std::uint32_t pick(std::uint64_t random) const {
    const std::uint64_t cell = ((random >> 32) * cells_.size()) >> 32;
    const Cell& chosen = cells_[cell];
    return static_cast<std::uint32_t>(random) < chosen.keep_below ? static_cast<std::uint32_t>(cell)
                                                                  : chosen.otherwise;
  }

 private:
  struct Cell {
    std::uint32_t keep_below;  // of 2^32
    std::uint32_t otherwise;
  };
  std::vector<Cell> cells_;
};

// Weights 1 / (rank + offset), dealt to `count` items in shuffled order, so that popularity says
// nothing about position. `ranks`, where given, gets the rank of each item.
std::vector<std::uint32_t> zipf_weights(std::uint32_t count, std::uint32_t offset, Random random,
                                        std::vector<std::uint32_t>* ranks = nullptr);
// The same with weights 1 / (rank + offset)^0.75: people differ less than songs.
std::vector<std::uint32_t> flatter_zipf_weights(std::uint32_t count, std::uint32_t offset,
                                                Random random);

}  // namespace stave::generator
