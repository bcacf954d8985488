// top_value(x) and top_values(x, k): the most frequent values, ties by the smallest.
// A group's codes are counted in an array that only the codes met are cleared in.
#include <fmt/format.h>

#include "engine/aggregate/collecting_accumulator.h"
#include "engine/aggregate/json_list.h"
#include "engine/aggregate/result_vector.h"

namespace stave {
namespace {

class TopMethod {
 public:
  using Value = std::uint32_t;
  struct Scratch {
    std::vector<std::uint32_t> counts;  // by code; all 0 between runs
    std::vector<std::uint32_t> met;
  };

  TopMethod(const AggregateCall& call, const ColumnShape& shape)
      : type_(call.type),
        is_list_(call.function == AggregateFunction::kTopValues),
        encoder_(shape) {
    if (is_list_) {
      const auto* count = std::get_if<std::int64_t>(&call.parameter.data);
      most_ = count == nullptr || *count < 0 ? 0 : static_cast<std::size_t>(*count);
    }
  }

  std::optional<ValueEncoder>& encoder() { return encoder_; }
  void resize(std::uint32_t groups) {
    if (is_list_) {
      lists_.resize(groups);
    } else {
      tops_.resize(groups);
    }
  }
  bool holds(std::uint32_t group) const {
    return is_list_ ? !lists_[group].empty() : tops_[group] != kNullCode;
  }
  // Results name codes of interned values by text for lists, by code otherwise.
  void take(std::uint32_t target, TopMethod& other, std::uint32_t group) {
    if (is_list_) {
      lists_[target] = std::move(other.lists_[group]);
      return;
    }
    if (encoder_->is_fixed()) {
      tops_[target] = other.tops_[group];
      return;
    }
    if (adopted_from_ != &other) {
      adopted_ = *encoder_->adopt(*other.encoder_);
      adopted_from_ = &other;
    }
    tops_[target] = adopted_[other.tops_[group]];
  }

  void run(std::uint32_t group, PendingRows<Value>::Parts parts, Scratch& scratch) {
    if (scratch.counts.size() < encoder_->size()) scratch.counts.resize(encoder_->size(), 0);
    std::uint32_t* counts = scratch.counts.data();
    scratch.met.clear();
    for (const auto& part : parts) {
      for (const std::uint32_t code : part) {
        if (counts[code]++ == 0) scratch.met.push_back(code);
      }
    }
    const auto comes_first = [&](std::uint32_t left, std::uint32_t right) {
      if (counts[left] != counts[right]) return counts[left] > counts[right];
      return encoder_->compare(left, right) < 0;
    };
    if (is_list_) {
      const auto count = static_cast<std::ptrdiff_t>(std::min(most_, scratch.met.size()));
      std::partial_sort(scratch.met.begin(), scratch.met.begin() + count, scratch.met.end(),
                        comes_first);
      const Vector top =
          encoder_->decode(std::span(scratch.met).first(static_cast<std::size_t>(count)));
      lists_[group] = json_list(top);
    } else {
      tops_[group] = *std::min_element(scratch.met.begin(), scratch.met.end(), comes_first);
    }
    for (const std::uint32_t code : scratch.met) counts[code] = 0;
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const {
    if (!is_list_) {
      std::vector<std::uint32_t> codes(order.size());
      for (std::size_t row = 0; row < order.size(); ++row) codes[row] = tops_[order[row]];
      return encoder_->decode(codes);
    }
    auto text = std::make_shared<TextArena>();
    std::vector<std::string_view> values(order.size());
    ValidityBits validity(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
      const std::string& list = lists_[order[row]];
      if (list.empty()) validity.clear(row);
      values[row] = text->copy(list);
    }
    return make_vector(type_, Representation::kString, std::move(values), std::move(validity),
                       std::move(text));
  }

  std::size_t memory_bytes() const {
    return tops_.capacity() * sizeof(std::uint32_t) + lists_.capacity() * sizeof(std::string) +
           encoder_->memory_bytes() + encoder_->size() * sizeof(std::uint32_t);
  }

 private:
  Type type_;
  bool is_list_;
  std::size_t most_ = 1;
  std::optional<ValueEncoder> encoder_;
  std::vector<std::uint32_t> tops_;
  std::vector<std::string> lists_;  // JSON; empty: no values
  const TopMethod* adopted_from_ = nullptr;
  std::vector<std::uint32_t> adopted_;
};

}  // namespace

std::unique_ptr<Accumulator> make_top_values(const AggregateCall& call, const ColumnShape& shape) {
  return std::make_unique<CollectingAccumulator<TopMethod>>(call, shape);
}

}  // namespace stave
