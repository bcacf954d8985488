// Dealing with Highway: as many rows at once as a vector has lanes, at most eight. The next values
// of both lists are loaded and moved to the lanes whose bit asks for them.
#include <array>
#include <bit>

#include "storage/codec/deal.h"
#include "storage/kernel_dispatch.h"

#ifndef STAVE_DEAL_PLACES
#define STAVE_DEAL_PLACES
namespace stave {

// For eight bits: how many of them before each are set.
using DealPlaces = std::array<std::array<std::uint8_t, 8>, 256>;
inline constexpr DealPlaces kDealPlaces = [] {
  DealPlaces places{};
  for (unsigned bits = 0; bits < 256; ++bits) {
    for (unsigned lane = 0; lane < 8; ++lane) {
      places[bits][lane] = static_cast<std::uint8_t>(std::popcount(bits & ((1U << lane) - 1)));
    }
  }
  return places;
}();

// For eight bits: where each lane's value is among eight of the first list, which come before eight
// of the second.
inline constexpr DealPlaces kDealOrder = [] {
  DealPlaces order{};
  for (unsigned bits = 0; bits < 256; ++bits) {
    for (unsigned lane = 0; lane < 8; ++lane) {
      const unsigned ones = kDealPlaces[bits][lane];
      order[bits][lane] =
          static_cast<std::uint8_t>((bits >> lane & 1) != 0 ? 8 + ones : lane - ones);
    }
  }
  return order;
}();

}  // namespace stave
#endif

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "storage/codec/deal_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace stave {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// The places of the lanes whose bits are `set`.
template <typename Tag>
HWY_ATTR auto places_of(Tag tag, unsigned set) {
  const hn::Rebind<std::uint8_t, Tag> bytes_tag;
  const hn::Rebind<std::uint32_t, Tag> words_tag;
  const auto words = hn::PromoteTo(words_tag, hn::LoadU(bytes_tag, kDealPlaces[set].data()));
  if constexpr (sizeof(hn::TFromD<Tag>) == 8) {
    return hn::IndicesFromVec(tag, hn::PromoteTo(tag, words));
  } else {
    return hn::IndicesFromVec(tag, words);
  }
}

// Calls `each(row, from_ones, places of ones, places of zeros, how many ones)` for as many rows at
// once as there are lanes; gives the first row that is left.
template <typename Tag, typename Each>
HWY_ATTR std::size_t for_lanes(Tag tag, const std::uint64_t* bits, std::size_t rows,
                               const Each& each) {
  const std::size_t lanes = hn::Lanes(tag);
  const unsigned all = (1U << lanes) - 1;
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    const auto set = static_cast<unsigned>(bits[row / 64] >> (row % 64)) & all;
    const auto set_bytes = static_cast<std::uint64_t>(set);
    const auto from_ones = hn::LoadMaskBits(tag, reinterpret_cast<const std::uint8_t*>(&set_bytes));
    each(row, from_ones, places_of(tag, set), places_of(tag, ~set & all),
         kDealPlaces[set][7] + (set >> 7));
  }
  return row;
}

#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
// The machine has an instruction for it, which Highway has no name for yet: the next values of a
// list are loaded to the lanes whose bit is set.
constexpr std::size_t kWholeLanes = 512 / 8;

HWY_ATTR inline __m512i expand(__m512i others, unsigned lanes, const std::uint32_t* next) {
  return _mm512_mask_expandloadu_epi32(others, static_cast<__mmask16>(lanes), next);
}
HWY_ATTR inline __m512i expand(__m512i others, unsigned lanes, const std::uint64_t* next) {
  return _mm512_mask_expandloadu_epi64(others, static_cast<__mmask8>(lanes), next);
}

// Calls `each(row, bits of the lanes)`; gives the first row that is left.
template <typename T, typename Each>
HWY_ATTR std::size_t for_whole_vectors(const std::uint64_t* bits, std::size_t rows,
                                       const Each& each) {
  constexpr std::size_t kLanes = kWholeLanes / sizeof(T);
  std::size_t row = 0;
  for (; row + kLanes <= rows; row += kLanes) {
    each(row, static_cast<unsigned>(bits[row / 64] >> (row % 64)) & ((1U << kLanes) - 1));
  }
  return row;
}

