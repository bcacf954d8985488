// The files of a segment, those of its columns and the one that tells the loads of its rows.
#pragma once

#include "storage/manifest.h"

namespace stave {

// Calls use(file) for each file that there is.
template <typename Use>
void for_each_file(const SegmentState& segment, const Use& use) {
  if (segment.load_of_row.exists()) {
    use(segment.load_of_row);
  }
  for (const FileReference& file : segment.columns) {
    if (file.exists()) {
      use(file);
    }
  }
}

}  // namespace stave
