// Codes with equally many rows are listed by code, so that the order depends on the rows alone.
#include "tools/import/learned_ranks.h"

#include <algorithm>

namespace stave::loading {

Result<std::vector<std::uint32_t>> count_codes(const Load& load, std::size_t column,
                                               std::uint32_t codes) {
  std::vector<std::uint32_t> counts(std::size_t{codes} + 1);
  std::string room;
  std::vector<std::uint32_t> of_piece;
  for (const auto& [day, pieces] : load.pieces.days()) {
    if (load.cancelled()) return cancelled_failure();
    for (const Piece& piece : pieces) {
      if (!piece.holds_values(column)) continue;
      Result<std::string_view> bytes = load.pieces.column_bytes(piece, column, room);
      if (!bytes) return pass(bytes);
      of_piece.resize(std::max<std::size_t>(of_piece.size(), piece.rows));
      PieceIntegers(piece.rows, *bytes).read(piece.rows, {}, of_piece.data());
      for (std::uint32_t row = 0; row < piece.rows; ++row) ++counts[of_piece[row]];
    }
  }
  counts[kNullCode] = 0;
  return counts;
}

RankedCodes rank_codes(const std::vector<std::uint32_t>& counts,
                       const std::vector<std::uint32_t>& cluster_of) {
  const auto cluster = [&](std::uint32_t code) {
    return code <= cluster_of.size() ? cluster_of[code - 1] : kNullCode;
  };
  RankedCodes ranked;
  for (std::uint32_t code = 1; code < counts.size(); ++code) {
    if (counts[code] > 0) ranked.codes.push_back(code);
  }
  std::sort(ranked.codes.begin(), ranked.codes.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (cluster(a) != cluster(b)) return cluster(a) < cluster(b);
    return counts[a] != counts[b] ? counts[a] > counts[b] : a < b;
  });
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
