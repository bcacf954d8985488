// distinct(x): exact. Values become dense codes; each group's codes are marked in one array.
#include "engine/aggregate/collecting_accumulator.h"
#include "engine/aggregate/epoch_marks.h"
#include "engine/aggregate/result_vector.h"

namespace stave {
namespace {

class DistinctMethod {
 public:
  using Value = std::uint32_t;
  using Scratch = EpochMarks<std::uint8_t>;

  DistinctMethod(const AggregateCall& call, const ColumnShape& shape)
      : type_(call.type), encoder_(shape) {}

  std::optional<ValueEncoder>& encoder() { return encoder_; }
  void resize(std::uint32_t groups) { counts_.resize(groups); }
  bool holds(std::uint32_t group) const { return counts_[group] != 0; }
  void take(std::uint32_t target, DistinctMethod& other, std::uint32_t group) {
    counts_[target] = other.counts_[group];
  }

  void run(std::uint32_t group, PendingRows<Value>::Parts parts, Scratch& marks) {
    marks.begin(encoder_->size());
    std::uint64_t count = 0;
    for (const auto& part : parts) count += marks.mark(part);
    counts_[group] = static_cast<std::int64_t>(count);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const {
    std::vector<std::int64_t> values(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) values[row] = counts_[order[row]];
    return make_vector(type_, Representation::kInt64, std::move(values),
                       ValidityBits(order.size()));
  }

  std::size_t memory_bytes() const {
    return counts_.capacity() * sizeof(std::int64_t) + encoder_->memory_bytes() + encoder_->size();
  }

 private:
  Type type_;
  std::optional<ValueEncoder> encoder_;
  std::vector<std::int64_t> counts_;
};

}  // namespace

std::unique_ptr<Accumulator> make_distinct(const AggregateCall& call, const ColumnShape& shape) {
  return std::make_unique<CollectingAccumulator<DistinctMethod>>(call, shape);
}

}  // namespace stave
