// LZ4 and Zstandard around a whole block, where that pays. Bytes: format-spec/block.md.
// Invariant: what a block says of its size is believed only within kMaxExpansion.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "storage/codec/arena.h"

namespace stave {

// Written to disk; numbers are never reused.
enum class Compression : std::uint8_t { kNone = 0, kLz4 = 1, kZstandard = 2 };

// Nothing expands to more than this many times its bytes, plus kExpansionAllowance.
inline constexpr std::uint64_t kMaxExpansion = 1024;
inline constexpr std::uint64_t kExpansionAllowance = 65536;

// "", "lz4" or "zstd".
std::string_view name_of(Compression compression);
bool is_compression(std::uint8_t id);

// Nothing where it does not shrink or would expand too much.
std::optional<std::string> compress(Compression compression, std::string_view bytes);
// Nothing where the bytes are damaged. `size` is that of the result.
std::optional<std::span<const std::byte>> decompress(Compression compression,
                                                     std::span<const std::byte> bytes,
                                                     std::uint64_t size, Arena& arena);

}  // namespace stave
