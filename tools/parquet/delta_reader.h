// Encodings that store differences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/parquet/page_bytes.h"

namespace stave::parquet {

// DELTA_BINARY_PACKED: all values of the run, which must be `count` or fewer; false where the bytes
// are no such run.
bool read_deltas(PageBytes& in, std::size_t count, std::vector<std::int64_t>& out);

// DELTA_LENGTH_BYTE_ARRAY: texts lie in the page's bytes.
bool read_delta_lengths(PageBytes& in, std::size_t count, std::vector<std::string_view>& out);

// DELTA_BYTE_ARRAY: texts are put together in `text`, `most_bytes` at most.
bool read_delta_texts(PageBytes& in, std::size_t count, std::size_t most_bytes, std::string& text,
                      std::vector<std::string_view>& out);

}  // namespace stave::parquet
