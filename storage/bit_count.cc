// Compiled once for each instruction set, chosen when called.
#include "storage/bit_count.h"

#include <bit>

#include "storage/kernel_dispatch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "storage/bit_count.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace stave {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

HWY_ATTR std::size_t count_words(const std::uint64_t* words, std::size_t count) {
  const hn::ScalableTag<std::uint64_t> tag;
  const std::size_t lanes = hn::Lanes(tag);
  auto sums = hn::Zero(tag);
  std::size_t at = 0;
  for (; at + lanes <= count; at += lanes) {
    sums = hn::Add(sums, hn::PopulationCount(hn::LoadU(tag, words + at)));
  }
  auto total = static_cast<std::size_t>(hn::GetLane(hn::SumOfLanes(tag, sums)));
  for (; at < count; ++at) total += static_cast<std::size_t>(std::popcount(words[at]));
  return total;
}

}  // namespace HWY_NAMESPACE
}  // namespace stave
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave {
STAVE_KERNEL(count_words);

std::size_t count_set_bits(std::span<const std::uint64_t> words) {
  return STAVE_RUN_KERNEL(count_words)(words.data(), words.size());
}
}  // namespace stave
#endif  // HWY_ONCE
