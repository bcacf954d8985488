// See instants.h.
#include "engine/evaluate/instants.h"

namespace stave {

const TimeZone::Stretch* only_stretch(const kernels::Range64& range, const TimeZone& zone) {
  constexpr std::int64_t kFar = INT64_MAX / 4;
  if (range.min > range.max || range.min <= -kFar || range.max >= kFar) return nullptr;
  const TimeZone::Stretch& stretch = zone.stretch_at(range.min);
  return range.max < stretch.end ? &stretch : nullptr;
}

}  // namespace stave
