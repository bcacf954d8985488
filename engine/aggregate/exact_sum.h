// Exact sums of f64 values, one for each group: the result of the additions does not depend on
// their order, and is rounded once.
// Groups start as 128 bits of fixed point in one window for all of them, placed around the first
// value: a hundred thousand sums then stay in the nearer caches. The first value that it does not
// hold gives each group a window of its own, around its first value from then on; what is outside
// of that too goes to a superaccumulator made on demand. Invariant: window + superaccumulator of a
// group is exactly the sum of its finite values.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "engine/kernels/fixed_point.h"
#include "stave/result.h"
#include "storage/int128.h"

namespace stave {

// A fixed-point number wide enough for 2^64 values of any magnitude: base 2^32 digits in 64-bit
// limbs, so that carries are only settled now and then.
class Superaccumulator {
 public:
  // value * 2^exponent, exponent >= -1074.
  void add(Int128 value, int exponent);
  void add(const Superaccumulator& other);
  void add_special(double value);  // an infinity or not a number
  // The sum divided by `divisor`, rounded once.
  double divided_by(std::uint64_t divisor) const;
  // An infinity or not a number was added.
  bool is_special() const { return plus_infinity_ || minus_infinity_ || not_a_number_; }

 private:
  static constexpr int kLowestExponent = -1074;
  static constexpr std::size_t kLimbs = 72;  // 2304 bits: 1074 + 1024 + 64 for carries, and more
  static constexpr std::uint32_t kMostPending = 1U << 29;
  void settle_carries();

  std::array<std::int64_t, kLimbs> limbs_{};
  std::uint32_t pending_ = 0;  // additions since carries were settled
  bool plus_infinity_ = false;
  bool minus_infinity_ = false;
  bool not_a_number_ = false;
};

class ExactSums {
 public:
  void resize(std::size_t groups) { is_shared_ ? units_.resize(groups) : windows_.resize(groups); }
  std::size_t memory_bytes() const;
  void add(std::size_t group, double value) {
    if (!is_shared_) return add_to_window(group, value);
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const int biased = static_cast<int>(bits >> kMantissaBits & 0x7ff);
    const int shift = biased - kBias - exponent_;
    const bool is_normal = biased != 0 && biased != 0x7ff;
    if (!is_normal || shift < 0 || shift > kMostShift) return add_beyond_shared(group, value);
    const auto mantissa = static_cast<std::int64_t>((bits & (kLeadingBit - 1)) | kLeadingBit);
    const auto units =
        static_cast<Int128>((bits >> 63) != 0 ? -mantissa : mantissa) * (Int128{1} << shift);
    Int128 sum = 0;
    if (__builtin_add_overflow(units_[group], units, &sum)) return add_beyond_shared(group, value);
    units_[group] = sum;
  }
  void add(std::size_t group, const ExactSums& other, std::size_t other_group);
  // Of the groups from `first` on only those that `kept` names, ascending, stay.
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept);
  // For many additions in a row: keeps at hand what they have in common. No other addition comes
  // in between.
  class Adder {
   public:
    explicit Adder(ExactSums& sums) : sums_(sums) { look_up(); }
    // Inlined, so that what is at hand is so in registers.
    [[gnu::always_inline]] void add(std::size_t group, double value) {
      const auto bits = std::bit_cast<std::uint64_t>(value);
      const auto shift = static_cast<std::uint32_t>(bits >> kMantissaBits & 0x7ff) - base_;
      if (shift > kMostShift) [[unlikely]]
        return add_otherwise(group, value);
      const std::int64_t sign = static_cast<std::int64_t>(bits) >> 63;
      const auto mantissa = static_cast<std::int64_t>((bits & (kLeadingBit - 1)) | kLeadingBit);
      const std::int64_t signed_one = (mantissa ^ sign) - sign;
      const auto high = static_cast<std::uint64_t>((signed_one >> 1) >> (63 - shift));
      const auto low = static_cast<std::uint64_t>(signed_one) << shift;
      const auto units = static_cast<Int128>(static_cast<UInt128>(high) << 64 | low);
      Int128 sum = 0;
      if (__builtin_add_overflow(units_[group], units, &sum)) [[unlikely]] {
        return add_otherwise(group, value);
      }
      units_[group] = sum;
    }

    // Each value to the group beside it; or all to one.
    void add_rows(const std::uint32_t* groups, std::span<const double> values);
    void add_all(std::size_t group, std::span<const double> values);

