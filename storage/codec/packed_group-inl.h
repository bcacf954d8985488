// Unpacking one group, a vector at a time: for the kernels that store what is packed and for those
// that look at it only. To be included by what Highway compiles for each target.
// Bytes: format-spec/codecs/bit-packing.md.
#if defined(STAVE_PACKED_GROUP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef STAVE_PACKED_GROUP_INL_H_
#undef STAVE_PACKED_GROUP_INL_H_
#else
#define STAVE_PACKED_GROUP_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

#include "storage/codec/bit_packing.h"

HWY_BEFORE_NAMESPACE();
namespace stave {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename Word>
inline constexpr std::size_t kGroupLanes = kGroupValues / (sizeof(Word) * 8);
template <typename Word>
using GroupTag = hn::CappedTag<Word, kGroupLanes<Word>>;

// Calls `each(i, vector)` with values i, i + 1 .. of the group. Word = u32 or u64; width is 1..bits
// of Word.
template <typename Word, typename Each>
HWY_INLINE void for_group(const std::byte* in, unsigned width, const Each& each) {
  constexpr unsigned kBits = sizeof(Word) * 8;
  constexpr std::size_t kLanes = kGroupLanes<Word>;
  const GroupTag<Word> tag;
  const auto mask = hn::Set(tag, static_cast<Word>(~Word{0} >> (kBits - width)));
  std::size_t first = 0;
  for (unsigned row = 0; row < kBits; ++row, first += kLanes) {
    const unsigned bit = row * width;
    const int shift = static_cast<int>(bit % kBits);
    const Word* words = reinterpret_cast<const Word*>(in) + bit / kBits * kLanes;
    if (static_cast<unsigned>(shift) + width <= kBits) {
      for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(tag)) {
        const auto low = hn::ShiftRightSame(hn::LoadU(tag, words + lane), shift);
        each(first + lane, hn::And(low, mask));
      }
    } else {
      const int rest = static_cast<int>(kBits) - shift;
      for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(tag)) {
        const auto low = hn::ShiftRightSame(hn::LoadU(tag, words + lane), shift);
        const auto high = hn::ShiftLeftSame(hn::LoadU(tag, words + kLanes + lane), rest);
        each(first + lane, hn::And(hn::Or(low, high), mask));
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace stave
HWY_AFTER_NAMESPACE();

#endif
