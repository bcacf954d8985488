// Keeping values with Highway: see keep_kernels.h.
#include "storage/codec/keep_kernels.h"

#include "storage/kernel_dispatch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "storage/codec/keep_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "storage/codec/packed_group-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stave {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Of whole words of bits.
template <typename T>
HWY_INLINE std::size_t keep_words(const T* values, const std::uint64_t* bits, std::size_t words,
                                  T* kept) {
  const hn::ScalableTag<T> tag;
  std::size_t count = 0;
  for (std::size_t at = 0; at < words; ++at, values += 64) {
    const std::uint64_t word = bits[at];
    if (word == 0) continue;
    for (std::size_t lane = 0; lane < 64; lane += hn::Lanes(tag)) {
      const std::uint64_t part = word >> lane;
      std::uint8_t bytes[8];
      hwy::CopyBytes<8>(&part, bytes);
      count += hn::CompressStore(hn::LoadU(tag, values + lane), hn::LoadMaskBits(tag, bytes), tag,
                                 kept + count);
    }
  }
  return count;
}

template <typename T>
HWY_INLINE std::size_t keep(const T* values, const std::uint64_t* bits, std::size_t rows, T* kept) {
  const std::size_t words = rows / 64;
  const std::size_t count = keep_words(values, bits, words, kept);
  return count + scalar::keep_values(values + words * 64, bits + words, rows % 64, kept + count);
}
HWY_ATTR std::size_t keep32(const std::uint32_t* values, const std::uint64_t* bits,
                            std::size_t rows, std::uint32_t* kept) {
  return keep(values, bits, rows, kept);
}
HWY_ATTR std::size_t keep64(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows,
                            std::int64_t* kept) {
  return keep(values, bits, rows, kept);
}

HWY_ATTR std::size_t keep_packed32(const std::byte* in, std::size_t groups, unsigned width,
                                   const std::uint64_t* bits, std::uint32_t* kept) {
  constexpr std::size_t kWords = kGroupValues / 64;
  const GroupTag<std::uint32_t> tag;
  std::uint32_t values[kGroupValues];
  std::size_t count = 0;
  for (std::size_t group = 0; group < groups; ++group, bits += kWords) {
    std::uint64_t any = 0;
    for (std::size_t word = 0; word < kWords; ++word) any |= bits[word];
    if (any != 0) {
      for_group<std::uint32_t>(in, width, [&](std::size_t i, auto vector) HWY_ATTR {
        hn::StoreU(vector, tag, values + i);
      });
      count += keep_words(values, bits, kWords, kept + count);
    }
    in += std::size_t{kGroupValues / 8} * width;
  }
  return count;
}

HWY_ATTR void widen64(const std::uint32_t* values, std::size_t count, std::uint64_t base,
                      std::uint64_t factor, std::uint64_t* out) {
  const hn::ScalableTag<std::uint64_t> tag;
  const hn::Rebind<std::uint32_t, decltype(tag)> narrow_tag;
  const auto bases = hn::Set(tag, base);
  const auto factors = hn::Set(tag, factor);
  std::size_t i = 0;
  for (; i + hn::Lanes(tag) <= count; i += hn::Lanes(tag)) {
    auto value = hn::PromoteTo(tag, hn::LoadU(narrow_tag, values + i));
    if (factor != 1) value = hn::Mul(value, factors);
    hn::StoreU(hn::Add(value, bases), tag, out + i);
  }
  scalar::widen(values + i, count - i, base, factor, out + i);
}

}  // namespace HWY_NAMESPACE
}  // namespace stave
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave {
STAVE_KERNEL(keep32);
STAVE_KERNEL(keep64);
STAVE_KERNEL(keep_packed32);
STAVE_KERNEL(widen64);

std::size_t keep_values(const std::uint32_t* values, const std::uint64_t* bits, std::size_t rows,
                        std::uint32_t* kept) {
  return STAVE_RUN_KERNEL(keep32)(values, bits, rows, kept);
}
std::size_t keep_values(const std::int64_t* values, const std::uint64_t* bits, std::size_t rows,
                        std::int64_t* kept) {
  return STAVE_RUN_KERNEL(keep64)(values, bits, rows, kept);
}
std::size_t keep_packed(const std::byte* in, std::size_t groups, unsigned width,
                        const std::uint64_t* bits, std::uint32_t* kept) {
  return STAVE_RUN_KERNEL(keep_packed32)(in, groups, width, bits, kept);
}
void widen(const std::uint32_t* values, std::size_t count, std::uint64_t base, std::uint64_t factor,
           std::uint64_t* out) {
  STAVE_RUN_KERNEL(widen64)(values, count, base, factor, out);
}
}  // namespace stave
#endif  // HWY_ONCE
