// Packs and what a manifest says lies in them. Invariant: once `finish` has passed, every column
// file in a pack lies within one that is listed, and each pack that is listed is needed.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "storage/file_system.h"
#include "storage/manifest.h"

namespace stave {

class PackCheck {
 public:
  // The packs must outlive the check.
  Result<void> start(const std::vector<PackState>& packs);
  // Files of a segment, those of their own too.
  Result<void> check_segment(const SegmentState& segment, std::string_view table);
  Result<void> finish() const;

 private:
  struct Known {
    std::uint64_t size = 0;
    bool is_named = false;
  };

  Result<void> check(const FileReference& file, const SegmentState& segment,
                     std::string_view table);

  std::map<std::string_view, Known> packs_;
  std::map<std::string_view, Known>::iterator last_ = packs_.end();
};

// Reads a whole pack: its size and its checksum. kDamaged where they are not as stated.
Result<void> check_pack(const FileSystem& files, const PackState& pack);

// Leaves those packs that a segment has a column in, in order of path.
void drop_unnamed_packs(Manifest& manifest);

}  // namespace stave
