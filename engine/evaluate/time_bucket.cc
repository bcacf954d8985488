// Batches at once are cut by a kernel, where the begins of all buckets lie in the rows' stretch
// too; row by row a repeated hour has its own buckets.
#include "engine/evaluate/time_bucket.h"

#include "engine/evaluate/instants.h"
#include "engine/kernels/bucket.h"

namespace stave {
namespace {

constexpr std::int64_t kHour = 3600 * kMicrosecondsOfSecond;
constexpr std::int64_t kHoursOfDay = 24;

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
    return integers_of_instants(
        shape(), argument_, frame,
        [this](const kernels::Range64& range) { return stretch_of_buckets(range, width_, zone_); },
        [this](const std::int64_t* instants, std::uint32_t rows, const TimeZone::Stretch& stretch,
               std::int64_t* out) {
          kernels::floor_to_buckets(instants, rows, width_, stretch.offset, out);
        },
        [this](std::int64_t instant) { return zone_.bucket(instant, width_); });
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
    return integers_of_instants(
        shape(), argument_, frame,
        [this](const kernels::Range64& range) { return only_stretch(range, zone_); },
        [](const std::int64_t* instants, std::uint32_t rows, const TimeZone::Stretch& stretch,
           std::int64_t* out) {
          kernels::buckets_of_cycle(instants, rows, kHour, kHoursOfDay, stretch.offset, out);
        },
        [cursor = ZoneCursor(zone_)](std::int64_t instant) mutable {
          return kernels::scalar::bucket_of_cycle(cursor.local(instant), kHour, kHoursOfDay, 0);
        });
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
