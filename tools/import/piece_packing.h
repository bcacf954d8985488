// Unsigned integers in the fewest whole bytes, a few hundred at a time, so that they are in the
// nearest cache on their way and any instruction set has loops without branches to work on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace stave::loading {

inline constexpr std::size_t kPackedBlock = 512;

// 0, 1, 2, 3, 4 or 8.
std::uint8_t width_of(std::uint64_t largest);

// At most kPackedBlock values, none of more than `width` bytes.
void append_packed(std::span<const std::uint32_t> values, std::uint8_t width, std::string& out);
void append_packed(std::span<const std::uint64_t> values, std::uint8_t width, std::string& out);

}  // namespace stave::loading