// Lanes of two vectors in an order of kDealOrder, likewise.
HWY_ATTR inline void store_dealt(const std::uint8_t* order, const std::uint64_t* zeros,
                                 const std::uint64_t* ones, std::uint64_t* values) {
  const __m512i lanes =
      _mm512_cvtepu8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(order)));
  _mm512_storeu_si512(values, _mm512_permutex2var_epi64(_mm512_loadu_si512(zeros), lanes,
                                                        _mm512_loadu_si512(ones)));
}
HWY_ATTR inline void store_dealt(const std::uint8_t* order, const std::uint32_t* zeros,
                                 const std::uint32_t* ones, std::uint32_t* values) {
  const auto load = [](const std::uint32_t* from) HWY_ATTR {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  };
  const __m256i lanes =
      _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(order)));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(values),
                      _mm256_permutex2var_epi32(load(zeros), lanes, load(ones)));
}

// One permutation for eight rows: less than half of what loading both lists to their lanes takes.
template <typename T>
HWY_ATTR void deal_all(const std::uint64_t* bits, std::size_t rows, const T* zeros, const T* ones,
                       T* values) {
  std::size_t row = 0;
  for (; row + 8 <= rows; row += 8) {
    const auto set = static_cast<std::uint8_t>(bits[row / 64] >> (row % 64));
    store_dealt(kDealOrder[set].data(), zeros, ones, values + row);
    const auto count = static_cast<std::size_t>(__builtin_popcount(set));
    ones += count;
    zeros += 8 - count;
  }
  deal_scalar(bits, row, rows, zeros, ones, values);
}

template <typename T>
HWY_ATTR void spread_all(const std::uint64_t* bits, std::size_t rows, T usual, const T* ones,
                         T* values) {
  const __m512i low = sizeof(T) == 4 ? _mm512_set1_epi32(static_cast<int>(usual))
                                     : _mm512_set1_epi64(static_cast<long long>(usual));
  const std::size_t row =
      for_whole_vectors<T>(bits, rows, [&](std::size_t at, unsigned set) HWY_ATTR {
        _mm512_storeu_si512(values + at, expand(low, set, ones));
        ones += static_cast<std::size_t>(__builtin_popcount(set));
      });
  spread_scalar(bits, row, rows, usual, ones, values);
}

template <typename T>
HWY_ATTR void patch_all(const std::uint64_t* bits, std::size_t rows, const T* ones, T* values) {
  const std::size_t row =
      for_whole_vectors<T>(bits, rows, [&](std::size_t at, unsigned set) HWY_ATTR {
        if (set == 0) return;
        _mm512_storeu_si512(values + at, expand(_mm512_loadu_si512(values + at), set, ones));
        ones += static_cast<std::size_t>(__builtin_popcount(set));
      });
  patch_scalar(bits, row, rows, ones, values);
}
#else
template <typename T>
HWY_ATTR void deal_all(const std::uint64_t* bits, std::size_t rows, const T* zeros, const T* ones,
                       T* values) {
  const hn::CappedTag<T, 8> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const std::size_t row = for_lanes(
      tag, bits, rows,
      [&](std::size_t at, auto from_ones, auto of_ones, auto of_zeros, std::size_t count) HWY_ATTR {
        const auto low = hn::TableLookupLanes(hn::LoadU(tag, zeros), of_zeros);
        const auto high = hn::TableLookupLanes(hn::LoadU(tag, ones), of_ones);
        hn::StoreU(hn::IfThenElse(from_ones, high, low), tag, values + at);
        ones += count;
        zeros += lanes - count;
      });
  deal_scalar(bits, row, rows, zeros, ones, values);
}

template <typename T>
HWY_ATTR void spread_all(const std::uint64_t* bits, std::size_t rows, T usual, const T* ones,
                         T* values) {
  const hn::CappedTag<T, 8> tag;
  const auto low = hn::Set(tag, usual);
  const std::size_t row = for_lanes(
      tag, bits, rows,
      [&](std::size_t at, auto from_ones, auto of_ones, auto, std::size_t count) HWY_ATTR {
        const auto high = hn::TableLookupLanes(hn::LoadU(tag, ones), of_ones);
        hn::StoreU(hn::IfThenElse(from_ones, high, low), tag, values + at);
        ones += count;
      });
  spread_scalar(bits, row, rows, usual, ones, values);
}

