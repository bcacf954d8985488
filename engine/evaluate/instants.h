// Integers computed of instants in a zone. A batch whose rows all lie in one stretch of the zone is
// computed at once, which is so but for the two batches a year that a change of offset falls into;
// those go row by row.
#pragma once

#include <cstdint>
#include <utility>

#include "engine/evaluate/node.h"
#include "engine/kernels/reduce.h"
#include "engine/runtime/time_zone.h"

namespace stave {

// The stretch that all values are in, if one is and nothing overflows.
const TimeZone::Stretch* only_stretch(const kernels::Range64& range, const TimeZone& zone);

// `find_stretch(range)`: the stretch to compute in, or null; `at_once(instants, rows, stretch,
// out)` then writes all rows. Otherwise `one_by_one(instant)` gives those that are not null.
template <typename FindStretch, typename AtOnce, typename OneByOne>
Result<Vector> integers_of_instants(const ColumnShape& shape, const NodePointer& argument,
                                    Frame& frame, const FindStretch& find_stretch,
                                    const AtOnce& at_once, OneByOne&& one_by_one) {
  Result<Vector> value = argument->evaluate(frame);
  if (!value) return value;
  const std::uint32_t rows = frame.rows();
  const auto* instants = value->values<std::int64_t>();
  std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
  auto* out = buffer->room<std::int64_t>(rows);
  const kernels::Range64 range = kernels::range_of(instants, value->validity, rows);
  if (const TimeZone::Stretch* stretch = find_stretch(range)) {
    at_once(instants, rows, *stretch, out);
  } else {
    for (std::uint32_t row = 0; row < rows; ++row) {
      out[row] = is_valid(value->validity, row) ? one_by_one(instants[row]) : 0;
    }
  }
  const std::uint64_t* validity = common_validity({&*value}, rows, *buffer);
  return vector_of(shape, rows, out, validity, std::move(buffer));
}

}  // namespace stave
