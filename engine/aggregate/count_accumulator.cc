// count() and count_if(condition). Counts are 32 bits wide while no more rows than that were seen:
// millions of groups then take half the cache.
#include <algorithm>
#include <limits>
#include <numeric>
#include <variant>

#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/result_vector.h"

namespace stave {
namespace {

class CountAccumulator : public Accumulator, public RowCounts {
 public:
  // Counts become wider with the row that follows so many.
  CountAccumulator(const AggregateCall& call, std::uint64_t most_narrow)
      : type_(call.type),
        conditional_(call.function == AggregateFunction::kCountIf),
        most_narrow_(most_narrow) {}

  void resize(std::uint32_t groups) override {
    std::visit([&](auto& counts) { counts.resize(groups); }, counts_);
  }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    note_rows(rows.rows);
    std::visit([&](auto& counts) { add_to(std::span(counts), rows, arguments); }, counts_);
    return {};
  }

  bool takes_runs() const override { return true; }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    const auto& from = static_cast<const CountAccumulator&>(other);
    note_rows(from.rows_);
    std::visit(
        [&](auto& counts, const auto& more) {
          using Count = typename std::decay_t<decltype(counts)>::value_type;
          for (std::size_t group = 0; group < targets.size(); ++group) {
            counts[targets[group]] += static_cast<Count>(more[group]);
          }
        },
        counts_, from.counts_);
    return {};
  }

  bool takes_counts() const override { return !conditional_; }
  void take_counts(std::uint32_t first, std::span<const std::uint64_t> rows) override {
    note_rows(std::accumulate(rows.begin(), rows.end(), std::uint64_t{0}));
    std::visit(
        [&](auto& counts) {
          using Count = typename std::decay_t<decltype(counts)>::value_type;
          for (std::size_t i = 0; i < rows.size(); ++i) {
            counts[first + i] += static_cast<Count>(rows[i]);
          }
        },
        counts_);
  }

  std::optional<PackableSum> packable() const override {
    return conditional_ ? std::nullopt : std::optional(PackableSum{0, true});
  }
  void take_packed(std::span<const std::uint64_t> words, WordField /*sum*/, WordField count,
                   std::uint64_t rows) override {
    note_rows(rows);
    std::visit(
        [&](auto& counts) {
          using Count = typename std::decay_t<decltype(counts)>::value_type;
          for (std::size_t group = 0; group < words.size(); ++group) {
            counts[group] += static_cast<Count>(count.of(words[group]));
          }
        },
        counts_);
  }

  bool can_retain() const override { return true; }
  bool has_plain_states() const override { return true; }
  void retain(std::uint32_t first, std::span<const std::uint32_t> kept) override {
    std::visit([&](auto& counts) { retain_states(counts, first, kept); }, counts_);
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const override {
    std::vector<std::int64_t> values(order.size());
    std::visit(
        [&](const auto& counts) {
          for (std::size_t row = 0; row < order.size(); ++row) values[row] = counts[order[row]];
        },
        counts_);
    return make_vector(type_, Representation::kInt64, std::move(values),
                       ValidityBits(order.size()));
  }

  const RowCounts* row_counts() const override { return conditional_ ? nullptr : this; }
  std::uint64_t rows_of(std::uint32_t group) const override {
    const auto* narrow = std::get_if<Narrow>(&counts_);
    return narrow != nullptr ? (*narrow)[group]
                             : static_cast<std::uint64_t>(std::get<Wide>(counts_)[group]);
  }

  std::size_t memory_bytes() const override {
    return std::visit([](const auto& counts) { return counts.capacity() * sizeof(counts[0]); },
                      counts_);
  }

 private:
  using Narrow = std::vector<std::uint32_t>;
  using Wide = std::vector<std::int64_t>;

  // No count is larger than the rows seen.
  void note_rows(std::uint64_t rows) {
    rows_ += rows;
    const auto* narrow = std::get_if<Narrow>(&counts_);
    if (rows_ > most_narrow_ && narrow != nullptr) {
      counts_ = Wide(narrow->begin(), narrow->end());
    }
  }

  template <typename Count>
  void add_to(std::span<Count> counts, const GroupRows& rows, std::span<const Vector> arguments) {
    if (conditional_) {
      const auto* is_true = arguments[0].values<std::uint8_t>();
      for_each_value(rows, arguments[0], counts, [&](std::uint32_t group, std::uint32_t row) {
        counts[group] += is_true[row];
      });
    } else if (has_runs(rows)) {
      for_each_run(rows, [&](std::uint32_t group, std::uint32_t /*first*/, std::uint32_t count) {
        counts[group] += count;
      });
    } else {
      // A row counts whatever it holds.
      for_each_value(rows, Vector(), counts,
                     [&](std::uint32_t group, std::uint32_t /*row*/) { ++counts[group]; });
    }
  }

  Type type_;
  bool conditional_;
  std::uint64_t most_narrow_;
  std::uint64_t rows_ = 0;
  std::variant<Narrow, Wide> counts_;
};

}  // namespace

std::unique_ptr<Accumulator> make_count(const AggregateCall& call, std::uint64_t most_narrow) {
  return std::make_unique<CountAccumulator>(call, most_narrow);
}

std::unique_ptr<Accumulator> make_count(const AggregateCall& call) {
  return make_count(call, std::numeric_limits<std::uint32_t>::max());
}

}  // namespace stave
