// Codes with equally many rows are listed by code, so that the order depends on the rows alone.
#include "tools/import/learned_ranks.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "tools/import/parallel.h"
#include "tools/import/stable_order.h"

namespace stave::loading {

namespace {

// Threads count for themselves, and get no more than so many counters together.
constexpr std::size_t kMostCounters = std::size_t{1} << 22;

using Counts = std::vector<std::uint32_t>;

// Of every `step`-th piece from `first` on.
Result<void> count_pieces(const Load& load, std::size_t column, std::size_t first, std::size_t step,
                          Counts& counts) {
  std::string room;
  std::vector<std::uint32_t> codes;
  std::size_t at = 0;
  for (const auto& [day, pieces] : load.pieces.days()) {
    if (load.cancelled()) return cancelled_failure();
    for (const Piece& piece : pieces) {
      if (at++ % step != first || !piece.holds_values(column)) continue;
      Result<std::string_view> bytes = load.pieces.column_bytes(piece, column, room);
      if (!bytes) return pass(bytes);
      codes.resize(std::max<std::size_t>(codes.size(), piece.rows));
      PieceIntegers(piece.rows, *bytes).read(piece.rows, {}, codes.data());
      for (std::uint32_t row = 0; row < piece.rows; ++row) ++counts[codes[row]];
    }
  }
  return {};
}

}  // namespace

Result<std::vector<std::uint32_t>> count_codes(const Load& load, std::size_t column,
                                               std::uint32_t codes) {
  const std::size_t counters = std::size_t{codes} + 1;
  const auto threads = static_cast<std::size_t>(load.threads);
  std::vector<Counts> parts(std::clamp<std::size_t>(kMostCounters / counters, 1, threads));
  Result<void> counted = run_parallel(parts.size(), load.threads, [&](std::size_t part) {
    parts[part].resize(counters);
    return count_pieces(load, column, part, parts.size(), parts[part]);
  });
  if (!counted) return pass(counted);
  Counts& counts = parts.front();
  for (std::size_t part = 1; part < parts.size(); ++part) {
    std::ranges::transform(counts, parts[part], counts.begin(), std::plus());
  }
  counts[kNullCode] = 0;
  return std::move(counts);
}

RankedCodes rank_codes(const std::vector<std::uint32_t>& counts,
                       const std::vector<std::uint32_t>& cluster_of) {
  const auto cluster = [&](std::uint32_t code) {
    return code <= cluster_of.size() ? cluster_of[code - 1] : kNullCode;
  };
  const std::uint32_t most = counts.empty() ? 0 : *std::ranges::max_element(counts);
  const auto bits = static_cast<unsigned>(std::bit_width(most));
  std::vector<std::uint32_t> counted;
  std::vector<std::uint64_t> keys;
  for (std::uint32_t code = 1; code < counts.size(); ++code) {
    if (counts[code] == 0) continue;
    counted.push_back(code);
    keys.push_back(std::uint64_t{cluster(code)} << bits | (most - counts[code]));
  }
  RankedCodes ranked;
  find_stable_order(keys, ranked.codes);
  for (std::uint32_t& code : ranked.codes) code = counted[code];
  for (std::uint32_t place = 0; place < ranked.codes.size(); ++place) {
    const std::uint32_t of = cluster(ranked.codes[place]);
    if (ranked.lists.empty() || ranked.lists.back().code != of) {
      ranked.lists.push_back({of, place, 0});
    }
    ++ranked.lists.back().rows;
  }
  return ranked;
}

}  // namespace stave::loading
