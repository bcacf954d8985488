// Dense codes for the values of one column, so that keys and distinct values of any type are small
// integers: 0 is null, equal values have equal codes. Coded columns keep their codes, integers of a
// narrow range are shifted, everything else is interned in the order it is met.
// Invariant: an encoder belongs to one thread; fixed encoders of one shape agree on every code,
// others are reconciled by `adopt`.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/evaluator.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

class ValueEncoder {
 public:
  explicit ValueEncoder(ColumnShape shape);
  ~ValueEncoder();
  ValueEncoder(ValueEncoder&&) noexcept;
  ValueEncoder& operator=(ValueEncoder&&) noexcept;

  const ColumnShape& shape() const { return shape_; }
  // Codes are known without looking at values, and size() never changes.
  bool is_fixed() const { return fixed_; }
  // Every code given so far (fixed: ever) is below it.
  std::uint32_t size() const { return size_; }

  // The codes of a vector, valid until the next call and as long as the vector.
  Result<const std::uint32_t*> encode(const Vector& values);
  // Codes of `other` (same shape) in terms of this one; its values are taken in. Not for fixed.
  Result<std::vector<std::uint32_t>> adopt(const ValueEncoder& other);

  // The values of codes, in the shape's representation.
  Vector decode(std::span<const std::uint32_t> codes) const;
  Vector decode(std::vector<std::uint32_t>&& codes) const;
  // Order by value of the values behind two codes that are not null: negative, 0 or positive.
  int compare(std::uint32_t left, std::uint32_t right) const;
  // For every row the rank of its code among the values present, null being the highest; writes
  // how many ranks there are to `ranks_used`.
  std::vector<std::uint32_t> rank(std::span<const std::uint32_t> codes,
                                  std::uint32_t& ranks_used) const;

  // The same as the ranks of all codes that `codes` holds, by code; none where the rank of a code
  // is the code less one, and that of null the highest.
  std::vector<std::uint32_t> rank_codes(std::span<const std::uint32_t> codes,
                                        std::uint32_t& ranks_used) const;

  std::size_t memory_bytes() const;

 private:
  struct Interner;
  ColumnShape shape_;
  bool fixed_ = false;
  std::uint32_t size_ = 1;
  std::unique_ptr<Interner> interner_;
  std::vector<std::uint32_t> codes_;  // of the last vector
};

}  // namespace stave
