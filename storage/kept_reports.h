// Results of reports that a store keeps: one file for each, found through one index. They are
// derived from the snapshots, never the other way round: no manifest names them, and a store
// without them is whole. Bytes: format-spec/kept-reports.md. Invariant: the index is replaced as a
// whole, and what it names is durable before; a file that is not what the index says is never taken
// for a result.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "stave/store.h"
#include "storage/file_system.h"

namespace stave {

inline const std::string kKeptFolder = "kept.reports";
inline constexpr std::string_view kKeptIndexMagic = "STAVEKIX";
inline constexpr std::string_view kKeptResultMagic = "STAVEKPT";

// What was asked. Two that are equal are one.
struct KeptQuestion {
  std::string report;
  std::map<std::string, std::string> parameters;  // as given
  std::string now;                                // as given; empty: the report needs none

  friend bool operator==(const KeptQuestion&, const KeptQuestion&) = default;
};

struct KeptEntry {
  KeptQuestion question;
  std::uint64_t number = 0;    // names the file; 0: there is no result, `refresh` makes one
  std::uint64_t bytes = 0;     // of the file
  std::uint64_t checksum = 0;  // of all of them
};

// "kept.reports/000012.kept"
std::string kept_path(std::uint64_t number);

// In order of report, then parameters; none where nothing is kept.
Result<std::vector<KeptEntry>> read_kept_index(const FileSystem& files);
// The entries of an index's bytes; `path` is for messages.
Result<std::vector<KeptEntry>> decode_kept_index(std::string_view bytes, const std::string& path);
// The file of an entry; kDamaged where it is not what was written.
Result<std::string> read_kept_file(const FileSystem& files, const KeptEntry& entry);

// These change what is kept; the caller holds the writer's lock.
// Keeps `bytes` as the result of a question, in place of what there was.
Result<void> keep_result(FileSystem& files, const KeptQuestion& question, std::string_view bytes);
// How many results of that report were forgotten.
Result<std::uint64_t> forget_results(FileSystem& files, const std::string& report);

// Reads every byte; damages and strays go into the report.
Result<void> verify_kept(const FileSystem& files, VerifyReport& report);
// Leaves questions without a result where that is damaged, or all of them; where the index is
// damaged nothing is kept afterwards. Gives a sentence for each thing done.
Result<std::vector<std::string>> repair_kept(FileSystem& files, bool drop_all, bool dry_run);

// A fault in the words of a damaged result; `path` with the store before it.
Failure damaged_kept(const std::string& path, const std::string& what);

}  // namespace stave
