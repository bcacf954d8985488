// How an input is compressed, told by its first bytes. Parquet counts as a compression of the text
// that is made of it.
#pragma once

#include <cstdint>
#include <string_view>

#include "stave/result.h"

namespace stave::loading {

enum class Compression : std::uint8_t { kNone, kGzip, kBzip2, kZstd, kParquet };

// As many bytes tell every format that is known.
inline constexpr std::size_t kMagicBytes = 8;

const char* name_of(Compression compression);

// An error where the bytes are of a format that is not read; it says what to do.
Result<Compression> find_compression(std::string_view first, const std::string& path);

// What a decompressor found in the input at `path`; `detail` is the library's word for it.
Failure broken_input(Compression compression, const std::string& path, std::string_view detail);
Failure cut_off_input(Compression compression, const std::string& path);

}  // namespace stave::loading
