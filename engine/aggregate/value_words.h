// The values of one column as words of 64 bits: a row's value is kept as a word, and words are
// compared instead of values. Integers and f64 are words that order as they do; values of other
// types are codes of an encoder, which has their order.
// Invariant: belongs to one thread; a word of another thread's is one's own after `adopt`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/aggregate/value_encoder.h"

namespace stave {

class ValueWords {
 public:
  explicit ValueWords(const ColumnShape& shape);

  // Words compare as the values do, so that no call is needed.
  bool are_ordered() const { return !encoder_; }

  // The rows of a vector, until the next call.
  Result<void> read(const Vector& values);
  bool is_null(std::uint32_t row) const {
    return encoder_ ? codes_[row] == kNullCode
                    : validity_ != nullptr && (validity_[row / 64] >> (row % 64) & 1) == 0;
  }
  bool may_have_nulls() const { return encoder_ || validity_ != nullptr; }
  std::uint64_t word(std::uint32_t row) const { return encoder_ ? codes_[row] : words_[row]; }

  // Order of the values behind two words: negative, 0 or positive.
  int compare(std::uint64_t left, std::uint64_t right) const;

  // What words of `other` are here: use `adopted` on each of them then.
  Result<void> adopt(const ValueWords& other);
  std::uint64_t adopted(std::uint64_t word) const {
    return adopted_.empty() ? word : adopted_[static_cast<std::size_t>(word)];
  }

  // The values of words; null where `is_there` is 0.
  Vector decode(std::span<const std::uint64_t> words, std::span<const std::uint8_t> is_there) const;

  std::size_t memory_bytes() const;

 private:
  ColumnShape shape_;
  std::optional<ValueEncoder> encoder_;
  const std::uint32_t* codes_ = nullptr;
  const std::uint64_t* validity_ = nullptr;
  std::vector<std::uint64_t> words_;
  std::vector<std::uint32_t> adopted_;
};

}  // namespace stave
