// Whole groups of packed integers, by the best instructions that the machine has.
// Invariant: each target gives the same bytes and values as the scalar twin in bit_packing.cc.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave {

// `width` is 1..32 for 32-bit and 1..64 for 64-bit values; a group takes 128 * width bytes.
void pack_groups(const std::uint32_t* values, std::size_t groups, unsigned width,
                 std::uint32_t base, std::byte* out);
void pack_groups(const std::uint64_t* values, std::size_t groups, unsigned width,
                 std::uint64_t base, std::byte* out);
void unpack_groups(const std::byte* in, std::size_t groups, unsigned width, std::uint32_t base,
                   std::uint32_t* values);
void unpack_groups(const std::byte* in, std::size_t groups, unsigned width, std::uint64_t base,
                   std::uint64_t factor, std::uint64_t* values);

// `base +` the values of a bit stream, `width` is 1..kMostStreamWidth: value i begins at bit
// i * width. Gives
// how many values it unpacked, the first ones. 16 bytes beyond the stream must be readable.
inline constexpr unsigned kMostStreamWidth = 25;
std::size_t unpack_stream_lanes(const std::byte* in, std::size_t count, unsigned width,
                                std::uint32_t base, std::uint32_t* values);

}  // namespace stave
