// Two lists dealt back to the rows that they came from, by a bit for each row: where it is 0 the
// next value of one list, where it is 1 the next of the other. No branches: which list is next
// cannot be foreseen. Invariant: reads at most kDealRoom values beyond what it deals.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "storage/codec/arena.h"

namespace stave {

// Both lists have room for so many values more, whatever these are.
inline constexpr std::size_t kDealRoom = 16;

// A list of `count` values to be dealt, with the room behind them, which is zero.
template <typename T>
std::span<T> take_dealt(Arena& arena, std::size_t count) {
  const std::span<T> list = arena.take<T>(count + kDealRoom);
  std::fill_n(list.data() + count, kDealRoom, T{});
  return list.first(count);
}

template <typename T>
void deal_scalar(const std::uint64_t* bits, std::size_t from, std::size_t rows, const T* zeros,
                 const T* ones, T* values) {
  for (std::size_t row = from; row < rows; ++row) {
    const std::size_t bit = bits[row / 64] >> (row % 64) & 1;
    const T mask = static_cast<T>(0 - bit);
    values[row] = static_cast<T>((*zeros & ~mask) | (*ones & mask));
    ones += bit;
    zeros += 1 - bit;
  }
}

// The same where all values of the first list are equal.
template <typename T>
void spread_scalar(const std::uint64_t* bits, std::size_t from, std::size_t rows, T usual,
                   const T* ones, T* values) {
  for (std::size_t row = from; row < rows; ++row) {
    const std::size_t bit = bits[row / 64] >> (row % 64) & 1;
    const T mask = static_cast<T>(0 - bit);
    values[row] = static_cast<T>((usual & ~mask) | (*ones & mask));
    ones += bit;
  }
}

// The next of the list only where the bit is 1; other rows keep what they have.
template <typename T>
void patch_scalar(const std::uint64_t* bits, std::size_t from, std::size_t rows, const T* ones,
                  T* values) {
  for (std::size_t row = from; row < rows; ++row) {
    const std::size_t bit = bits[row / 64] >> (row % 64) & 1;
    const T mask = static_cast<T>(0 - bit);
    values[row] = static_cast<T>((values[row] & ~mask) | (*ones & mask));
    ones += bit;
  }
}

// The same for whole blocks; the kernels of this machine.
void deal(const std::uint64_t* bits, std::size_t rows, const std::uint32_t* zeros,
          const std::uint32_t* ones, std::uint32_t* values);
void deal(const std::uint64_t* bits, std::size_t rows, const std::int64_t* zeros,
          const std::int64_t* ones, std::int64_t* values);
void spread(const std::uint64_t* bits, std::size_t rows, std::uint32_t usual,
            const std::uint32_t* ones, std::uint32_t* values);
void spread(const std::uint64_t* bits, std::size_t rows, std::int64_t usual,
            const std::int64_t* ones, std::int64_t* values);
void patch(const std::uint64_t* bits, std::size_t rows, const std::uint32_t* ones,
           std::uint32_t* values);
void patch(const std::uint64_t* bits, std::size_t rows, const std::int64_t* ones,
           std::int64_t* values);

}  // namespace stave
