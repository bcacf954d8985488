// How many bits are set: by the machine's own instruction, which the baseline that everything else
// is compiled for lacks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace stave {

std::size_t count_set_bits(std::span<const std::uint64_t> words);

}  // namespace stave
