// Tests with Highway: a vector of values to as many bits: see test_kernels.h.
#include "storage/codec/test_kernels.h"

#include "storage/kernel_dispatch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "storage/codec/test_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "storage/codec/packed_group-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stave {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename Tag, typename Mask>
HWY_INLINE std::uint64_t bits_of(Tag tag, Mask mask) {
  std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(tag, mask, bytes);
  std::uint64_t bits = 0;
  hwy::CopyBytes<8>(bytes, &bits);
  return bits;
}

// Calls `passes(vector)` for the values of whole words of bits; gives the first row that is left.
template <typename Tag, typename Passes>
HWY_INLINE std::size_t for_words(Tag tag, const hn::TFromD<Tag>* values, std::size_t rows,
                                 std::uint64_t* bits, const Passes& passes) {
  std::size_t row = 0;
  for (; row + 64 <= rows; row += 64) {
    std::uint64_t word = 0;
    for (std::size_t lane = 0; lane < 64; lane += hn::Lanes(tag)) {
      word |= bits_of(tag, passes(hn::LoadU(tag, values + row + lane))) << lane;
    }
    bits[row / 64] = word;
  }
  return row;
}

template <typename V>
HWY_INLINE auto is_within(V value, V low, V span) {
  const auto step = hn::Sub(value, low);
  return hn::Eq(hn::Min(step, span), step);
}

HWY_ATTR void within32(const std::uint32_t* values, std::size_t rows, std::uint32_t low,
                       std::uint32_t span, std::uint64_t* bits) {
  const hn::ScalableTag<std::uint32_t> tag;
  const auto lows = hn::Set(tag, low);
  const auto spans = hn::Set(tag, span);
  const std::size_t row = for_words(
      tag, values, rows, bits, [&](auto value) HWY_ATTR { return is_within(value, lows, spans); });
  scalar::test(
      values + row, rows - row, [&](std::uint32_t value) { return value - low <= span; },
      bits + row / 64);
}

HWY_ATTR void within64(const std::int64_t* values, std::size_t rows, std::int64_t low,
                       std::int64_t high, std::uint64_t* bits) {
  const hn::ScalableTag<std::int64_t> tag;
  const auto lows = hn::Set(tag, low);
  const auto highs = hn::Set(tag, high);
  const std::size_t row = for_words(tag, values, rows, bits, [&](auto value) HWY_ATTR {
    return hn::Not(hn::Or(hn::Lt(value, lows), hn::Lt(highs, value)));
  });
  scalar::test(
      values + row, rows - row, [&](std::int64_t value) { return value >= low && value <= high; },
      bits + row / 64);
}

template <typename T>
HWY_INLINE void listed(const T* values, std::size_t rows, const T* list, std::size_t count,
                       std::uint64_t* bits) {
  const hn::ScalableTag<T> tag;
  const std::size_t row = for_words(tag, values, rows, bits, [&](auto value) HWY_ATTR {
    auto found = hn::Eq(value, hn::Set(tag, list[0]));
    for (std::size_t i = 1; i < count; ++i) {
      found = hn::Or(found, hn::Eq(value, hn::Set(tag, list[i])));
    }
    return found;
  });
  scalar::test(
      values + row, rows - row,
      [&](T value) {
        bool found = false;
        for (std::size_t i = 0; i < count; ++i) found = found || list[i] == value;
        return found;
      },
      bits + row / 64);
}
HWY_ATTR void listed32(const std::uint32_t* values, std::size_t rows, const std::uint32_t* list,
                       std::size_t count, std::uint64_t* bits) {
  listed(values, rows, list, count, bits);
}
HWY_ATTR void listed64(const std::int64_t* values, std::size_t rows, const std::int64_t* list,
                       std::size_t count, std::uint64_t* bits) {
  listed(values, rows, list, count, bits);
}

HWY_ATTR void packed_within(const std::byte* in, std::size_t groups, unsigned width,
                            std::uint32_t low, std::uint32_t span, std::uint64_t* bits) {
  const GroupTag<std::uint32_t> tag;
  const auto lows = hn::Set(tag, low);
  const auto spans = hn::Set(tag, span);
  for (std::size_t group = 0; group < groups; ++group) {
    std::uint64_t word = 0;
    for_group<std::uint32_t>(in, width, [&](std::size_t i, auto value) HWY_ATTR {
      word |= bits_of(tag, is_within(value, lows, spans)) << (i % 64);
      if (i % 64 + hn::Lanes(tag) == 64) {
        *bits++ = word;
        word = 0;
      }
    });
    in += std::size_t{kGroupValues / 8} * width;
  }
}

