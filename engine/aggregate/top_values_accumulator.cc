// top_value(x) and top_values(x, k): the most frequent values, ties by the smallest.
// A group's codes are counted in an array that only the codes met are cleared in.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <span>

#include "engine/aggregate/collecting_accumulator.h"
#include "engine/aggregate/json_list.h"
#include "engine/aggregate/result_vector.h"
#include "engine/kernels/compress.h"

namespace stave {
namespace {

class TopMethod {
 public:
  using Value = std::uint32_t;
  struct Scratch {
    std::vector<std::uint32_t> counts;  // by code; all 0 between runs
    std::vector<std::uint16_t> narrow_counts;
    std::vector<std::uint32_t> met;
    std::vector<std::uint32_t> others;
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
    std::size_t rows = 0;
    for (const auto& part : parts) rows += part.size();
    const std::size_t room = std::min<std::size_t>(rows, encoder_->size()) + 1;
    if (scratch.met.size() < room) scratch.met.resize(room);
    // Counts of two bytes stay in nearer caches.
    if (rows <= std::numeric_limits<std::uint16_t>::max()) {
      run_with(group, parts, scratch.narrow_counts, scratch);
    } else {
      run_with(group, parts, scratch.counts, scratch);
    }
  }

  Result<Vector> finish(std::span<const std::uint32_t> order) const {
    if (!is_list_) {
      std::vector<std::uint32_t> codes(order.size());
      for (std::size_t row = 0; row < order.size(); ++row) codes[row] = tops_[order[row]];
      return encoder_->decode(codes);
    }
    auto text = std::make_shared<ResultText>();
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
           encoder_->memory_bytes() +
           encoder_->size() * (sizeof(std::uint16_t) + sizeof(std::uint32_t));
  }

 private:
  // `counts` are 0, and are so again afterwards.
  template <typename Count>
  void run_with(std::uint32_t group, PendingRows<Value>::Parts parts,
                std::vector<Count>& all_counts, Scratch& scratch) {
    if (all_counts.size() < encoder_->size()) all_counts.resize(encoder_->size(), 0);
    Count* counts = all_counts.data();
    std::uint32_t* list = scratch.met.data();
    // Every code is written, and stays where it is the first of its kind: whether it is cannot be
    // foreseen.
    std::size_t met = 0;
    std::uint32_t most = 0;
    const auto add = [&](std::uint32_t code, std::uint32_t times) {
      list[met] = code;
      const std::uint32_t count = std::uint32_t{counts[code]} + times;
      counts[code] = static_cast<Count>(count);
      met += count == times ? 1U : 0U;
      most = std::max(most, count);
    };
    for (const std::span<const std::uint32_t> part : parts) {
      std::span<const std::uint32_t> codes = part;
      if (const auto frequent = frequent_code(part)) {
        scratch.others.resize(std::max(scratch.others.size(), part.size()));
        std::uint32_t* const others = scratch.others.data();
        codes = {others, kernels::keep_others(part.data(), part.size(), *frequent, others)};
        add(*frequent, static_cast<std::uint32_t>(part.size() - codes.size()));
      }
      for (const std::uint32_t code : codes) add(code, 1);
    }
    const std::span<std::uint32_t> codes(list, met);
    if (is_list_) {
      lists_[group] = list_of(codes, counts);
      for (const std::uint32_t code : codes) counts[code] = 0;
    } else {
      tops_[group] = take_top(codes, counts, most);
    }
  }

  // A code that neighbours often share: one counter cannot be added to as fast as it comes.
  static std::optional<std::uint32_t> frequent_code(std::span<const std::uint32_t> codes) {
    constexpr std::size_t kLooked = 64;
    constexpr std::size_t kOften = 16;
    if (codes.size() < 4 * kLooked) return std::nullopt;
    std::size_t repeats = 0;
    std::uint32_t repeated = 0;
    for (std::size_t row = 1; row <= kLooked; ++row) {
      if (codes[row] != codes[row - 1]) continue;
      ++repeats;
      repeated = codes[row];
    }
    if (repeats < kOften) return std::nullopt;
    return repeated;
  }

  template <typename Count>
  std::string list_of(std::span<std::uint32_t> codes, const Count* counts) const {
    const std::size_t count = std::min(most_, codes.size());
    std::partial_sort(codes.begin(), codes.begin() + static_cast<std::ptrdiff_t>(count),
                      codes.end(), [&](std::uint32_t left, std::uint32_t right) {
                        if (counts[left] != counts[right]) return counts[left] > counts[right];
                        return encoder_->compare(left, right) < 0;
                      });
    return json_list(encoder_->decode(codes.first(count)));
  }

  // The smallest of the codes that were counted most often. The counts are 0 afterwards, and
  // `codes` is overwritten.
  template <typename Count>
  std::uint32_t take_top(std::span<std::uint32_t> codes, Count* counts, std::uint32_t most) const {
    std::size_t first = 0;
    for (const std::uint32_t code : codes) {
      codes[first] = code;
      first += counts[code] == most ? 1U : 0U;
      counts[code] = 0;
    }
    std::uint32_t top = kNullCode;
    for (const std::uint32_t code : codes.first(first)) {
      if (top == kNullCode || encoder_->compare(code, top) < 0) top = code;
    }
    return top;
  }

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
