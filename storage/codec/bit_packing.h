// Integers of `width` bits each, side by side. Bytes: format-spec/codecs/bit-packing.md.
// Whole groups of 1,024 values are interleaved, so that one shift serves a whole vector and each
// group can be unpacked alone; the values after the last whole group are a plain bit stream.
// Invariant: reads and writes exactly `packed_bytes(count, width)` bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave {

inline constexpr std::uint32_t kGroupValues = 1024;

constexpr std::size_t packed_bytes(std::uint32_t count, unsigned width) {
  const std::size_t groups = count / kGroupValues;
  const std::size_t tail = count % kGroupValues;
  return groups * (kGroupValues / 8) * width + (tail * width + 7) / 8;
}

// How many bits a value needs; 0 for 0.
constexpr unsigned bit_width_of(std::uint64_t value) {
  return value == 0 ? 0 : 64U - static_cast<unsigned>(__builtin_clzll(value));
}

// Packs `values[i] - base`, which must be below 2^width; width <= 32 and <= 64.
void pack_bits(const std::uint32_t* values, std::uint32_t count, unsigned width, std::uint32_t base,
               std::byte* out);
void pack_bits(const std::uint64_t* values, std::uint32_t count, unsigned width, std::uint64_t base,
               std::byte* out);

// Gives `base + value` modulo 2^32.
void unpack_bits(const std::byte* in, std::uint32_t count, unsigned width, std::uint32_t base,
                 std::uint32_t* values);
// Gives `base + value * factor` modulo 2^64.
void unpack_bits(const std::byte* in, std::uint32_t count, unsigned width, std::uint64_t base,
                 std::uint64_t factor, std::uint64_t* values);

// The scalar twins: what the specification says, value by value. Tests hold the kernels to them.
void pack_bits_scalar(const std::uint64_t* values, std::uint32_t count, unsigned width,
                      std::byte* out);
std::uint64_t unpack_one(const std::byte* in, std::uint32_t count, unsigned width,
                         std::uint32_t index);

}  // namespace stave
