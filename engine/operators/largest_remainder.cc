// See largest_remainder.h. All in integers; products that need it are 256 bits wide.
#include "engine/operators/largest_remainder.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <numeric>

namespace stave {

namespace {

struct Share {
  UInt128 part = 0;
  UInt128 remainder = 0;
};

// amount * weight / sum, for weight <= sum: the quotient is at most `amount`.
Share share_of(UInt128 amount, UInt128 weight, UInt128 sum) {
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

}  // namespace

Result<std::optional<std::vector<Int128>>> split_by_largest_remainder(
    Int128 total, std::span<const Int128> weights, const PartPreference& prefers) {
  Int128 sum = 0;
  for (const Int128 weight : weights) {
    if (__builtin_add_overflow(sum, weight, &sum)) {
      return fail(ErrorCode::kOverflow,
                  "The weights of allocate sum to more than 128 bits hold. Use smaller weights, "
                  "for example with fewer decimal digits.");
    }
  }
  if (sum == 0) {
    return std::nullopt;
  }
  const bool is_negative = total < 0;
  const UInt128 amount =
      is_negative ? UInt128{0} - static_cast<UInt128>(total) : static_cast<UInt128>(total);
  std::vector<Share> shares;
  shares.reserve(weights.size());
  UInt128 left_over = amount;
  for (const Int128 weight : weights) {
    shares.push_back(share_of(amount, static_cast<UInt128>(weight), static_cast<UInt128>(sum)));
    left_over -= shares.back().part;
  }
  if (left_over > 0) {
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto border = order.begin() + static_cast<std::ptrdiff_t>(left_over);
    std::nth_element(order.begin(), border, order.end(), [&](std::size_t left, std::size_t right) {
      if (shares[left].remainder != shares[right].remainder) {
        return shares[left].remainder > shares[right].remainder;
      }
      return weights[left] != weights[right] ? weights[left] > weights[right]
                                             : prefers(left, right);
    });
    std::for_each(order.begin(), border, [&](std::size_t place) { ++shares[place].part; });
  }
  std::vector<Int128> parts;
  parts.reserve(shares.size());
  for (const Share& share : shares) {
    const auto part = static_cast<Int128>(share.part);
    parts.push_back(is_negative ? -part : part);
  }
  return parts;
}

}  // namespace stave
