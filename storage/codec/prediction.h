// What is known of the rows of a block before it is read: guesses made from another column, or the
// list that its codes are places in. Bytes: format-spec/predictor.md.
// Invariant: encoder and decoder of a block are given the same prediction.
#pragma once

#include <cstdint>
#include <span>

namespace stave {

// Rows that follow each other and share a list of codes.
struct RankedRun {
  std::uint32_t rows = 0;
  std::span<const std::uint32_t> codes;
};

// One of the first three is filled: guesses of the block's kind, one for each row, also for rows
// that are null; or runs that together are the block's rows.
struct Prediction {
  std::span<const std::uint32_t> codes;
  std::span<const std::int64_t> int64s;
  std::span<const RankedRun> runs;
  // Beside runs, for the encoder alone: what codec `ranked` stores for each row.
  std::span<const std::uint32_t> ranks;

  template <typename T>
  std::span<const T> guesses() const;
};

template <>
inline std::span<const std::uint32_t> Prediction::guesses() const {
  return codes;
}
template <>
inline std::span<const std::int64_t> Prediction::guesses() const {
  return int64s;
}

}  // namespace stave
