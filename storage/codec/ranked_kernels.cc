// Gathers of as many codes as a vector has lanes. What is not listed is looked up at the first
// place, which is there in any list that is not empty, and put right afterwards.
#include "storage/codec/ranked_kernels.h"

#include <cstddef>
#include <limits>

#include "storage/kernel_dispatch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "storage/codec/ranked_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace stave {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Gives how many were looked up; the rest does not fill a vector.
HWY_ATTR std::size_t look_up_lanes(const std::uint32_t* list, std::uint32_t listed,
                                   std::uint32_t* codes, std::size_t count) {
  const hn::ScalableTag<std::uint32_t> tag;
  const hn::RebindToSigned<decltype(tag)> places_tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto length = hn::Set(tag, listed);
  std::size_t at = 0;
  for (; at + lanes <= count; at += lanes) {
    const auto code = hn::LoadU(tag, codes + at);
    const auto is_listed = hn::Lt(code, length);
    const auto place = hn::BitCast(places_tag, hn::IfThenElseZero(is_listed, code));
    const auto found = hn::GatherIndex(tag, list, place);
    hn::StoreU(hn::IfThenElse(is_listed, found, hn::Sub(code, length)), tag, codes + at);
  }
  return at;
}

}  // namespace HWY_NAMESPACE
}  // namespace stave
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave {
STAVE_KERNEL(look_up_lanes);

void look_up_ranks(std::span<const std::uint32_t> list, std::span<std::uint32_t> codes) {
  // A long list has left the nearer caches since its last run. Its lines come faster one after
  // another than as rows ask for them, where most are going to be.
  constexpr std::size_t kLongList = 4096;
  constexpr std::size_t kRanksOfLine = 16;
  if (list.size() >= kLongList && codes.size() >= list.size() / kRanksOfLine) {
    for (std::size_t rank = 0; rank < list.size(); rank += kRanksOfLine) {
      __builtin_prefetch(list.data() + rank);
    }
  }
  std::size_t done = 0;
  // Gathers take signed places.
  if (!list.empty() && list.size() <= std::size_t{std::numeric_limits<std::int32_t>::max()}) {
    done = STAVE_RUN_KERNEL(look_up_lanes)(list.data(), static_cast<std::uint32_t>(list.size()),
                                           codes.data(), codes.size());
  }
  look_up_ranks_scalar(list, codes.subspan(done));
}
}  // namespace stave
#endif  // HWY_ONCE