    // The sums of the groups, while they have one window.
    std::span<Int128> shared_units() const { return sums_.units_; }

   private:
    template <typename Take, typename Others>
    void for_units(const std::uint32_t* groups, std::span<const double> values, const Take& take,
                   const Others& others);
    // At most kMostAtOnce rows of few groups: what they add up to is kept apart, where it cannot
    // run over, and in two places, so that neighbours of one group do not wait for each other.
    void add_rows_apart(const std::uint32_t* groups, std::span<const double> values);
    // To each group what two sums for it, one half of them behind the other, hold.
    void add_parts(std::span<UInt128> parts);

    // Sums of so many values do not run over.
    static constexpr std::size_t kMostAtOnce = std::size_t{1} << 14;
    // Beyond every exponent.
    static constexpr std::uint32_t kNowhere = 0x10000;

    // Nothing is at hand where groups have windows of their own, or where the shared one reaches
    // to what is no normal number.
    void look_up() {
      units_ = sums_.units_.data();
      const std::int32_t base = kBias + sums_.exponent_;
      const bool is_within = base >= 1 && base + kMostShift < 0x7ff;
      base_ = sums_.is_shared_ && is_within ? static_cast<std::uint32_t>(base) : kNowhere;
    }
    [[gnu::noinline]] void add_otherwise(std::size_t group, double value) {
      if (!sums_.is_shared_) return sums_.add_to_window(group, value);
      if (value == 0) return;
      sums_.add(group, value);
      look_up();
    }

    ExactSums& sums_;
    Int128* units_ = nullptr;
    std::uint32_t base_ = kNowhere;  // the biased exponent of a value that is not shifted
  };
  // The group is asked for soon.
  void prefetch(std::size_t group) const {
    __builtin_prefetch(is_shared_ ? static_cast<const void*>(&units_[group]) : &windows_[group]);
  }
  // The sum over `divisor` (1 for the sum itself); kOverflow where finite values have a result
  // that is out of range.
  Result<double> divided_by(std::size_t group, std::uint64_t divisor) const;

 private:
  static constexpr int kMantissaBits = 52;
  static constexpr std::uint64_t kLeadingBit = std::uint64_t{1} << kMantissaBits;
  static constexpr int kBias = 1075;  // of the mantissa as an integer
  // A window reaches 30 bits below its first value's last bit and as many above: 53 + 60 bits,
  // which leaves 2^14 additions of the largest before a flush.
  static constexpr int kRoomBelow = 30;
  static constexpr int kMostShift = kernels::kMostShift;
  static constexpr std::int32_t kUnplaced = -1'000'000;  // far from every value

  // Half a line of the cache, never parts of two.
  struct alignas(32) Window {
    Int128 units = 0;
    std::int32_t exponent = kUnplaced;
    std::uint32_t wide = 0;  // index into wide_ plus one
  };
  void add_to_window(std::size_t group, double value) {
    Window& window = windows_[group];
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const int biased = static_cast<int>(bits >> kMantissaBits & 0x7ff);
    const int shift = biased - kBias - window.exponent;
    const bool is_normal = biased != 0 && biased != 0x7ff;
    if (!is_normal || shift < 0 || shift > kMostShift) return add_beyond(window, value);
    const auto mantissa = static_cast<std::int64_t>((bits & (kLeadingBit - 1)) | kLeadingBit);
    add_units(window,
              static_cast<Int128>((bits >> 63) != 0 ? -mantissa : mantissa) * (Int128{1} << shift));
  }
  // The first value of all, and what the one window does not hold.
  void add_beyond_shared(std::size_t group, double value);
  // From one window to one for each group.
  void part_windows();
  // The one window reaches down to `exponent`; false where its sums leave no room for that.
  bool lower_shared(std::int32_t exponent);
  Window window_of(std::size_t group) const {
    return is_shared_ ? Window{units_[group], exponent_, 0} : windows_[group];
  }
  Superaccumulator& wide_of(Window& window);
  void add_units(Window& window, Int128 units) {
    Int128 sum = 0;
    if (__builtin_add_overflow(window.units, units, &sum)) {
      wide_of(window).add(window.units, window.exponent);
      sum = units;
    }
    window.units = sum;
  }
  // A window's first value, and what is outside it.
  void add_beyond(Window& window, double value);

  bool is_shared_ = true;
  std::int32_t exponent_ = kUnplaced;  // of the one window
  std::vector<Int128> units_;          // in it
  std::vector<Window> windows_;
  std::deque<Superaccumulator> wide_;
};

}  // namespace stave
