// Where rows stand by several keys at once, as one number for each: the first keys of a `top` that
// are integers of known ranges.
// Invariant: of two rows the one with the smaller number comes first, or none of these keys tells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/evaluator.h"
#include "engine/plan.h"
#include "engine/vector.h"

namespace stave {

class PackedPlaces {
 public:
  // As many of the keys as have room, none where the first has no known range.
  PackedPlaces(std::span<const SortKey> keys, std::span<const ColumnShape> shapes);

  std::size_t keys() const { return keys_.size(); }
  // `columns`: what the keys are.
  void find(std::span<const Vector> columns, std::span<std::uint64_t> places) const;

 private:
  struct Key {
    std::int64_t first = 0;  // its place is 0
    bool descending = false;
    unsigned bits = 0;
    std::uint64_t null_place = 0;
  };
  std::vector<Key> keys_;
};

}  // namespace stave
