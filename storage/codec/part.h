// A list parted in two by a limit, the opposite of `deal`. No branches: on which side the next
// value lies cannot be foreseen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace stave {

// What a list was parted into. `bits`: a bit for each value, set where it is above the limit; those
// beyond the values are 0.
template <typename T>
class Parts {
 public:
  explicit Parts(std::size_t values)
      : words_((values + 63) / 64),
        low_(std::make_unique_for_overwrite<T[]>(values + kRoom)),
        high_(std::make_unique_for_overwrite<T[]>(values + kRoom)),
        bits_(std::make_unique<std::uint64_t[]>(words_)),
        values_(values) {}

  std::span<const T> low() const { return {low_.get(), values_ - high_count_}; }
  std::span<const T> high() const { return {high_.get(), high_count_}; }
  std::span<const std::uint64_t> bits() const { return {bits_.get(), words_}; }
  // Bits set where values are not above the limit instead.
  void invert_bits();

 private:
  // Vectors are stored as wholes, so they reach beyond the lists' ends.
  static constexpr std::size_t kRoom = 64;

  template <typename U>
  friend Parts<U> part(std::span<const U> values, U limit);

  std::size_t words_;
  std::unique_ptr<T[]> low_;
  std::unique_ptr<T[]> high_;
  std::unique_ptr<std::uint64_t[]> bits_;
  std::size_t values_;
  std::size_t high_count_ = 0;
};

template <typename T>
void Parts<T>::invert_bits() {
  for (std::size_t i = 0; i < words_; ++i) {
    bits_[i] = ~bits_[i];
  }
  if (values_ % 64 != 0) {
    bits_[words_ - 1] &= (std::uint64_t{1} << values_ % 64) - 1;
  }
}

// The kernel of this machine: gives how many are above.
std::size_t part_into(std::span<const std::uint32_t> values, std::uint32_t limit,
                      std::uint32_t* low, std::uint32_t* high, std::uint64_t* bits);
std::size_t part_into(std::span<const std::int64_t> values, std::int64_t limit, std::int64_t* low,
                      std::int64_t* high, std::uint64_t* bits);

template <typename T>
Parts<T> part(std::span<const T> values, T limit) {
  Parts<T> parts(values.size());
  parts.high_count_ =
      part_into(values, limit, parts.low_.get(), parts.high_.get(), parts.bits_.get());
  return parts;
}

}  // namespace stave
