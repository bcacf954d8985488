// first_by and last_by: the value of the row that comes first (or last) by the order keys; ties by
// the remaining keys, then by the value, ascending. Rows with a null among the arguments do not
// take part. All arguments are encoded, so that a row is a handful of codes.
#include "engine/aggregate/accumulator.h"
#include "engine/aggregate/value_encoder.h"

namespace stave {
namespace {

class OrderedChoice : public Accumulator {
 public:
  OrderedChoice(const AggregateCall& call, std::span<const ColumnShape> shapes)
      : is_last_(call.function == AggregateFunction::kLastBy), width_(shapes.size()) {
    for (const ColumnShape& shape : shapes) encoders_.emplace_back(shape);
  }

  void resize(std::uint32_t groups) override { best_.resize(std::size_t{groups} * width_); }

  Result<void> add(const GroupRows& rows, std::span<const Vector> arguments) override {
    std::vector<const std::uint32_t*> codes(width_);
    for (std::size_t column = 0; column < width_; ++column) {
      auto encoded = encoders_[column].encode(arguments[column]);
      if (!encoded) return pass(encoded);
      codes[column] = *encoded;
    }
    std::vector<std::uint32_t> candidate(width_);
    for (std::uint32_t row = 0; row < rows.rows; ++row) {
      for (std::size_t column = 0; column < width_; ++column)
        candidate[column] = codes[column][row];
      offer(rows.groups == nullptr ? rows.group : rows.groups[row], candidate);
    }
    return {};
  }

  Result<void> merge(Accumulator& other, std::span<const std::uint32_t> targets) override {
    auto& from = static_cast<OrderedChoice&>(other);
    std::vector<std::vector<std::uint32_t>> codes(width_);
    for (std::size_t column = 0; column < width_; ++column) {
      if (encoders_[column].is_fixed()) continue;
      auto adopted = encoders_[column].adopt(from.encoders_[column]);
      if (!adopted) return pass(adopted);
      codes[column] = std::move(*adopted);
    }
    std::vector<std::uint32_t> candidate(width_);
    for (std::size_t group = 0; group < targets.size(); ++group) {
      for (std::size_t column = 0; column < width_; ++column) {
        const std::uint32_t code = from.best_[group * width_ + column];
        candidate[column] = codes[column].empty() ? code : codes[column][code];
      }
      offer(targets[group], candidate);
    }
    return {};
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) override {
    std::vector<std::uint32_t> codes(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      codes[row] = best_[std::size_t{order[row]} * width_];
    }
    return encoders_[0].decode(codes);
  }

  std::size_t memory_bytes() const override {
    std::size_t bytes = best_.capacity() * sizeof(std::uint32_t);
    for (const ValueEncoder& encoder : encoders_) bytes += encoder.memory_bytes();
    return bytes;
  }

 private:
  void offer(std::uint32_t group, std::span<const std::uint32_t> candidate) {
    for (const std::uint32_t code : candidate) {
      if (code == kNullCode) return;
    }
    std::uint32_t* best = best_.data() + std::size_t{group} * width_;
    if (best[0] == kNullCode || wins(candidate, best)) {
      std::copy(candidate.begin(), candidate.end(), best);
    }
  }

  bool wins(std::span<const std::uint32_t> candidate, const std::uint32_t* best) const {
    for (std::size_t column = 1; column < width_; ++column) {
      const int order = encoders_[column].compare(candidate[column], best[column]);
      // Only the first key is reversed by last_by: ties are ascending either way.
      if (order != 0) return (order < 0) != (is_last_ && column == 1);
    }
    return encoders_[0].compare(candidate[0], best[0]) < 0;
  }

  bool is_last_;
  std::size_t width_;
  std::vector<ValueEncoder> encoders_;
  std::vector<std::uint32_t> best_;  // width_ codes for each group; 0: none yet
};

}  // namespace

std::unique_ptr<Accumulator> make_ordered_choice(const AggregateCall& call,
                                                 std::span<const ColumnShape> shapes) {
  return std::make_unique<OrderedChoice>(call, shapes);
}

}  // namespace stave