#if HWY_TARGET <= HWY_AVX2 && HWY_ARCH_X86_64
HWY_ATTR inline std::uint64_t expand_word(std::uint64_t part, std::uint64_t mask) {
  return _pdep_u64(part, mask);
}
HWY_ATTR inline std::uint64_t compress_word(std::uint64_t bits, std::uint64_t mask) {
  return _pext_u64(bits, mask);
}
#else
using scalar::compress_word;
using scalar::expand_word;
#endif

HWY_ATTR void expand_words(const std::uint64_t* part, const std::uint64_t* mask, std::size_t words,
                           std::uint64_t* out) {
  std::size_t at = 0;
  for (std::size_t word = 0; word < words; ++word) {
    const std::size_t shift = at % 64;
    std::uint64_t next = part[at / 64] >> shift;
    if (shift != 0) next |= part[at / 64 + 1] << (64 - shift);
    out[word] = mask[word] == ~std::uint64_t{0} ? next : expand_word(next, mask[word]);
    at += static_cast<std::size_t>(std::popcount(mask[word]));
  }
}

HWY_ATTR void compress_words(const std::uint64_t* bits, const std::uint64_t* mask,
                             std::size_t words, std::uint64_t* out) {
  std::uint64_t filled = 0;
  std::size_t count = 0;  // bits in `filled`
  for (std::size_t word = 0; word < words; ++word) {
    const std::uint64_t part =
        mask[word] == ~std::uint64_t{0} ? bits[word] : compress_word(bits[word], mask[word]);
    filled |= part << count;
    const std::size_t after = count + static_cast<std::size_t>(std::popcount(mask[word]));
    if (after >= 64) {
      *out++ = filled;
      filled = count == 0 ? 0 : part >> (64 - count);
    }
    count = after % 64;
  }
  *out = filled;
}

}  // namespace HWY_NAMESPACE
}  // namespace stave
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave {
STAVE_KERNEL(within32);
STAVE_KERNEL(within64);
STAVE_KERNEL(listed32);
STAVE_KERNEL(listed64);
STAVE_KERNEL(packed_within);
STAVE_KERNEL(expand_words);
STAVE_KERNEL(compress_words);

void test_within(const std::uint32_t* values, std::size_t rows, std::uint32_t low,
                 std::uint32_t span, std::uint64_t* bits) {
  STAVE_RUN_KERNEL(within32)(values, rows, low, span, bits);
}
void test_within(const std::int64_t* values, std::size_t rows, std::int64_t low, std::int64_t high,
                 std::uint64_t* bits) {
  STAVE_RUN_KERNEL(within64)(values, rows, low, high, bits);
}
void test_listed(const std::uint32_t* values, std::size_t rows, std::span<const std::uint32_t> list,
                 std::uint64_t* bits) {
  STAVE_RUN_KERNEL(listed32)(values, rows, list.data(), list.size(), bits);
}
void test_listed(const std::int64_t* values, std::size_t rows, std::span<const std::int64_t> list,
                 std::uint64_t* bits) {
  STAVE_RUN_KERNEL(listed64)(values, rows, list.data(), list.size(), bits);
}
void test_packed_within(const std::byte* in, std::size_t groups, unsigned width, std::uint32_t low,
                        std::uint32_t span, std::uint64_t* bits) {
  STAVE_RUN_KERNEL(packed_within)(in, groups, width, low, span, bits);
}
void expand_bits(const std::uint64_t* part, const std::uint64_t* mask, std::size_t words,
                 std::uint64_t* out) {
  STAVE_RUN_KERNEL(expand_words)(part, mask, words, out);
}
void compress_bits(const std::uint64_t* bits, const std::uint64_t* mask, std::size_t words,
                   std::uint64_t* out) {
  STAVE_RUN_KERNEL(compress_words)(bits, mask, words, out);
}
}  // namespace stave
#endif  // HWY_ONCE
