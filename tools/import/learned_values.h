// The value that goes with each key in most of its rows, learned from all rows of a load.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "stave/result.h"
#include "storage/predictor.h"
#include "tools/import/load.h"

namespace stave::loading {

// By key code, beginning with the null's; where the load has no row with a key, what `before` (may
// be null) guesses for it, so that predictors of later loads know the keys of earlier ones.
Result<std::vector<std::int64_t>> learn_values(const Load& load, std::size_t key,
                                               std::size_t target, std::uint32_t key_codes,
                                               const Predictor* before);

}  // namespace stave::loading
