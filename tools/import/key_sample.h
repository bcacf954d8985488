// All rows of a few keys: enough to tell which columns go with which key, before anything is
// learned of all rows. Invariant: which keys are taken depends on their codes alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "stave/result.h"
#include "tools/import/load.h"

namespace stave::loading {

// (key code, value) of rows that have both.
using SampledValues = std::vector<std::pair<std::uint32_t, std::int64_t>>;

// For each of `targets`: those of the sampled rows, by key, then value.
struct KeySample {
  std::size_t key = 0;  // position of the key column
  double scale = 1;     // how many rows stand behind one of the sample
  std::vector<SampledValues> values;
};

Result<KeySample> sample_keys(const Load& load, std::size_t key,
                              std::span<const std::size_t> targets);

}  // namespace stave::loading
