// What a limit of memory means that nobody set.
#pragma once

#include <cstdint>

namespace stave::loading {

// Bytes to work in; `limit` is 0 where the user named none.
constexpr std::uint64_t memory_of(std::uint64_t limit) {
  constexpr std::uint64_t kDefault = std::uint64_t{768} << 20;
  return limit == 0 ? kDefault : limit;
}

}  // namespace stave::loading
