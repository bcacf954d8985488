// See join_index.h.
#include "engine/operators/join_index.h"

#include <algorithm>
#include <numeric>

namespace stave {

namespace {

// Up to here an array with a slot for each code is cheaper than hashing.
constexpr std::uint64_t kSmallCodeBound = std::uint64_t{1} << 21;
constexpr std::uint64_t kMostCodesPerRow = 8;

bool is_dense(std::uint64_t code_bound, std::uint64_t rows) {
  return code_bound != 0 && code_bound <= std::max(kSmallCodeBound, rows * kMostCodesPerRow);
}

}  // namespace

bool JoinIndex::WideEqual::operator()(const std::uint64_t* left, const std::uint64_t* right) const {
  return std::equal(left, left + index->words_per_row_, right);
}

JoinIndex::JoinIndex(const JoinKeys& keys, const JoinKeys::Encoded& right)
    : words_per_row_(keys.words_per_row()),
      is_dense_(is_dense(keys.code_bound(), right.matches.size())),
      wide_(0, WideHash{this}, WideEqual{this}) {
  const auto rows = static_cast<RowNumber>(right.matches.size());
  std::vector<std::uint32_t> groups(rows, kNoGroup);
  for (RowNumber row = 0; row < rows; ++row) {
    if (right.matches[row] != 0) {
      groups[row] = add_group(right.words.data() + row * words_per_row_);
    }
  }
  if (is_dense_) {
    groups_ = static_cast<std::uint32_t>(keys.code_bound());
  }
  starts_.assign(std::size_t{groups_} + 1, 0);
  for (const std::uint32_t group : groups) {
    if (group != kNoGroup) {
      ++starts_[group + 1];
    }
  }
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  rows_.resize(starts_.back());
  std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
  for (RowNumber row = 0; row < rows; ++row) {
    if (groups[row] != kNoGroup) {
      rows_[next[groups[row]]++] = row;
    }
  }
}

std::uint32_t JoinIndex::add_group(const std::uint64_t* words) {
  if (is_dense_) {
    return static_cast<std::uint32_t>(words[0]);
  }
  if (words_per_row_ == 1) {
    const auto [place, added] = narrow_.emplace(words[0], groups_);
    groups_ += added ? 1 : 0;
    return place->second;
  }
  const auto found = wide_.find(words);
  if (found != wide_.end()) {
    return *found;
  }
  group_words_.insert(group_words_.end(), words, words + words_per_row_);
  wide_.insert(groups_);
  return groups_++;
}

std::uint32_t JoinIndex::group_of(const std::uint64_t* words) const {
  if (is_dense_) {
    return static_cast<std::uint32_t>(words[0]);
  }
  if (words_per_row_ == 1) {
    const auto found = narrow_.find(words[0]);
    return found == narrow_.end() ? kNoGroup : found->second;
  }
  const auto found = wide_.find(words);
  return found == wide_.end() ? kNoGroup : *found;
}

std::span<const RowNumber> JoinIndex::find(const std::uint64_t* words) const {
  const std::uint32_t group = group_of(words);
  if (group == kNoGroup) {
    return {};
  }
  return std::span(rows_).subspan(starts_[group], starts_[group + 1] - starts_[group]);
}

}  // namespace stave
