// Passes over all values of a block that every encoding makes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace stave {

template <typename T>
struct ValueRange {
  T min;
  T max;
};

// Of at least one value.
ValueRange<std::uint32_t> range_of(std::span<const std::uint32_t> values);
ValueRange<std::int64_t> range_of(std::span<const std::int64_t> values);

// How many values differ from the one before.
std::size_t count_changes(std::span<const std::uint32_t> values);
std::size_t count_changes(std::span<const std::int64_t> values);

// How many values are above.
std::size_t count_above(std::span<const std::uint32_t> values, std::uint32_t limit);
std::size_t count_above(std::span<const std::int64_t> values, std::int64_t limit);

// How many values are equal.
std::size_t count_equal(std::span<const std::uint32_t> values, std::uint32_t wanted);
std::size_t count_equal(std::span<const std::int64_t> values, std::int64_t wanted);

}  // namespace stave
