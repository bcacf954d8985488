// Reading the hybrid of runs and bit-packed groups, and the older bit-packed levels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tools/parquet/page_bytes.h"

namespace stave::parquet {

// Exactly `count` values of `bit_width` (0 to 32), which the caller has bounded; false where the
// bytes hold fewer.
bool read_runs(PageBytes& in, int bit_width, std::size_t count, std::vector<std::uint32_t>& out);

// Levels of one bit, packed from the highest bit on.
bool read_packed_levels(PageBytes& in, std::size_t count, std::vector<std::uint32_t>& out);

}  // namespace stave::parquet
