// Rows counted at the place of their key in an array: no group is looked up and nothing else is
// kept of a row. A count is a byte, so that millions of places stay in the caches and cost little
// memory; what goes beyond it is noted aside, once for 255 rows.
// Invariant: while rows are added the byte of a place that was met is not 0; once `met` was asked
// it is 0 where rows were noted aside.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/aggregate/group_rows.h"
#include "engine/aggregate/place_grid.h"
#include "engine/context.h"

namespace stave {

class CountedPlaces {
 public:
  // `lists_places`: the places met are listed as they are met, for scopes that meet few of them.
  CountedPlaces(PlaceGrid grid, bool lists_places);

  const PlaceGrid& grid() const { return grid_; }
  void add(std::span<const std::uint32_t* const> codes, std::uint32_t rows);
  // The codes of each run.
  void add_runs(std::span<const std::uint32_t* const> codes, std::span<const GroupRun> runs);
  // Adds what `other`, of the same grid, has counted. Not where places are listed.
  void take(const CountedPlaces& other);

  // The places met, when nothing is going to be added before `clear`: as listed, else ascending.
  Result<std::vector<std::uint32_t>> met(ExecutionContext& context);
  // How often each of these, which `met` has named and in its order, was. Thread-safe.
  void count(std::span<const std::uint32_t> places, std::span<std::uint64_t> counts) const;
  // Nothing was met.
  void clear();

  std::size_t memory_bytes() const;

 private:
  struct Carried {
    std::uint32_t place;
    std::uint64_t rows;
  };
  template <bool kLists, bool kPrefetches>
  void count_rows(const std::uint32_t* places, std::uint32_t rows);
  void add_run(std::uint32_t place, std::uint64_t rows);
  // What was carried becomes one entry for each place, by place, and takes what its byte counts.
  void settle();

  PlaceGrid grid_;
  bool lists_places_;
  std::vector<std::uint8_t> counts_;
  std::vector<Carried> carried_;
  std::vector<std::uint32_t> listed_;
  std::vector<std::uint32_t> row_places_;
};

}  // namespace stave
