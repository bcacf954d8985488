// The loops of mark.h compiled for every instruction set.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/mark.cc"
#include "hwy/foreach_target.h"  // must come before highway.h

#include "engine/kernels/mark.h"
#include "hwy/highway.h"
#include "storage/kernel_dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace stave::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void set_marks(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows) {
  const hn::ScalableTag<std::uint32_t> d;
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  if (rows == 0) return;
  scalar::set_marks(bits, codes, 1);
  std::uint32_t others[kLanes];
  std::size_t row = 1;
  for (; row + kLanes <= rows; row += kLanes) {
    const auto here = hn::LoadU(d, codes + row);
    const auto is_other = hn::Ne(here, hn::LoadU(d, codes + row - 1));
    if (hn::CountTrue(d, is_other) > kLanes / 2) {
      scalar::set_marks(bits, codes + row, kLanes);
    } else {
      scalar::set_marks(bits, others, hn::CompressStore(here, is_other, d, others));
    }
  }
  scalar::set_marks(bits, codes + row, rows - row);
}
void set_marks_by_group(std::uint64_t* bits, std::size_t words, std::uint32_t first_group,
                        const std::uint32_t* groups, const std::uint32_t* codes, std::size_t rows) {
  if (words == 1) return scalar::set_marks_by_group(bits, 1, first_group, groups, codes, rows);
  scalar::set_marks_by_group(bits, words, first_group, groups, codes, rows);
}
std::size_t mark_codes(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows) {
  return scalar::mark_codes(bits, codes, rows);
}
std::size_t mark_and_list(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows,
                          std::uint32_t* fresh) {
  return scalar::mark_and_list(bits, codes, rows, fresh);
}
std::size_t mark_by_group(std::uint64_t* bits, const std::uint32_t* codes,
                          const std::uint32_t* groups, std::size_t rows, std::uint32_t* fresh,
                          std::int64_t* counts) {
  return scalar::mark_by_group(bits, codes, groups, rows, fresh, counts);
}

// Codes that were marked before, which most are, are told several at a time; the others are looked
// at again one by one, since two of them may be the same.
void mark_rows(std::uint32_t* bits, const std::uint32_t* codes, std::size_t rows,
               std::uint64_t* is_fresh) {
  const hn::ScalableTag<std::uint32_t> d;
  const hn::RebindToSigned<decltype(d)> places;
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  std::size_t first = 0;
  for (; first + 64 <= rows; first += 64) {
    std::uint64_t unmarked = 0;
    for (std::size_t lane = 0; lane < 64; lane += kLanes) {
      const auto here = hn::LoadU(d, codes + first + lane);
      const auto words = hn::GatherIndex(d, bits, hn::BitCast(places, hn::ShiftRight<5>(here)));
      const auto bit = hn::Shl(hn::Set(d, 1), hn::And(here, hn::Set(d, 31)));
      std::uint8_t bytes[8] = {};
      hn::StoreMaskBits(d, hn::Eq(hn::And(words, bit), hn::Zero(d)), bytes);
      std::uint64_t mask = 0;
      hwy::CopyBytes<8>(bytes, &mask);
      unmarked |= mask << lane;
    }
    std::uint64_t fresh = 0;
    for (; unmarked != 0; unmarked &= unmarked - 1) {
      const std::uint32_t code = codes[first + static_cast<std::size_t>(__builtin_ctzll(unmarked))];
      const std::uint32_t word = bits[code / 32];
      bits[code / 32] = word | std::uint32_t{1} << code % 32;
      if ((word >> code % 32 & 1) == 0) fresh |= unmarked & (~unmarked + 1);
    }
    is_fresh[first / 64] = fresh;
  }
  if (first < rows) scalar::mark_rows(bits, codes + first, rows - first, is_fresh + first / 64);
}

}  // namespace stave::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave::kernels {

STAVE_KERNEL(set_marks);
STAVE_KERNEL(set_marks_by_group);
STAVE_KERNEL(mark_codes);
STAVE_KERNEL(mark_and_list);
STAVE_KERNEL(mark_by_group);
STAVE_KERNEL(mark_rows);

void set_marks(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows) {
  STAVE_RUN_KERNEL(set_marks)(bits, codes, rows);
}
void set_marks_by_group(std::uint64_t* bits, std::size_t words, std::uint32_t first_group,
                        const std::uint32_t* groups, const std::uint32_t* codes, std::size_t rows) {
  STAVE_RUN_KERNEL(set_marks_by_group)(bits, words, first_group, groups, codes, rows);
}
std::size_t mark_codes(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows) {
  return STAVE_RUN_KERNEL(mark_codes)(bits, codes, rows);
}
std::size_t mark_and_list(std::uint64_t* bits, const std::uint32_t* codes, std::size_t rows,
                          std::uint32_t* fresh) {
  return STAVE_RUN_KERNEL(mark_and_list)(bits, codes, rows, fresh);
}
std::size_t mark_by_group(std::uint64_t* bits, const std::uint32_t* codes,
                          const std::uint32_t* groups, std::size_t rows, std::uint32_t* fresh,
                          std::int64_t* counts) {
  return STAVE_RUN_KERNEL(mark_by_group)(bits, codes, groups, rows, fresh, counts);
}
void mark_rows(std::uint32_t* bits, const std::uint32_t* codes, std::size_t rows,
               std::uint64_t* is_fresh) {
  STAVE_RUN_KERNEL(mark_rows)(bits, codes, rows, is_fresh);
}

}  // namespace stave::kernels
#endif
