// Parting with Highway: the lanes of a vector that lie on one side are moved together and stored,
// then those of the other.
#include "storage/codec/part.h"
#include "storage/kernel_dispatch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "storage/codec/part_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace stave {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// `bits` are zero before.
template <typename T>
HWY_ATTR std::size_t part_values(const T* values, std::size_t count, T limit, T* low, T* high,
                                 std::uint64_t* bits) {
  const hn::CappedTag<T, 64> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const T* const high_begin = high;
  std::size_t at = 0;
  for (; at + lanes <= count; at += lanes) {
    const auto next = hn::LoadU(tag, values + at);
    const auto above = hn::Gt(next, hn::Set(tag, limit));
    std::uint8_t bytes[2 * sizeof(std::uint64_t)] = {};
    hn::StoreMaskBits(tag, above, bytes);
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    bits[at / 64] |= word << at % 64;
    high += hn::CompressStore(next, above, tag, high);
    low += hn::CompressStore(next, hn::Not(above), tag, low);
  }
  for (; at < count; ++at) {
    const bool is_above = values[at] > limit;
    *high = values[at];
    *low = values[at];
    high += is_above ? 1 : 0;
    low += is_above ? 0 : 1;
    bits[at / 64] |= std::uint64_t{is_above} << at % 64;
  }
  return static_cast<std::size_t>(high - high_begin);
}

std::size_t PartCodes(const std::uint32_t* values, std::size_t count, std::uint32_t limit,
                      std::uint32_t* low, std::uint32_t* high, std::uint64_t* bits) {
  return part_values(values, count, limit, low, high, bits);
}
std::size_t PartInt64s(const std::int64_t* values, std::size_t count, std::int64_t limit,
                       std::int64_t* low, std::int64_t* high, std::uint64_t* bits) {
  return part_values(values, count, limit, low, high, bits);
}

}  // namespace HWY_NAMESPACE
}  // namespace stave
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave {

STAVE_KERNEL(PartCodes);
STAVE_KERNEL(PartInt64s);

std::size_t part_into(std::span<const std::uint32_t> values, std::uint32_t limit,
                      std::uint32_t* low, std::uint32_t* high, std::uint64_t* bits) {
  return STAVE_RUN_KERNEL(PartCodes)(values.data(), values.size(), limit, low, high, bits);
}
std::size_t part_into(std::span<const std::int64_t> values, std::int64_t limit, std::int64_t* low,
                      std::int64_t* high, std::uint64_t* bits) {
  return STAVE_RUN_KERNEL(PartInt64s)(values.data(), values.size(), limit, low, high, bits);
}

}  // namespace stave
#endif
