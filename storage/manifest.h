// The state of a store at one commit: every file it consists of, with size and checksum. Opening a
// store reads one manifest and nothing else. Bytes: format-spec/manifest.md.
// Invariant: a manifest is immutable; files that it names never change.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/dictionary.h"
#include "storage/schema.h"

namespace stave {

inline constexpr std::uint16_t kFormatVersion = 1;
inline constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::min();

struct FileReference {
  std::string path;            // relative to the store; empty: no file, every value is null
  std::uint64_t size = 0;      // bytes
  std::uint64_t checksum = 0;  // that its footer states, which vouches for every byte
  // A column file of a segment may lie in a pack: `path` is the pack's, where it begins at
  // `offset`.
  bool is_packed = false;
  std::uint64_t offset = 0;

  bool exists() const { return !path.empty(); }
  bool operator==(const FileReference&) const = default;
};

// One file of many small column files, end to end. Page: format-spec/pack.md.
struct PackState {
  std::string path;
  std::uint64_t size = 0;
  std::uint64_t checksum = 0;  // of all its bytes

  bool operator==(const PackState&) const = default;
};

// Rows [first_row, first_row + rows) of a segment whose clustering column had this code when the
// segment was written. Code 0, the unknown, comes last.
struct ClusterRun {
  std::uint32_t code = kNullCode;
  std::uint32_t first_row = 0;
  std::uint32_t rows = 0;
};

// Disk ids.
enum class PredictorKind : std::uint8_t { kValue = 1, kRank = 2 };

// What segments share to make a column small: the value that goes with each code of another column
// of the table (a user's country), or the codes of the column itself by cluster, the most frequent
// first. Bytes: format-spec/predictor.md.
struct PredictorState {
  PredictorKind kind = PredictorKind::kValue;
  std::uint32_t column = 0;       // position of the column it is for
  std::uint32_t key = 0;          // kValue: position of the column that it is predicted from
  std::vector<ClusterRun> lists;  // kRank: which of the file's codes belong to which cluster
  FileReference file;
};

// Rows of one day of a fact table, ordered by cluster code, then time, then input order: what one
// load put there, or what `compact` merged of several.
struct SegmentState {
  std::uint64_t id = 0;
  std::vector<std::uint64_t> loads;  // that the rows came with, ascending, at least one
  FileReference load_of_row;  // codes, 1 for the first of `loads`; a file where there are several
  std::int32_t day = kNoDay;  // days since 1970-01-01 in the store's time zone
  std::uint32_t rows = 0;
  std::uint64_t cluster_version = 0;   // TableState::cluster_version it was clustered by
  std::vector<ClusterRun> runs;        // one run of code 0 where the table is not clustered
  std::vector<FileReference> columns;  // by position in the table's columns; may be shorter
  // By position, may be shorter: 0, or the place (from 1) of a predictor in the table's that the
  // column's file was written with.
  std::vector<std::uint32_t> predictors;
};

// Codes of the clustering relation's table whose clustering value changed at `version`: segments
// clustered by an earlier version are stale where they hold one of them.
struct ClusterChange {
  std::uint64_t version = 0;
  std::uint64_t count = 0;  // how many changed
  FileReference codes;      // they, ascending, as a column file of codes
};

struct TableState {
  std::string name;
  // Facts.
  std::uint64_t cluster_version = 0;
  std::vector<ClusterChange> cluster_changes;
  std::vector<SegmentState> segments;  // by day, then id
  // Dimensions. Code-addressed ones have position = key code - 1 and `present` (a bool column)
  // tells which positions hold a row; others have `rows` rows and no `present`.
  std::uint64_t rows = 0;       // rows present, facts and dimensions alike
  std::uint64_t positions = 0;  // dimensions: length of the columns
  FileReference present;
  std::vector<FileReference> columns;  // by position; may be shorter; a file may hold fewer rows
                                       // than `positions`: the rest is null
  std::vector<PredictorState> predictors;  // facts; segments refer to them by place
};

struct DomainSegmentState {
  FileReference file;
  std::uint32_t first_code = 1;
  std::uint32_t count = 0;
};

struct DomainState {
  std::string name;
  DictionaryKind kind = DictionaryKind::kEmpty;
  std::uint32_t size = 0;                    // codes 1..size are in use
  std::vector<DomainSegmentState> segments;  // by first_code, without gaps
};

struct LoadedFile {
  std::string name;  // as the user gave it
  std::uint64_t bytes = 0;
  std::uint64_t content_hash = 0;  // XXH3-64 of the bytes as read (before decompression)
};

struct LoadState {
  std::uint64_t id = 0;
  std::string table;
  std::uint64_t snapshot = 0;  // that committed it
  std::int64_t at = 0;         // microseconds since 1970, UTC
  std::uint64_t rows = 0;      // imported
  std::uint64_t rejected = 0;
  std::uint64_t duplicates = 0;
  std::vector<LoadedFile> files;
};

struct Manifest {
  std::uint64_t snapshot = 0;   // 0 is the empty store that `init` commits
  std::int64_t created_at = 0;  // microseconds since 1970, UTC
  std::string operation;        // what it was, for people: "init", "import of streams, load 3"
  std::string timezone = "UTC";
  std::uint64_t next_file_id = 1;
  std::uint64_t next_segment_id = 1;
  std::uint64_t next_load_id = 1;
  std::vector<PackState> packs;  // in which column files of segments lie, each once
  Schema schema;
  std::vector<TableState> tables;  // one for each table of the schema, in its order
  std::vector<DomainState> domains;
  std::vector<LoadState> loads;

  const TableState* find_table(std::string_view name) const;
  const DomainState* find_domain(std::string_view name) const;
};

std::string encode_manifest(const Manifest& manifest);
// `origin` names the file in error messages. Tests the checksum before the version.
Result<Manifest> decode_manifest(std::string_view bytes, std::string_view origin);

}  // namespace stave
