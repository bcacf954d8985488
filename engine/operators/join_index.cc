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

// Codes are groups.
void take_codes(const JoinKeys::Encoded& keys, std::uint32_t rows, std::uint32_t* groups) {
  for (std::uint32_t row = 0; row < rows; ++row) {
    groups[row] =
        keys.matches[row] == 0 ? JoinIndex::kNoGroup : static_cast<std::uint32_t>(keys.words[row]);
  }
}

}  // namespace

JoinIndex::JoinIndex(const JoinKeys& keys, const JoinKeys::Encoded& right)
    : is_dense_(is_dense(keys.code_bound(), right.matches.size())), table_(keys.words_per_row()) {
  const auto rows = static_cast<RowNumber>(right.matches.size());
  std::vector<std::uint32_t> groups(rows, kNoGroup);
  std::uint32_t count = 0;
  if (is_dense_) {
    take_codes(right, rows, groups.data());
    count = static_cast<std::uint32_t>(keys.code_bound());
  } else {
    table_.add(right.words.data(), right.matches.data(), rows, groups.data());
    count = table_.groups();
  }
  starts_.assign(std::size_t{count} + 1, 0);
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

void JoinIndex::find(const JoinKeys::Encoded& left, std::uint32_t rows,
                     std::vector<std::uint32_t>& groups) const {
  groups.resize(rows);
  if (is_dense_) {
    take_codes(left, rows, groups.data());
  } else {
    table_.find(left.words.data(), left.matches.data(), rows, groups.data());
  }
}

}  // namespace stave
