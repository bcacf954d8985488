// An array with a place for every combination of the codes of several key columns: where a key
// lies in it, and its places in the order of keys.
// Invariant: different keys lie at different places below places().
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/aggregate/group_order.h"
#include "engine/context.h"
#include "stave/result.h"

namespace stave {

// Codes of a column are from `first` to before `end`.
struct CodeRange {
  std::uint32_t first = 0;
  std::uint32_t end = 0;
};

class PlaceGrid {
 public:
  // `fastest_first`: the columns in the order in which neighbours shall lie together. Nothing where
  // there would be more than `most` places, or where the end of a column is not known (0).
  static std::optional<PlaceGrid> make(std::vector<CodeRange> columns,
                                       std::span<const std::size_t> fastest_first,
                                       std::uint64_t most);

  std::size_t columns() const { return columns_.size(); }
  std::uint32_t places() const { return places_; }
  // The place of each row; `codes` of every column.
  void find(std::span<const std::uint32_t* const> codes, std::uint32_t rows,
            std::uint32_t* places) const;
  // Appends what the codes of these places in one column are.
  void append_codes(std::span<const std::uint32_t> places, std::size_t column,
                    std::vector<std::uint32_t>& codes) const;

  // The positions of `met`, ascending places, in the order of the keys; `keys`: of every column,
  // the first decides first. Worth it where not many more places exist than were met.
  Result<std::vector<std::uint32_t>> order(std::span<const std::uint32_t> met,
                                           std::span<const RankedKey> keys,
                                           ExecutionContext& context) const;

 private:
  std::vector<CodeRange> columns_;
  std::vector<std::uint32_t> strides_;  // by column
  std::uint32_t places_ = 0;
};

// Groups that are places of a grid.
struct PlacedGroups {
  PlaceGrid grid;
  std::vector<std::uint32_t> met;  // the place of each group, ascending
};

}  // namespace stave
