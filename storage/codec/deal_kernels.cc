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

HWY_ATTR void deal_codes(const std::uint64_t* bits, std::size_t rows, const std::uint32_t* zeros,
                         const std::uint32_t* ones, std::uint32_t* values) {
  const hn::CappedTag<std::uint32_t, 8> tag;
  const hn::Rebind<std::uint8_t, decltype(tag)> places_tag;
  const std::size_t lanes = hn::Lanes(tag);
  const unsigned all = (1U << lanes) - 1;
  const auto places_of = [&](unsigned set) HWY_ATTR {
    return hn::IndicesFromVec(tag,
                              hn::PromoteTo(tag, hn::LoadU(places_tag, kDealPlaces[set].data())));
  };
  std::size_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    const auto set = static_cast<unsigned>(bits[row / 64] >> (row % 64)) & all;
    const auto set_bytes = static_cast<std::uint64_t>(set);
    const auto from_ones = hn::LoadMaskBits(tag, reinterpret_cast<const std::uint8_t*>(&set_bytes));
    const auto low = hn::TableLookupLanes(hn::LoadU(tag, zeros), places_of(~set & all));
    const auto high = hn::TableLookupLanes(hn::LoadU(tag, ones), places_of(set));
    hn::StoreU(hn::IfThenElse(from_ones, high, low), tag, values + row);
    const std::size_t count = kDealPlaces[set][7] + (set >> 7);
    ones += count;
    zeros += lanes - count;
  }
  deal_scalar(bits, row, rows, zeros, ones, values);
}

}  // namespace HWY_NAMESPACE
}  // namespace stave
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave {
STAVE_KERNEL(deal_codes);

void deal(const std::uint64_t* bits, std::size_t rows, const std::uint32_t* zeros,
          const std::uint32_t* ones, std::uint32_t* values) {
  STAVE_RUN_KERNEL(deal_codes)(bits, rows, zeros, ones, values);
}
}  // namespace stave
#endif  // HWY_ONCE
