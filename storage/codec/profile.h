// What the values of a node look like, for estimates. Counts are exact; sizes that depend on more
// than counts are tried on a sample.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/codec/codec.h"

namespace stave {

class NodeProfile {
 public:
  explicit NodeProfile(const NodeValues& values);

  const NodeValues& values() const { return values_; }
  std::uint32_t rows() const { return values_.rows; }
  // Runs of equal values (bit patterns of f64); 1 where all are equal.
  std::uint32_t runs() const { return runs_; }
  // Of codes and i64.
  std::int64_t min() const { return min_; }
  std::uint64_t spread() const { return spread_; }  // max - min
  // Of strings.
  std::uint64_t text_bytes() const { return text_bytes_; }

 private:
  NodeValues values_;
  std::uint32_t runs_ = 1;
  std::int64_t min_ = 0;
  std::uint64_t spread_ = 0;
  std::uint64_t text_bytes_ = 0;
};

// Equal to a reader: the same bits.
template <typename T>
bool same_value(const T& left, const T& right) {
  if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(right);
  } else {
    return left == right;
  }
}

}  // namespace stave
