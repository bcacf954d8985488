// A batch whose rows and buckets all lie in one stretch of the zone is cut by a kernel; the two
// batches a year where the offset changes go row by row, where a repeated hour has its own buckets.
#include "engine/evaluate/time_bucket.h"

#include "engine/evaluate/strict_node.h"
#include "engine/kernels/bucket.h"
#include "engine/kernels/reduce.h"

namespace stave {
namespace {

class TimeBucketNode final : public Node {
 public:
  TimeBucketNode(ColumnShape shape, NodePointer argument, std::int64_t width, const TimeZone& zone)
      : Node(std::move(shape)), argument_(std::move(argument)), width_(width), zone_(zone) {}

 protected:
  Result<Vector> compute(Frame& frame) const override {
    Result<Vector> value = argument_->evaluate(frame);
    if (!value) return value;
    const std::uint32_t rows = frame.rows();
    const auto* instants = value->values<std::int64_t>();
    std::shared_ptr<VectorBuffer> buffer = take_clear(frame.buffers());
    auto* out = buffer->room<std::int64_t>(rows);
    const kernels::Range64 range = kernels::range_of(instants, value->validity, rows);
    if (const TimeZone::Stretch* stretch = only_stretch(range)) {
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
  const TimeZone::Stretch* only_stretch(const kernels::Range64& range) const {
    constexpr std::int64_t kFar = INT64_MAX / 4;
    const bool is_near = range.min <= range.max && range.min > -kFar && range.max < kFar;
    if (!is_near || width_ > kFar) return nullptr;
    const TimeZone::Stretch& stretch = zone_.stretch_at(range.min);
    const std::int64_t begin = kernels::scalar::floor_to_bucket(range.min, width_, stretch.offset);
    return begin >= stretch.begin && range.max < stretch.end ? &stretch : nullptr;
  }

  NodePointer argument_;
  std::int64_t width_;
  const TimeZone& zone_;
};

}  // namespace

NodePointer bucket_time(const ColumnShape& shape, const NodePointer& argument, std::int64_t width,
                        const TimeZone& zone) {
  return std::make_shared<TimeBucketNode>(shape, argument, width, zone);
}

}  // namespace stave
