// Sums that share words; see the header.
#include "engine/aggregate/packed_sums.h"

#include <algorithm>
#include <array>
#include <bit>

#include "engine/kernels/pack_fields.h"

namespace stave {
namespace {

constexpr std::uint32_t kWordBits = 64;
constexpr std::size_t kMostGroups = std::size_t{1} << 18;
// Words are handed on after no fewer rows than a few blocks have, nor than groups are many.
constexpr std::uint32_t kFewestRowBits = 16;
constexpr std::uint32_t kMostRowBits = 30;
constexpr std::size_t kRowsForEachGroup = 4;
// Rows of few groups often meet the group of the row before, whose addition is still under way.
constexpr std::size_t kFewGroups = 1024;
// Groups of more are far from the processor.
constexpr std::size_t kNearGroups = std::size_t{1} << 16;
constexpr std::size_t kStep = 256;

std::uint32_t row_bits(std::size_t groups) {
  return std::max(kFewestRowBits,
                  static_cast<std::uint32_t>(std::bit_width(groups * kRowsForEachGroup)));
}

std::uint32_t width_of(std::uint64_t most) {
  return static_cast<std::uint32_t>(std::bit_width(most));
}

}  // namespace

std::vector<PackedSums> PackedSums::plan(std::size_t groups,
                                         std::span<const std::optional<PackableSum>> wanted,
                                         std::span<const std::size_t> argument_of) {
  if (groups > kMostGroups) return {};
  const std::uint32_t reserve = row_bits(groups);
  std::vector<PackedSums> words(1);
  words[0].counts_ = true;
  std::vector<std::uint32_t> used(1, reserve);
  for (std::size_t accumulator = 0; accumulator < wanted.size(); ++accumulator) {
    if (!wanted[accumulator]) continue;
    const PackableSum& sum = *wanted[accumulator];
    const std::uint32_t bits = sum.most == 0 ? 0 : width_of(sum.most) + reserve;
    std::size_t word = 0;
    while (word < words.size() && used[word] + bits > kWordBits) ++word;
    if (bits > kWordBits || (sum.needs_counts && word > 0)) continue;
    if (word == words.size()) {
      words.emplace_back();
      used.push_back(0);
    }
    words[word].sums_.push_back({accumulator, argument_of[accumulator], sum.most, {}});
    used[word] += bits;
  }
  // What has a word for itself is not added any faster.
  std::erase_if(
      words, [](const PackedSums& word) { return word.sums_.size() < (word.counts_ ? 1U : 2U); });
  if (words.empty() || !words[0].counts_) return {};
  for (PackedSums& word : words) word.lay_out(groups);
  return words;
}

void PackedSums::lay_out(std::size_t groups) {
  std::uint32_t taken = 0;
  std::uint32_t fields = counts_ ? 1 : 0;
  for (const Sum& sum : sums_) {
    taken += width_of(sum.most);
    fields += sum.most == 0 ? 0 : 1;
  }
  const std::uint32_t room = std::min(kMostRowBits, (kWordBits - taken) / fields);
  most_rows_ = (std::uint64_t{1} << room) - 1;
  std::uint32_t shift = 0;
  if (counts_) {
    count_ = {0, most_rows_};
    shift = room;
  }
  for (Sum& sum : sums_) {
    if (sum.most == 0) continue;
    const std::uint32_t bits = room + width_of(sum.most);
    sum.field = {shift, ~std::uint64_t{0} >> (kWordBits - bits)};
    shift += bits;
  }
  groups_ = groups;
  copies_ = groups <= kFewGroups ? 2 : 1;
  words_.assign(groups_ * copies_, 0);
}

void PackedSums::add(const std::uint32_t* groups, std::uint32_t rows,
                     std::span<const Vector> arguments) {
  rows_ += rows;
  std::vector<kernels::PackedField> fields;
  for (const Sum& sum : sums_) {
    if (sum.most == 0) continue;
    fields.push_back({arguments[sum.argument].values<std::int64_t>(),
                      ~std::uint64_t{0} >> (kWordBits - width_of(sum.most)), sum.field.shift});
  }
  std::array<std::uint64_t, kStep> packed;
  std::uint64_t* const words = words_.data();
  std::uint64_t* const others = words + (copies_ - 1) * groups_;
  const bool is_far = groups_ > kNearGroups;
  for (std::size_t first = 0; first < rows; first += kStep) {
    const std::size_t step = std::min<std::size_t>(kStep, rows - first);
    const std::uint32_t* to = groups + first;
    if (is_far) {
      for (std::size_t i = 0; i < step; ++i) __builtin_prefetch(words + to[i], 1);
    }
    kernels::pack_fields(fields, counts_ ? 1 : 0, step, packed.data());
    std::size_t i = 0;
    for (; i + 1 < step; i += 2) {
      words[to[i]] += packed[i];
      others[to[i + 1]] += packed[i + 1];
    }
    if (i < step) words[to[i]] += packed[i];
    for (kernels::PackedField& field : fields) field.values += step;
  }
}

std::span<const std::uint64_t> PackedSums::words() {
  for (std::size_t group = groups_; group < words_.size(); ++group) {
    words_[group - groups_] += words_[group];
  }
  return std::span(words_).first(groups_);
}

void PackedSums::clear() {
  std::fill(words_.begin(), words_.end(), std::uint64_t{0});
  rows_ = 0;
}

}  // namespace stave
