// The segments that a load writes, before they have anything but their rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/manifest.h"
#include "tools/import/load.h"

namespace stave::loading {

struct SegmentTask {
  SegmentState state;
  std::vector<const Piece*> pieces;
  std::uint64_t piece_bytes = 0;
  std::vector<std::string> paths;  // by column, where it is not packed
  std::vector<std::string> files;  // their bytes, where it is
  std::size_t pack = kNoPack;

  static constexpr std::size_t kNoPack = ~std::size_t{0};
  bool is_packed() const { return pack != kNoPack; }
};

// By day; a large day gets several. `columns`: of the table.
std::vector<SegmentTask> plan_segments(Load& load, std::size_t columns);

std::uint64_t rows_of(const std::vector<SegmentTask>& tasks);

}  // namespace stave::loading
