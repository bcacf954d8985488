// Small runs that lie next to each other in a block, read and computed at once: each scope then
// takes its rows out of what its neighbours read. What is done for each batch is done some
// hundred times less where a day has thousands of genres.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/pipeline.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

class RunWindows {
 public:
  // For the morsels of these scopes, which `rows_of` then gets in this order. False where runs are
  // long, or where a day has so many segments that windows would not last.
  bool plan(std::span<const Scope> scopes);

  // The rows of the next morsel that pass; valid until the next call.
  Result<const Batch*> next(const Pipeline::Reader& reader, Pipeline::Worker& worker);

 private:
  struct Place {
    std::uint32_t window = 0;
    std::uint32_t position = 0;  // among the window's morsels
  };
  struct Window {
    std::uint32_t first = 0;  // in `morsels_`
    std::uint32_t count = 0;
    std::uint32_t slot = 0;
  };
  // The window that was read last of one segment, since the runs of each segment follow each other.
  struct Slot {
    std::uint32_t window = 0;
    bool is_read = false;
    Batch rows;
    std::vector<std::uint32_t> ends;                   // behind the rows of each morsel
    Batch part;                                        // the same columns, cut to one morsel
    std::vector<std::vector<std::uint64_t>> validity;  // of `part`
  };

  static void cut(Slot& slot, std::uint32_t first, std::uint32_t rows);

  std::vector<Morsel> morsels_;  // by segment and row
  std::vector<Window> windows_;
  std::vector<Place> places_;  // by number of the morsel in the order of scopes
  std::size_t given_ = 0;
  std::vector<Slot> slots_;  // by segment
};

}  // namespace stave
