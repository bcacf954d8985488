// Times cut into buckets of `width`, and the places of evenly spaced values. The caller guarantees
// a width, a cycle and a step above zero. Arithmetic wraps. Values that are mostly in the bucket of
// the one before, as times in order are, cost a comparison each; others a product of doubles
// where these hold the values exactly, else a division.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stave::kernels {

// The begin of each value's bucket: floor((value + offset) / width) * width - offset.
void floor_to_buckets(const std::int64_t* values, std::size_t rows, std::int64_t width,
                      std::int64_t offset, std::int64_t* out);
// The place of each value's bucket in its cycle of so many, as an hour is in its day:
// floor((value + offset) / width) mod cycle.
void buckets_of_cycle(const std::int64_t* values, std::size_t rows, std::int64_t width,
                      std::int64_t cycle, std::int64_t offset, std::int64_t* out);
// (value - first) / step, for values that are `first` and fewer than 2^31 whole steps; of others
// any number.
void steps_of(const std::int64_t* values, std::size_t rows, std::int64_t first, std::int64_t step,
              std::uint32_t* out);

namespace scalar {

inline std::int64_t sum(std::int64_t left, std::int64_t right) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) +
                                   static_cast<std::uint64_t>(right));
}
inline std::int64_t difference(std::int64_t left, std::int64_t right) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) -
                                   static_cast<std::uint64_t>(right));
}
inline std::int64_t floor_remainder(std::int64_t value, std::int64_t by) {
  const std::int64_t remainder = value % by;
  return remainder < 0 ? remainder + by : remainder;
}

inline std::int64_t floor_to_bucket(std::int64_t value, std::int64_t width, std::int64_t offset) {
  return difference(value, floor_remainder(sum(value, offset), width));
}
inline std::int64_t bucket_of_cycle(std::int64_t value, std::int64_t width, std::int64_t cycle,
                                    std::int64_t offset) {
  const std::int64_t shifted = sum(value, offset);
  const std::int64_t number = shifted / width - (shifted % width < 0 ? 1 : 0);
  return floor_remainder(number, cycle);
}
inline void floor_to_buckets(const std::int64_t* values, std::size_t rows, std::int64_t width,
                             std::int64_t offset, std::int64_t* out) {
  for (std::size_t row = 0; row < rows; ++row) {
    out[row] = floor_to_bucket(values[row], width, offset);
  }
}
inline void buckets_of_cycle(const std::int64_t* values, std::size_t rows, std::int64_t width,
                             std::int64_t cycle, std::int64_t offset, std::int64_t* out) {
  for (std::size_t row = 0; row < rows; ++row) {
    out[row] = bucket_of_cycle(values[row], width, cycle, offset);
  }
}
inline void steps_of(const std::int64_t* values, std::size_t rows, std::int64_t first,
                     std::int64_t step, std::uint32_t* out) {
  for (std::size_t row = 0; row < rows; ++row) {
    out[row] = static_cast<std::uint32_t>(difference(values[row], first) / step);
  }
}

}  // namespace scalar
}  // namespace stave::kernels
