// Every file that the snapshots of a store name, each once, with what must hold of it.
// Invariant: a file that several snapshots name is held to what the oldest of them says, which is
// the strictest: domains and dimensions only grow.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "storage/manifest.h"
#include "storage/physical.h"
#include "storage/segment_column.h"

namespace stave {

struct FileToVerify {
  FileReference file;
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

// By path; two references of one path that differ are both kept.
class FilesToVerify {
 public:
  // Older snapshots first.
  void add(const Manifest& manifest);
  const std::multimap<std::string, FileToVerify>& all() const { return files_; }

 private:
  void add_file(FileToVerify file);
  void add_columns(const Manifest& manifest, const TableSchema& schema,
                   const std::vector<FileReference>& columns, const FileToVerify& like,
                   const TableState* table = nullptr, const SegmentState* segment = nullptr);

  std::multimap<std::string, FileToVerify> files_;
};

}  // namespace stave
