// Pages of Parquet files as they were before they were compressed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "stave/result.h"
#include "tools/parquet/metadata.h"

namespace stave::parquet {

// No page is larger.
inline constexpr std::size_t kMostPageBytes = std::size_t{256} << 20;

// `out` becomes exactly `size` bytes, at most kMostPageBytes, or it is an error, whatever `bytes`
// are.
Result<void> decompress_page(Compression compression, std::string_view bytes, std::size_t size,
                             std::string& out);

}  // namespace stave::parquet
