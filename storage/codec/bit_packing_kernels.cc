// Packing and unpacking whole groups with Highway: compiled once for each instruction set, chosen
// when first called. A group of 1,024 values of width <= 32 is 32 lanes of 32-bit words, else 16
// lanes of 64-bit words; value i lives in lane i % lanes, so a row of values has one shift.
// Bytes: format-spec/codecs/bit-packing.md.
#include "storage/codec/bit_packing_kernels.h"

#include "storage/codec/bit_packing.h"
#include "storage/kernel_dispatch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "storage/codec/bit_packing_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "storage/codec/packed_group-inl.h"

HWY_BEFORE_NAMESPACE();
namespace stave {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename Word>
HWY_ATTR void unpack_group(const std::byte* in, unsigned width, Word base, Word* values) {
  const GroupTag<Word> tag;
  const auto bases = hn::Set(tag, base);
  for_group<Word>(in, width, [&](std::size_t i, auto vector) HWY_ATTR {
    hn::StoreU(hn::Add(vector, bases), tag, values + i);
  });
}

template <typename Word>
HWY_ATTR void pack_group(const Word* values, unsigned width, Word base, std::byte* out) {
  constexpr unsigned kBits = sizeof(Word) * 8;
  constexpr std::size_t kLanes = kGroupValues / kBits;
  const hn::CappedTag<Word, kLanes> tag;
  const auto bases = hn::Set(tag, base);
  for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(tag)) {
    Word* word = reinterpret_cast<Word*>(out) + lane;
    auto filled = hn::Zero(tag);
    unsigned shift = 0;
    for (unsigned row = 0; row < kBits; ++row) {
      const auto value = hn::Sub(hn::LoadU(tag, values + row * kLanes + lane), bases);
      filled = hn::Or(filled, hn::ShiftLeftSame(value, static_cast<int>(shift)));
      shift += width;
      if (shift >= kBits) {
        hn::StoreU(filled, tag, word);
        word += kLanes;
        shift -= kBits;
        filled =
            shift == 0 ? hn::Zero(tag) : hn::ShiftRightSame(value, static_cast<int>(width - shift));
      }
    }
  }
}

HWY_ATTR void pack_groups32(const std::uint32_t* values, std::size_t groups, unsigned width,
                            std::uint32_t base, std::byte* out) {
  for (std::size_t group = 0; group < groups; ++group) {
    pack_group(values + group * kGroupValues, width, base, out);
    out += std::size_t{kGroupValues / 8} * width;
  }
}

HWY_ATTR void unpack_groups32(const std::byte* in, std::size_t groups, unsigned width,
                              std::uint32_t base, std::uint32_t* values) {
  for (std::size_t group = 0; group < groups; ++group) {
    unpack_group(in, width, base, values + group * kGroupValues);
    in += std::size_t{kGroupValues / 8} * width;
  }
}

// Eight values begin and end with a byte. The four bytes that a value lies in are moved to its lane
// and shifted; that is faster than to gather them.
#if HWY_TARGET == HWY_SCALAR
std::size_t unpack_stream32(const std::byte*, std::size_t, unsigned, std::uint32_t,
                            std::uint32_t*) {
  return 0;
}
#else
HWY_ATTR std::size_t unpack_stream32(const std::byte* in, std::size_t count, unsigned width,
                                     std::uint32_t base, std::uint32_t* values) {
  constexpr unsigned kLanes = 4;
  const hn::Full128<std::uint32_t> tag;
  const hn::Full128<std::uint8_t> bytes_tag;
  const unsigned half = kLanes * width / 8;  // the byte that the second four begin in
  alignas(16) std::uint8_t places[2][16];
  alignas(16) std::uint32_t shifts[2][kLanes];
  for (unsigned value = 0; value < 2 * kLanes; ++value) {
    const unsigned second = value / kLanes;
    shifts[second][value % kLanes] = value * width % 8;
    for (unsigned byte = 0; byte < 4; ++byte) {
      places[second][value % kLanes * 4 + byte] =
          static_cast<std::uint8_t>(value * width / 8 + byte - second * half);
    }
  }
  const auto low_places = hn::Load(bytes_tag, places[0]);
  const auto high_places = hn::Load(bytes_tag, places[1]);
  const auto low_shifts = hn::Load(tag, shifts[0]);
  const auto high_shifts = hn::Load(tag, shifts[1]);
  const auto mask = hn::Set(tag, ~std::uint32_t{0} >> (32 - width));
  const auto bases = hn::Set(tag, base);
  const auto* from = reinterpret_cast<const std::uint8_t*>(in);
  std::size_t at = 0;
  for (; at + 2 * kLanes <= count; at += 2 * kLanes, from += width) {
    const auto low = hn::TableLookupBytes(hn::LoadU(bytes_tag, from), low_places);
    const auto high = hn::TableLookupBytes(hn::LoadU(bytes_tag, from + half), high_places);
    const auto first = hn::And(hn::Shr(hn::BitCast(tag, low), low_shifts), mask);
    const auto second = hn::And(hn::Shr(hn::BitCast(tag, high), high_shifts), mask);
    hn::StoreU(hn::Add(first, bases), tag, values + at);
    hn::StoreU(hn::Add(second, bases), tag, values + at + kLanes);
  }
  return at;
}
#endif

