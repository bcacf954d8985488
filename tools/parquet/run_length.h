// Parquet's hybrid of runs and bit-packed groups, in which definition levels and dictionary places
// are written.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace stave::parquet {

// Appends `values`, each below 2^bit_width; bit_width is 1 to 32.
void append_runs(std::span<const std::uint32_t> values, int bit_width, std::string& out);
// One run: `count` times the same value.
void append_run(std::uint32_t value, std::uint64_t count, int bit_width, std::string& out);

// Bits that `highest` takes, at least 1.
int bits_for(std::uint32_t highest);

}  // namespace stave::parquet
