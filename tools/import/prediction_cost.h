// What columns would take on disk, with a predictor and without: bits, estimated from a sample.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "storage/predictor.h"

namespace stave::loading {

// Pairs of key code and value, sorted.
using KeyValues = std::span<const std::pair<std::uint32_t, std::int64_t>>;

// Of a column as it is.
double bits_unpredicted(KeyValues values);
// Where each key predicts its most frequent value, with what the guesses themselves take.
double bits_newly_predicted(KeyValues values);
// By the guesses that there are.
double bits_predicted(KeyValues values, const Predictor& predictor);

// Of codes that occur `count` times each at this place of a list with `listed` codes.
double bits_ranked(std::uint64_t count, std::uint64_t rank);

}  // namespace stave::loading
