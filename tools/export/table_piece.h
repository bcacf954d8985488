// What one thread writes of a table without looking left or right.
#pragma once

#include <cstdint>
#include <vector>

#include "tools/export/table_export.h"

namespace stave {

struct TableExport::Piece {
  struct Part {
    PartitionKey key;
    std::vector<Morsel> morsels;
    std::uint64_t rows = 0;
  };
  std::vector<Part> parts;
  // One part of all rows of a period, whose clustering values only the rows tell.
  bool by_row = false;
};

}  // namespace stave
