// A pack stays as it is where half of it, and of what a pack may have, is needed. All others but
// one become such packs, and the one that is left over is found alone the next time.
#include "storage/pack_plan.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "storage/pack_writer.h"
#include "storage/segment_files.h"

namespace stave {
std::set<std::uint64_t> segments_to_gather(const Manifest& manifest,
                                           std::span<const SegmentState* const> kept,
                                           bool adds_small) {
  struct Pack {
    std::uint64_t size = 0;
    std::uint64_t used = 0;
  };
  std::map<std::string_view, Pack> packs;
  for (const PackState& pack : manifest.packs) {
    packs[pack.path].size = pack.size;
  }
  for (const SegmentState* segment : kept) {
    for_each_file(*segment, [&](const FileReference& file) {
      if (file.is_packed) {
        packs[file.path].used += file.size;
      }
    });
  }
  const auto is_settled = [&](const FileReference& file) {
    if (!file.is_packed) {
      return false;
    }
    const Pack& pack = packs[file.path];
    return pack.used >= kPackBytes / 2 && pack.used * 2 >= pack.size;
  };
  std::set<std::uint64_t> loose;
  std::set<std::string_view> files;
  bool is_mostly_unused = false;
  for (const SegmentState* segment : kept) {
    bool is_packed = false;
    bool is_loose = false;
    for_each_file(*segment, [&](const FileReference& file) {
      is_packed = is_packed || file.is_packed;
      is_loose = is_loose || !is_settled(file);
    });
    if (!is_loose || (!is_packed && bytes_of(*segment) > kPackedSegmentBytes)) {
      continue;
    }
    loose.insert(segment->id);
    for_each_file(*segment, [&](const FileReference& file) {
      files.insert(file.path);
      const Pack pack = file.is_packed ? packs[file.path] : Pack();
      is_mostly_unused = is_mostly_unused || pack.used * 2 < pack.size;
    });
  }
  const bool is_worth_it = files.size() + (adds_small ? 1 : 0) > 1 || is_mostly_unused;
  return is_worth_it ? loose : std::set<std::uint64_t>();
}

}  // namespace stave
