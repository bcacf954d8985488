// See largest_remainder.h. All in integers; products that need it are 256 bits wide.
#include "engine/operators/largest_remainder.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <numeric>

namespace stave {

// amount * weight / sum, for weight <= sum: the quotient is at most `amount`.
LargestRemainder::Share LargestRemainder::share_of(UInt128 amount, UInt128 weight, UInt128 sum) {
  UInt128 product = 0;
  if (!__builtin_mul_overflow(amount, weight, &product)) {
    constexpr UInt128 kNarrow = ~std::uint64_t{0};
    if (product <= kNarrow && sum <= kNarrow) {  // most are, and it is several times as fast
      const auto narrow = static_cast<std::uint64_t>(product);
      const auto of = static_cast<std::uint64_t>(sum);
      return {narrow / of, narrow % of};
    }
    return {product / sum, product % sum};
  }
  using boost::multiprecision::uint256_t;
  uint256_t quotient;
  uint256_t remainder;
  boost::multiprecision::divide_qr(uint256_t(amount) * uint256_t(weight), uint256_t(sum), quotient,
                                   remainder);
  return {static_cast<UInt128>(quotient), static_cast<UInt128>(remainder)};
}

Result<bool> LargestRemainder::split(Int128 total, std::span<const Int128> weights,
                                     const PartPreference& prefers) {
  Int128 sum = 0;
  for (const Int128 weight : weights) {
    if (__builtin_add_overflow(sum, weight, &sum)) {
      return fail(ErrorCode::kOverflow,
                  "The weights of allocate sum to more than 128 bits hold. Use smaller weights, "
                  "for example with fewer decimal digits.");
    }
  }
  if (sum == 0) {
    return false;
  }
  const bool is_negative = total < 0;
  const UInt128 amount =
      is_negative ? UInt128{0} - static_cast<UInt128>(total) : static_cast<UInt128>(total);
  shares_.clear();
  UInt128 left_over = amount;
  for (const Int128 weight : weights) {
    shares_.push_back(share_of(amount, static_cast<UInt128>(weight), static_cast<UInt128>(sum)));
    left_over -= shares_.back().part;
  }
  if (left_over > 0) {
    order_.resize(weights.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    const auto border = order_.begin() + static_cast<std::ptrdiff_t>(left_over);
    std::nth_element(order_.begin(), border, order_.end(),
                     [&](std::size_t left, std::size_t right) {
                       if (shares_[left].remainder != shares_[right].remainder) {
                         return shares_[left].remainder > shares_[right].remainder;
                       }
                       return weights[left] != weights[right] ? weights[left] > weights[right]
                                                              : prefers(left, right);
                     });
    std::for_each(order_.begin(), border, [&](std::size_t place) { ++shares_[place].part; });
  }
  parts_.clear();
  for (const Share& share : shares_) {
    const auto part = static_cast<Int128>(share.part);
    parts_.push_back(is_negative ? -part : part);
  }
  return true;
}

Result<std::optional<std::vector<Int128>>> split_by_largest_remainder(
    Int128 total, std::span<const Int128> weights, const PartPreference& prefers) {
  LargestRemainder one;
  const auto split = one.split(total, weights, prefers);
  if (!split) {
    return pass(split);
  }
  return *split ? std::optional(one.parts()) : std::nullopt;
}

}  // namespace stave