template <typename T>
HWY_ATTR void patch_all(const std::uint64_t* bits, std::size_t rows, const T* ones, T* values) {
  const hn::CappedTag<T, 8> tag;
  const std::size_t row = for_lanes(
      tag, bits, rows,
      [&](std::size_t at, auto from_ones, auto of_ones, auto, std::size_t count) HWY_ATTR {
        if (count == 0) return;
        const auto high = hn::TableLookupLanes(hn::LoadU(tag, ones), of_ones);
        hn::StoreU(hn::IfThenElse(from_ones, high, hn::LoadU(tag, values + at)), tag, values + at);
        ones += count;
      });
  patch_scalar(bits, row, rows, ones, values);
}
#endif

HWY_ATTR void deal_codes(const std::uint64_t* bits, std::size_t rows, const std::uint32_t* zeros,
                         const std::uint32_t* ones, std::uint32_t* values) {
  deal_all(bits, rows, zeros, ones, values);
}
HWY_ATTR void deal_integers(const std::uint64_t* bits, std::size_t rows, const std::uint64_t* zeros,
                            const std::uint64_t* ones, std::uint64_t* values) {
  deal_all(bits, rows, zeros, ones, values);
}
HWY_ATTR void spread_codes(const std::uint64_t* bits, std::size_t rows, std::uint32_t usual,
                           const std::uint32_t* ones, std::uint32_t* values) {
  spread_all(bits, rows, usual, ones, values);
}
HWY_ATTR void spread_integers(const std::uint64_t* bits, std::size_t rows, std::uint64_t usual,
                              const std::uint64_t* ones, std::uint64_t* values) {
  spread_all(bits, rows, usual, ones, values);
}
HWY_ATTR void patch_codes(const std::uint64_t* bits, std::size_t rows, const std::uint32_t* ones,
                          std::uint32_t* values) {
  patch_all(bits, rows, ones, values);
}
HWY_ATTR void patch_integers(const std::uint64_t* bits, std::size_t rows, const std::uint64_t* ones,
                             std::uint64_t* values) {
  patch_all(bits, rows, ones, values);
}

}  // namespace HWY_NAMESPACE
}  // namespace stave
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave {
STAVE_KERNEL(deal_codes);
STAVE_KERNEL(deal_integers);
STAVE_KERNEL(spread_codes);
STAVE_KERNEL(spread_integers);
STAVE_KERNEL(patch_codes);
STAVE_KERNEL(patch_integers);

namespace {
const std::uint64_t* unsigned_of(const std::int64_t* values) {
  return reinterpret_cast<const std::uint64_t*>(values);
}
}  // namespace

void deal(const std::uint64_t* bits, std::size_t rows, const std::uint32_t* zeros,
          const std::uint32_t* ones, std::uint32_t* values) {
  STAVE_RUN_KERNEL(deal_codes)(bits, rows, zeros, ones, values);
}
void deal(const std::uint64_t* bits, std::size_t rows, const std::int64_t* zeros,
          const std::int64_t* ones, std::int64_t* values) {
  STAVE_RUN_KERNEL(deal_integers)
  (bits, rows, unsigned_of(zeros), unsigned_of(ones), reinterpret_cast<std::uint64_t*>(values));
}
void spread(const std::uint64_t* bits, std::size_t rows, std::uint32_t usual,
            const std::uint32_t* ones, std::uint32_t* values) {
  STAVE_RUN_KERNEL(spread_codes)(bits, rows, usual, ones, values);
}
void spread(const std::uint64_t* bits, std::size_t rows, std::int64_t usual,
            const std::int64_t* ones, std::int64_t* values) {
  STAVE_RUN_KERNEL(spread_integers)
  (bits, rows, static_cast<std::uint64_t>(usual), unsigned_of(ones),
   reinterpret_cast<std::uint64_t*>(values));
}
void patch(const std::uint64_t* bits, std::size_t rows, const std::uint32_t* ones,
           std::uint32_t* values) {
  STAVE_RUN_KERNEL(patch_codes)(bits, rows, ones, values);
}
void patch(const std::uint64_t* bits, std::size_t rows, const std::int64_t* ones,
           std::int64_t* values) {
  STAVE_RUN_KERNEL(patch_integers)
  (bits, rows, unsigned_of(ones), reinterpret_cast<std::uint64_t*>(values));
}
}  // namespace stave
#endif  // HWY_ONCE
