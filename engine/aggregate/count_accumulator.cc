// count() and count_if(condition).
#include <algorithm>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/result_vector.h"

namespace stave {
namespace {

class CountAccumulator : public Accumulator {
 public:
  explicit CountAccumulator(const AggregateCall& call)
      : type_(call.type), conditional_(call.function == AggregateFunction::kCountIf) {}

  void resize(std::uint32_t groups) override { counts_.resize(groups); }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    if (conditional_) {
      const auto* is_true = arguments[0].values<std::uint8_t>();
      for_each_value(rows, arguments[0], [&](std::uint32_t group, std::uint32_t row) {
        counts_[group] += is_true[row];
      });
    } else if (has_runs(rows)) {
      for_each_run(rows, [&](std::uint32_t group, std::uint32_t /*first*/, std::uint32_t count) {
        counts_[group] += count;
      });
    } else {
      std::int64_t* counts = counts_.data();
      for (std::uint32_t row = 0; row < rows.rows; ++row) ++counts[rows.groups[row]];
    }
    return {};
  }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const CountAccumulator&>(other);
    for (std::size_t group = 0; group < targets.size(); ++group) {
      counts_[targets[group]] += from.counts_[group];
    }
    return {};
  }

  bool can_retain() const override { return true; }
  bool has_plain_states() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    retain_states(counts_, first, kept);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) override {
    std::vector<std::int64_t> values(order.size());
    std::transform(order.begin(), order.end(), values.begin(),
                   [&](std::uint32_t group) { return counts_[group]; });
    return make_vector(type_, Representation::kInt64, std::move(values),
                       ValidityBits(order.size()));
  }

  std::size_t memory_bytes() const override { return counts_.capacity() * sizeof(std::int64_t); }

 private:
  Type type_;
  bool conditional_;
  std::vector<std::int64_t> counts_;
};

}  // namespace

std::unique_ptr<Accumulator> make_count(const AggregateCall& call) {
  return std::make_unique<CountAccumulator>(call);
}

}  // namespace stave