HWY_ATTR void pack_groups64(const std::uint64_t* values, std::size_t groups, unsigned width,
                            std::uint64_t base, std::byte* out) {
  std::uint32_t narrow[kGroupValues];
  for (std::size_t group = 0; group < groups; ++group, values += kGroupValues) {
    if (width <= 32) {
      for (std::uint32_t i = 0; i < kGroupValues; ++i) {
        narrow[i] = static_cast<std::uint32_t>(values[i] - base);
      }
      pack_group(narrow, width, std::uint32_t{0}, out);
    } else {
      pack_group(values, width, base, out);
    }
    out += std::size_t{kGroupValues / 8} * width;
  }
}

HWY_ATTR void unpack_groups64(const std::byte* in, std::size_t groups, unsigned width,
                              std::uint64_t base, std::uint64_t factor, std::uint64_t* values) {
  std::uint32_t narrow[kGroupValues];
  for (std::size_t group = 0; group < groups; ++group, values += kGroupValues) {
    if (width <= 32) {
      unpack_group(in, width, std::uint32_t{0}, narrow);
      if (factor == 1) {
        for (std::uint32_t i = 0; i < kGroupValues; ++i) {
          values[i] = base + narrow[i];
        }
      } else {
        for (std::uint32_t i = 0; i < kGroupValues; ++i) {
          values[i] = base + narrow[i] * factor;
        }
      }
    } else if (factor == 1) {
      unpack_group(in, width, base, values);
    } else {
      unpack_group(in, width, std::uint64_t{0}, values);
      for (std::uint32_t i = 0; i < kGroupValues; ++i) {
        values[i] = base + values[i] * factor;
      }
    }
    in += std::size_t{kGroupValues / 8} * width;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace stave
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave {
STAVE_KERNEL(pack_groups32);
STAVE_KERNEL(pack_groups64);
STAVE_KERNEL(unpack_groups32);
STAVE_KERNEL(unpack_stream32);
STAVE_KERNEL(unpack_groups64);

void pack_groups(const std::uint32_t* values, std::size_t groups, unsigned width,
                 std::uint32_t base, std::byte* out) {
  STAVE_RUN_KERNEL(pack_groups32)(values, groups, width, base, out);
}
void pack_groups(const std::uint64_t* values, std::size_t groups, unsigned width,
                 std::uint64_t base, std::byte* out) {
  STAVE_RUN_KERNEL(pack_groups64)(values, groups, width, base, out);
}
void unpack_groups(const std::byte* in, std::size_t groups, unsigned width, std::uint32_t base,
                   std::uint32_t* values) {
  STAVE_RUN_KERNEL(unpack_groups32)(in, groups, width, base, values);
}
std::size_t unpack_stream_lanes(const std::byte* in, std::size_t count, unsigned width,
                                std::uint32_t base, std::uint32_t* values) {
  return STAVE_RUN_KERNEL(unpack_stream32)(in, count, width, base, values);
}
void unpack_groups(const std::byte* in, std::size_t groups, unsigned width, std::uint64_t base,
                   std::uint64_t factor, std::uint64_t* values) {
  STAVE_RUN_KERNEL(unpack_groups64)(in, groups, width, base, factor, values);
}
}  // namespace stave
#endif  // HWY_ONCE
