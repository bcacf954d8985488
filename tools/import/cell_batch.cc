// Digits as bytes of 64-bit lanes: no lane needs another one, so that any width of vector does the
// same. Wrong bytes are gathered in words that are zero where all is well; what must not be
// negative, in their sign bits.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tools/import/cell_batch.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <bit>
#include <cstring>

#include "storage/kernel_dispatch.h"
#include "tools/import/cell_batch.h"
#include "tools/import/short_numbers.h"

HWY_BEFORE_NAMESPACE();
namespace stave::loading {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Words = hn::CappedTag<std::uint64_t, 8>;
using Lanes = hn::Vec<Words>;

constexpr std::uint64_t kSixes = 0x0606060606060606;
constexpr std::uint64_t kHighHalves = 0xF0F0F0F0F0F0F0F0;  // of bytes
constexpr std::uint64_t kPoints = 0x2E2E2E2E2E2E2E2E;
constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighBits = 0x8080808080808080;

HWY_INLINE Lanes all(std::uint64_t word) {
  return hn::Set(Words(), word);
}
// The product with the lower 32 bits of each lane.
HWY_INLINE Lanes times(Lanes left, std::uint32_t right) {
#if HWY_TARGET == HWY_SCALAR
  return Lanes((left.raw & 0xFFFFFFFF) * right);
#else
  const hn::Repartition<std::uint32_t, Words> halves;
  return hn::MulEven(hn::BitCast(halves, left), hn::Set(halves, right));
#endif
}
HWY_INLINE Lanes ten_times(Lanes bytes) {
  return hn::Add(hn::ShiftLeft<3>(bytes), hn::ShiftLeft<1>(bytes));
}
// Each digit's byte and the one behind it as a number, in the place of the former.
HWY_INLINE Lanes pairs_of(Lanes digits) {
  return hn::Add(ten_times(digits), hn::ShiftRight<8>(digits));
}
template <int kBits>
HWY_INLINE Lanes byte_at(Lanes word) {
  return hn::And(hn::ShiftRight<kBits>(word), all(0xFF));
}
// Nonzero where one of the bytes under `mask`, of which '0' was taken away, is no digit.
HWY_INLINE Lanes wrong_digits(Lanes digits, std::uint64_t mask) {
  return hn::And(hn::Or(digits, hn::Add(digits, all(kSixes & mask >> 4))), all(mask));
}
// Eight digits as a number.
HWY_INLINE Lanes number_of(Lanes digits) {
  const auto pairs = hn::And(pairs_of(digits), all(0x00FF00FF00FF00FF));
  const auto hundreds =
      hn::Add(hn::Add(hn::ShiftLeft<6>(pairs), hn::ShiftLeft<5>(pairs)), hn::ShiftLeft<2>(pairs));
  const auto fours = hn::And(hn::Add(hundreds, hn::ShiftRight<16>(pairs)), all(0x0000FFFF0000FFFF));
  return hn::Add(times(fours, 10'000), hn::ShiftRight<32>(fours));
}

// How far a cell is to be moved to end with its word; wrong sizes are noted in `signs`.
HWY_INLINE Lanes free_bits(Lanes sizes, Lanes& signs) {
  signs = hn::Or(signs, hn::Or(hn::Sub(sizes, all(1)), hn::Sub(all(8), sizes)));
  return hn::And(hn::ShiftLeft<3>(hn::Sub(all(8), sizes)), all(0x3F));
}

HWY_INLINE void finish(CellBatch& batch, std::size_t at, Lanes values, Lanes wrong, Lanes signs) {
  const Words tag;
  hn::Store(values, tag, reinterpret_cast<std::uint64_t*>(batch.values.data()) + at);
  const auto bad = hn::Ne(hn::Or(wrong, hn::ShiftRight<63>(signs)), hn::Zero(tag));
  std::uint8_t bytes[2 * sizeof(std::uint64_t)] = {};
  hn::StoreMaskBits(tag, bad, bytes);
  std::uint64_t bits = 0;
  std::memcpy(&bits, bytes, sizeof(bits));
  batch.unread[at / 64] |= bits << at % 64;
}

template <typename Read>
HWY_INLINE void read_all(CellBatch& batch, std::size_t count, Read read) {
  batch.unread = {};
  for (std::size_t at = 0; at < count; at += hn::Lanes(Words())) read(at);
  if (count % 64 != 0) batch.unread[count / 64] &= (std::uint64_t{1} << count % 64) - 1;
}

void ReadIntegers(CellBatch& batch, std::size_t count, bool canonical) {
  const auto first_digit = all(canonical ? 0xFF : 0);
  read_all(batch, count, [&](std::size_t at) HWY_ATTR {
    const Words tag;
    auto signs = hn::Zero(tag);
    const auto text = hn::Load(tag, batch.first.data() + at);
    const auto free = free_bits(hn::Load(tag, batch.sizes.data() + at), signs);
    const auto digits = hn::Xor(text, all(kZeroDigits));
    // A first digit of zero becomes a sign, by the borrow.
    const auto first = hn::And(digits, first_digit);
    signs = hn::Or(signs, hn::Sub(first, hn::And(first_digit, all(1))));
    const auto moved = hn::Shl(digits, free);
    finish(batch, at, number_of(moved), wrong_digits(moved, kHighHalves), signs);
  });
}

void ReadDecimals(CellBatch& batch, std::size_t count, int precision, int scale) {
  const std::uint64_t most = kPowersOfTen[static_cast<std::size_t>(precision)] - 1;
  const auto scale_bits = 8 * static_cast<std::uint64_t>(scale);
  read_all(batch, count, [&](std::size_t at) HWY_ATTR {
    const Words tag;
    auto signs = hn::Zero(tag);
    const auto sizes = hn::Load(tag, batch.sizes.data() + at);
    const auto free = free_bits(sizes, signs);
    // Digit zeros where the cell has no bytes.
    const auto text =
        hn::Xor(hn::Shl(hn::Xor(hn::Load(tag, batch.first.data() + at), all(kZeroDigits)), free),
                all(kZeroDigits));
    // The lowest byte that is a point has its high bit set.
    const auto differs = hn::Xor(text, all(kPoints));
    const auto points = hn::And(hn::AndNot(differs, hn::Sub(differs, all(kOnes))), all(kHighBits));
    const auto point = hn::And(points, hn::Sub(hn::Zero(tag), points));
    const auto has_point = hn::Ne(point, hn::Zero(tag));
    // Bits of the bytes before the point; all where there is none.
    const auto before = hn::Sub(hn::ShiftRight<7>(point), all(1));
    const auto digits = hn::Xor(text, all(kZeroDigits));
    const auto behind = hn::AndNot(hn::Or(hn::ShiftLeft<8>(before), all(0xFF)), digits);
    const auto closed_up = hn::Or(hn::ShiftLeft<8>(hn::And(digits, before)), behind);
    const auto all_digits = hn::IfThenElse(has_point, closed_up, digits);
    const auto fraction_bits =
        hn::IfThenElseZero(has_point, hn::Sub(all(56), hn::PopulationCount(before)));
    // A point that nothing follows, or nothing at all but a point, is none of a number.
    const auto least_fraction = hn::IfThenElseZero(has_point, all(8));
    signs = hn::Or(signs, hn::Sub(fraction_bits, least_fraction));
    // Zeros are added by moving digits up, of which the first ones must then be zeros.
    const auto added = hn::Sub(all(scale_bits), fraction_bits);
    signs = hn::Or(signs, added);
    const auto shift = hn::And(added, all(0x3F));
    const auto value_digits = hn::Shr(all_digits, shift);
    const auto lost = hn::Xor(hn::Shl(value_digits, shift), all_digits);
    const auto value = number_of(value_digits);
    signs = hn::Or(signs, hn::Sub(all(most), value));
    finish(batch, at, value, hn::Or(lost, wrong_digits(all_digits, kHighHalves)), signs);
  });
}

constexpr std::uint64_t kDaysBefore1970 = 719'468;

// Of `YYYY-MM-DD`, days since the first of March of the year 0. No leap day is read.
HWY_INLINE Lanes read_day(Lanes first, Lanes second, Lanes& wrong, Lanes& signs) {
  const auto date = hn::Xor(first, all(0x2D30302D30303030));
  const auto day_digits = hn::And(hn::Xor(second, all(0x3030)), all(0xFFFF));
  const auto dashes = hn::And(date, all(0xFF0000FF00000000));
  wrong = hn::Or(wrong, hn::Or(dashes, hn::Or(wrong_digits(date, 0x00F0F000F0F0F0F0),
                                              wrong_digits(day_digits, 0xF0F0))));
  const auto pairs = pairs_of(date);
  const auto year = hn::Add(times(byte_at<0>(pairs), 100), byte_at<16>(pairs));
  const auto month = byte_at<40>(pairs);
  const auto day = byte_at<0>(pairs_of(day_digits));
  const auto is_february = hn::Eq(month, all(2));
  const auto odd = hn::And(hn::Add(month, hn::ShiftRight<3>(month)), all(1));
  const auto last_day = hn::IfThenElse(is_february, all(28), hn::Add(all(30), odd));
  signs = hn::Or(hn::Or(signs, hn::Sub(last_day, day)),
                 hn::Or(hn::Or(hn::Sub(year, all(1)), hn::Sub(month, all(1))),
                        hn::Or(hn::Sub(all(12), month), hn::Sub(day, all(1)))));
  // Years begin in March, so that the leap day is their last.
  const auto is_early = hn::ShiftRight<63>(hn::Sub(month, all(3)));
  const auto march_year = hn::Sub(year, is_early);
  const auto march_month = hn::Sub(hn::Add(month, times(is_early, 12)), all(3));
  const auto centuries = hn::ShiftRight<19>(times(march_year, 5243));
  const auto leap_days =
      hn::Add(hn::Sub(hn::ShiftRight<2>(march_year), centuries), hn::ShiftRight<2>(centuries));
  // (153 * month + 2) / 5
  const auto month_days =
      hn::ShiftRight<18>(times(hn::Add(times(march_month, 153), all(2)), 52'429));
  return hn::Add(hn::Add(times(march_year, 365), leap_days),
                 hn::Add(month_days, hn::Sub(day, all(1))));
}

void ReadDates(CellBatch& batch, std::size_t count) {
  constexpr std::uint64_t kSize = 10;
  read_all(batch, count, [&](std::size_t at) HWY_ATTR {
    const Words tag;
    auto wrong = hn::Xor(hn::Load(tag, batch.sizes.data() + at), all(kSize));
    auto signs = hn::Zero(tag);
    const auto days = read_day(hn::Load(tag, batch.first.data() + at),
                               hn::Load(tag, batch.second.data() + at), wrong, signs);
    finish(batch, at, hn::Sub(days, all(kDaysBefore1970)), wrong, signs);
  });
}

void ReadTimes(CellBatch& batch, std::size_t count) {
  constexpr std::uint64_t kSize = 19;
  constexpr std::uint32_t kSecondsOfDay = 86'400;
  constexpr std::uint32_t kMicros = 1'000'000;
  read_all(batch, count, [&](std::size_t at) HWY_ATTR {
    const Words tag;
    auto wrong = hn::Xor(hn::Load(tag, batch.sizes.data() + at), all(kSize));
    auto signs = hn::Zero(tag);
    const auto second = hn::Load(tag, batch.second.data() + at);
    const auto days = read_day(hn::Load(tag, batch.first.data() + at), second, wrong, signs);
    // A blank or a T.
    const auto between = byte_at<16>(second);
    const auto is_usual = hn::Or(hn::Eq(between, all(' ')), hn::Eq(between, all('T')));
    const auto wrong_between = hn::IfThenZeroElse(is_usual, all(1));
    const auto clock = hn::Xor(hn::Load(tag, batch.clock.data() + at), all(0x30303A30303A3030));
    const auto colons = hn::And(clock, all(0x0000FF0000FF0000));
    wrong = hn::Or(hn::Or(wrong, wrong_between),
                   hn::Or(colons, wrong_digits(clock, 0xF0F000F0F000F0F0)));
    const auto pairs = pairs_of(clock);
    const auto hour = byte_at<0>(pairs);
    const auto minute = byte_at<24>(pairs);
    const auto seconds = byte_at<48>(pairs);
    signs = hn::Or(hn::Or(signs, hn::Sub(all(23), hour)),
                   hn::Or(hn::Sub(all(59), minute), hn::Sub(all(59), seconds)));
    const auto of_day = hn::Add(hn::Add(times(hour, 3600), times(minute, 60)), seconds);
    const auto total = hn::Add(times(days, kSecondsOfDay), of_day);
    const auto micros = hn::Add(times(total, kMicros),
                                hn::ShiftLeft<32>(times(hn::ShiftRight<32>(total), kMicros)));
    constexpr std::uint64_t kBefore1970 = kDaysBefore1970 * kSecondsOfDay * kMicros;
    finish(batch, at, hn::Sub(micros, all(kBefore1970)), wrong, signs);
  });
}

}  // namespace HWY_NAMESPACE
}  // namespace stave::loading
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::loading {

STAVE_KERNEL(ReadIntegers);
STAVE_KERNEL(ReadDecimals);
STAVE_KERNEL(ReadDates);
STAVE_KERNEL(ReadTimes);

void read_integers(CellBatch& batch, std::size_t count, bool canonical) {
  STAVE_RUN_KERNEL(ReadIntegers)(batch, count, canonical);
}
void read_decimals(CellBatch& batch, std::size_t count, int precision, int scale) {
  STAVE_RUN_KERNEL(ReadDecimals)(batch, count, precision, scale);
}
void read_dates(CellBatch& batch, std::size_t count) {
  STAVE_RUN_KERNEL(ReadDates)(batch, count);
}
void read_times(CellBatch& batch, std::size_t count) {
  STAVE_RUN_KERNEL(ReadTimes)(batch, count);
}

}  // namespace stave::loading
#endif
