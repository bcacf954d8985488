// Integers that are looked up at random, each as what it is above the smallest of them: in one, two
// or four bytes, so that more of a long table stays in the caches.
// Invariant: a value outside the range (damage, or what lies under a null) keeps its low bits.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <variant>

namespace stave {

// Shorter tables of whole integers stay in the nearer caches as they are.
inline constexpr std::uint32_t kLongTable = 1U << 15;

class NarrowLookup {
 public:
  using Range = std::pair<std::int64_t, std::int64_t>;
  // How many bytes each takes; 8: they are not narrow.
  static unsigned bytes_for(const Range& range);

  // Nothing is written yet. `bytes_for` the range must be less than 8.
  NarrowLookup(const Range& range, std::size_t size);

  // Places may be written by different threads.
  void write(std::size_t first, std::span<const std::int64_t> values);
  void fill(std::size_t first, std::size_t count);

  // The values at the places, all of them written.
  void gather(const std::uint32_t* places, std::uint32_t rows, std::int64_t* out) const;

 private:
  template <typename T>
  using Values = std::unique_ptr<T[]>;

  std::int64_t smallest_;
  std::variant<Values<std::uint8_t>, Values<std::uint16_t>, Values<std::uint32_t>> values_;
};

}  // namespace stave
