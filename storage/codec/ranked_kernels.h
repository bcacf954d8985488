// Places in a list turned into the codes that are there: the inside of codec `ranked`.
#pragma once

#include <cstdint>
#include <span>

namespace stave {

// Each of `codes` that is below the list's length becomes the code there, the others lose that
// length.
void look_up_ranks(std::span<const std::uint32_t> list, std::span<std::uint32_t> codes);

inline void look_up_ranks_scalar(std::span<const std::uint32_t> list,
                                 std::span<std::uint32_t> codes) {
  const auto listed = static_cast<std::uint32_t>(list.size());
  for (std::uint32_t& code : codes) code = code < listed ? list[code] : code - listed;
}

}  // namespace stave
