// Every file that the snapshots of a store name, each once, with what must hold of it: packs as
// wholes, and the column files in them as files of their own.
// Invariant: a file that several snapshots name is held to what the oldest of them says, which is
// the strictest: domains and dimensions only grow.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "storage/manifest.h"
#include "storage/physical.h"
#include "storage/segment_column.h"

namespace stave {

struct FileToVerify {
  FileReference file;
  bool is_pack = false;  // the checksum is of all bytes
  std::string owner;     // of a column file in a pack, for people: "streams 2025-06-01 user_id"
  std::uint64_t last_snapshot = 0;  // the newest that names it
  Physical physical = Physical::kInt64;
  std::uint64_t rows = 0;  // that a column file must have, or may have at most
  bool at_most = false;
  std::uint32_t largest_code = 0xFFFFFFFF;  // that a column of codes may hold
  SegmentColumn segment_column;             // where the file is a column of a segment
  // Where the file is a segment of a domain.
  DictionaryKind domain_kind = DictionaryKind::kEmpty;
  DomainSegmentState domain_segment;
};

// By path; a pack is followed by what lies in it. Two references to one place that differ are both
// kept.
class FilesToVerify {
 public:
  // A path, and 0 or, for a column file in a pack, 1 more than its offset.
  using Place = std::pair<std::string, std::uint64_t>;

  // Older snapshots first.
  void add(const Manifest& manifest);
  const std::multimap<Place, FileToVerify>& all() const { return files_; }
  bool has(const std::string& path) const { return files_.contains(Place(path, 0)); }

 private:
  void add_file(FileToVerify file);
  void add_columns(const Manifest& manifest, const TableSchema& schema,
                   const std::vector<FileReference>& columns, const FileToVerify& like,
                   const TableState* table = nullptr, const SegmentState* segment = nullptr);

  std::multimap<Place, FileToVerify> files_;
};

}  // namespace stave
