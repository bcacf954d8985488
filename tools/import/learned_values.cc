// One pass and one counter for each key (the majority vote of Boyer and Moore, 1981): exact where a
// value has more than half of a key's rows, and a likely one otherwise. Rows are taken in input
// order, so threads do not matter.
#include "tools/import/learned_values.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "storage/huge_pages.h"
#include "tools/import/parallel.h"

namespace stave::loading {
namespace {

struct Vote {
  std::uint32_t value = 0;
  std::uint32_t count = 0;
};
using Votes = std::vector<Vote, HugePageAllocator<Vote>>;

// How many rows a vote is fetched before it is counted.
constexpr std::uint32_t kAhead = 32;

void count_vote(Vote& vote, std::uint32_t value) {
  if (vote.count == 0) {
    vote = {value, 1};
  } else if (vote.value == value) {
    ++vote.count;
  } else {
    --vote.count;
  }
}

// One thread's share: the rows of the keys [first, last).
class VoteCounter {
 public:
  VoteCounter(std::uint32_t first, std::uint32_t last, Votes& votes)
      : first_(first), count_(last - first), votes_(votes) {}

  void count(std::uint32_t rows, const PieceIntegers& keys, const PieceIntegers& values) {
    if (codes_.size() < rows) {
      codes_.resize(rows);
      rows_.resize(rows + kAhead);
    }
    keys.read(rows, {}, codes_.data());
    // Without branches: whose share a row is cannot be foreseen.
    std::size_t taken = 0;
    for (std::uint32_t row = 0; row < rows; ++row) {
      rows_[taken] = row;
      taken += codes_[row] - first_ < count_ ? 1U : 0U;
    }
    std::fill_n(rows_.begin() + static_cast<std::ptrdiff_t>(taken), kAhead, 0U);
    for (std::size_t i = 0; i < taken; ++i) {
      // Votes lie all over memory.
      __builtin_prefetch(&votes_[codes_[rows_[i + kAhead]]], 1);
      const std::uint32_t row = rows_[i];
      const std::int64_t value = values.at(row);
      const bool is_small =
          value >= 0 && value <= std::int64_t{std::numeric_limits<std::uint32_t>::max()};
      if (is_small && (values.are_codes() || !values.is_null(row))) {
        count_vote(votes_[codes_[row]], static_cast<std::uint32_t>(value));
      }
    }
  }

 private:
  std::uint32_t first_;
  std::uint32_t count_;
  Votes& votes_;
  std::vector<std::uint32_t> codes_;
  std::vector<std::uint32_t> rows_;  // of the share
};

Result<void> count_votes(const Load& load, std::size_t key, std::size_t target,
                         VoteCounter counter) {
  std::string key_room;
  std::string target_room;
  for (const auto& [day, pieces] : load.pieces.days()) {
    if (load.cancelled()) return cancelled_failure();
    for (const Piece& piece : pieces) {
      if (!piece.holds_values(key) || !piece.holds_values(target)) continue;
      Result<std::string_view> key_bytes = load.pieces.column_bytes(piece, key, key_room);
      if (!key_bytes) return pass(key_bytes);
      Result<std::string_view> bytes = load.pieces.column_bytes(piece, target, target_room);
      if (!bytes) return pass(bytes);
      counter.count(piece.rows, PieceIntegers(piece.rows, *key_bytes),
                    PieceIntegers(piece.rows, *bytes));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<std::int64_t>> learn_values(const Load& load, std::size_t key,
                                               std::size_t target, std::uint32_t key_codes,
                                               const Predictor* before) {
  Votes votes(std::size_t{key_codes} + 1);
  // Each thread reads all rows and counts for its share of the keys.
  const auto shares = static_cast<std::size_t>(load.threads);
  const auto begin_of = [&](std::size_t share) {
    return static_cast<std::uint32_t>(votes.size() * share / shares);
  };
  Result<void> counted = run_parallel(shares, load.threads, [&](std::size_t share) {
    return count_votes(load, key, target, VoteCounter(begin_of(share), begin_of(share + 1), votes));
  });
  if (!counted) return pass(counted);
  std::vector<std::int64_t> guesses(votes.size());
  if (before != nullptr) {
    std::vector<std::uint32_t> all(votes.size());
    std::iota(all.begin(), all.end(), 0U);
    before->guess(all, std::span(guesses));
  }
  for (std::size_t code = 1; code < votes.size(); ++code) {
    // A vote that came out even keeps the last value that led.
    if (votes[code].count > 0 || votes[code].value > 0) guesses[code] = votes[code].value;
  }
  guesses[kNullCode] = 0;
  return guesses;
}

}  // namespace stave::loading
