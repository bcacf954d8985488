// Compiled once for each instruction set, chosen when first called; the values that do not fill a
// vector go one by one.
#include "storage/codec/range_kernels.h"
#include "storage/kernel_dispatch.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "storage/codec/range_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace stave {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <typename T>
ValueRange<T> find_range(const T* values, std::size_t count) {
  const hn::ScalableTag<T> tag;
  const std::size_t lanes = hn::Lanes(tag);
  T min = values[0];
  T max = values[0];
  std::size_t at = 0;
  if (count >= lanes) {
    auto low = hn::LoadU(tag, values);
    auto high = low;
    for (; at + lanes <= count; at += lanes) {
      const auto next = hn::LoadU(tag, values + at);
      low = hn::Min(low, next);
      high = hn::Max(high, next);
    }
    min = hn::GetLane(hn::MinOfLanes(tag, low));
    max = hn::GetLane(hn::MaxOfLanes(tag, high));
  }
  for (; at < count; ++at) {
    min = std::min(min, values[at]);
    max = std::max(max, values[at]);
  }
  return {min, max};
}

// Counts the places from `begin` on for which `vector_test`, and at the end `test`, say yes.
template <typename T, typename VectorTest, typename Test>
std::size_t count_places(std::size_t begin, std::size_t count, VectorTest vector_test, Test test) {
  const hn::ScalableTag<T> tag;
  const std::size_t lanes = hn::Lanes(tag);
  std::size_t found = 0;
  std::size_t at = begin;
  for (; at + lanes <= count; at += lanes) found += hn::CountTrue(tag, vector_test(tag, at));
  for (; at < count; ++at) found += test(at) ? 1 : 0;
  return found;
}

template <typename T>
std::size_t find_changes(const T* values, std::size_t count) {
  return count_places<T>(
      1, count,
      [values](auto tag, std::size_t at) {
        return hn::Ne(hn::LoadU(tag, values + at), hn::LoadU(tag, values + at - 1));
      },
      [values](std::size_t at) { return values[at] != values[at - 1]; });
}

template <typename T>
std::size_t find_above(const T* values, std::size_t count, T limit) {
  return count_places<T>(
      0, count,
      [values, limit](auto tag, std::size_t at) {
        return hn::Gt(hn::LoadU(tag, values + at), hn::Set(tag, limit));
      },
      [values, limit](std::size_t at) { return values[at] > limit; });
}

template <typename T>
std::size_t find_equal(const T* values, std::size_t count, T wanted) {
  return count_places<T>(
      0, count,
      [values, wanted](auto tag, std::size_t at) {
        return hn::Eq(hn::LoadU(tag, values + at), hn::Set(tag, wanted));
      },
      [values, wanted](std::size_t at) { return values[at] == wanted; });
}

using U32 = std::uint32_t;
using I64 = std::int64_t;

ValueRange<U32> RangeOfCodes(const U32* values, std::size_t count) {
  return find_range(values, count);
}
ValueRange<I64> RangeOfInt64s(const I64* values, std::size_t count) {
  return find_range(values, count);
}
std::size_t ChangesOfCodes(const U32* values, std::size_t count) {
  return find_changes(values, count);
}
std::size_t ChangesOfInt64s(const I64* values, std::size_t count) {
  return find_changes(values, count);
}
std::size_t CodesAbove(const U32* values, std::size_t count, U32 limit) {
  return find_above(values, count, limit);
}
std::size_t Int64sAbove(const I64* values, std::size_t count, I64 limit) {
  return find_above(values, count, limit);
}
std::size_t CodesEqual(const U32* values, std::size_t count, U32 wanted) {
  return find_equal(values, count, wanted);
}
std::size_t Int64sEqual(const I64* values, std::size_t count, I64 wanted) {
  return find_equal(values, count, wanted);
}

}  // namespace HWY_NAMESPACE
}  // namespace stave
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace stave {

STAVE_KERNEL(RangeOfCodes);
STAVE_KERNEL(RangeOfInt64s);
STAVE_KERNEL(ChangesOfCodes);
STAVE_KERNEL(ChangesOfInt64s);
STAVE_KERNEL(CodesAbove);
STAVE_KERNEL(Int64sAbove);
STAVE_KERNEL(CodesEqual);
STAVE_KERNEL(Int64sEqual);

ValueRange<std::uint32_t> range_of(std::span<const std::uint32_t> values) {
  return STAVE_RUN_KERNEL(RangeOfCodes)(values.data(), values.size());
}
ValueRange<std::int64_t> range_of(std::span<const std::int64_t> values) {
  return STAVE_RUN_KERNEL(RangeOfInt64s)(values.data(), values.size());
}
std::size_t count_changes(std::span<const std::uint32_t> values) {
  return STAVE_RUN_KERNEL(ChangesOfCodes)(values.data(), values.size());
}
std::size_t count_changes(std::span<const std::int64_t> values) {
  return STAVE_RUN_KERNEL(ChangesOfInt64s)(values.data(), values.size());
}
std::size_t count_above(std::span<const std::uint32_t> values, std::uint32_t limit) {
  return STAVE_RUN_KERNEL(CodesAbove)(values.data(), values.size(), limit);
}
std::size_t count_above(std::span<const std::int64_t> values, std::int64_t limit) {
  return STAVE_RUN_KERNEL(Int64sAbove)(values.data(), values.size(), limit);
}
std::size_t count_equal(std::span<const std::uint32_t> values, std::uint32_t wanted) {
  return STAVE_RUN_KERNEL(CodesEqual)(values.data(), values.size(), wanted);
}
std::size_t count_equal(std::span<const std::int64_t> values, std::int64_t wanted) {
  return STAVE_RUN_KERNEL(Int64sEqual)(values.data(), values.size(), wanted);
}

}  // namespace stave
#endif
