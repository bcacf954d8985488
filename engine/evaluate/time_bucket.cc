// A batch whose rows, and the begins of their buckets, all lie in one stretch of the zone is cut by
// a kernel; the two batches a year where the offset changes go row by row, where a repeated hour
// has its own buckets.
#include "engine/evaluate/time_bucket.h"

#include "engine/evaluate/strict_node.h"
#include "engine/kernels/bucket.h"
#include "engine/kernels/reduce.h"

namespace stave {
namespace {

constexpr std::int64_t kHour = 3600 * kMicrosecondsOfSecond;
constexpr std::int64_t kHoursOfDay = 24;

// The stretch that all values are in, if one is and nothing overflows.
const TimeZone::Stretch* only_stretch(const kernels::Range64& range, const TimeZone& zone) {
  constexpr std::int64_t kFar = INT64_MAX / 4;
  if (range.min > range.max || range.min <= -kFar || range.max >= kFar) return nullptr;
  const TimeZone::Stretch& stretch = zone.stretch_at(range.min);
  return range.max < stretch.end ? &stretch : nullptr;
}

class TimeBucketNode final : public Node {
 public:
  TimeBucketNode(const ColumnShape& shape, const NodePointer& argument, std::int64_t width,
                 const TimeZone& zone)
      : Node(with_steps(shape, argument->shape(), width, zone)),
        argument_(argument),
        width_(width),
        zone_(zone) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    Result<Vector> value = argument_->evaluate(frame);
    if (!value) return value;
    const std::uint32_t rows = frame.rows();
    const auto* instants = value->values<std::int64_t>();
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::int64_t>(rows);
    const kernels::Range64 range = kernels::range_of(instants, value->validity, rows);
    if (const TimeZone::Stretch* stretch = stretch_of_buckets(range, width_, zone_)) {
      kernels::floor_to_buckets(instants, rows, width_, stretch->offset, out);
    } else {
      for (std::uint32_t row = 0; row < rows; ++row) {
        out[row] = is_valid(value->validity, row) ? zone_.bucket(instants[row], width_) : 0;
      }
    }
    const std::uint64_t* validity = common_validity({&*value}, rows, *buffer);
    return vector_of(shape(), rows, out, validity, std::move(buffer));
  }

 private:
  // The stretch that all values and the begins of all their buckets are in, if one is.
  static const TimeZone::Stretch* stretch_of_buckets(const kernels::Range64& range,
                                                     std::int64_t width, const TimeZone& zone) {
    const TimeZone::Stretch* stretch = only_stretch(range, zone);
    if (stretch == nullptr || width > INT64_MAX / 4) return nullptr;
    const std::int64_t begin = kernels::scalar::floor_to_bucket(range.min, width, stretch->offset);
    return begin >= stretch->begin ? stretch : nullptr;
  }

  // Buckets of values of a known range are evenly spaced.
  static ColumnShape with_steps(ColumnShape shape, const ColumnShape& argument, std::int64_t width,
                                const TimeZone& zone) {
    if (!argument.range) return shape;
    const auto [least, most] = *argument.range;
    if (const auto* stretch = stretch_of_buckets({least, most}, width, zone)) {
      shape.range = std::pair(kernels::scalar::floor_to_bucket(least, width, stretch->offset),
                              kernels::scalar::floor_to_bucket(most, width, stretch->offset));
      shape.step = width;
    }
    return shape;
  }

  NodePointer argument_;
  std::int64_t width_;
  const TimeZone& zone_;
};

class HourNode final : public Node {
 public:
  HourNode(const ColumnShape& shape, NodePointer argument, const TimeZone& zone)
      : Node(shape), argument_(std::move(argument)), zone_(zone) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    Result<Vector> value = argument_->evaluate(frame);
    if (!value) return value;
    const std::uint32_t rows = frame.rows();
    const auto* instants = value->values<std::int64_t>();
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::int64_t>(rows);
    const kernels::Range64 range = kernels::range_of(instants, value->validity, rows);
    if (const TimeZone::Stretch* stretch = only_stretch(range, zone_)) {
      kernels::buckets_of_cycle(instants, rows, kHour, kHoursOfDay, stretch->offset, out);
    } else {
      ZoneCursor cursor(zone_);
      for (std::uint32_t row = 0; row < rows; ++row) {
        out[row] =
            kernels::scalar::bucket_of_cycle(cursor.local(instants[row]), kHour, kHoursOfDay, 0);
      }
    }
    const std::uint64_t* validity = common_validity({&*value}, rows, *buffer);
    return vector_of(shape(), rows, out, validity, std::move(buffer));
  }

 private:
  NodePointer argument_;
  const TimeZone& zone_;
};

}  // namespace

NodePointer bucket_time(const ColumnShape& shape, const NodePointer& argument, std::int64_t width,
                        const TimeZone& zone) {
  return std::make_shared<TimeBucketNode>(shape, argument, width, zone);
}

NodePointer hour_of_day(const ColumnShape& shape, const NodePointer& argument,
                        const TimeZone& zone) {
  return std::make_shared<HourNode>(shape, argument, zone);
}

}  // namespace stave
