// bucket(time, width) for widths of so many microseconds, and the hour of the day.
#pragma once

#include <cstdint>

#include "engine/evaluate/node.h"
#include "engine/runtime/time_zone.h"

namespace stave {

// `width` is above zero; `zone` outlives the node.
NodePointer bucket_time(const ColumnShape& shape, const NodePointer& argument, std::int64_t width,
                        const TimeZone& zone);
NodePointer hour_of_day(const ColumnShape& shape, const NodePointer& argument,
                        const TimeZone& zone);

}  // namespace stave
