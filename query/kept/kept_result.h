// The result of a report as it is kept, and what it was computed from.
// Bytes: format-spec/kept-reports.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stave/query.h"
#include "stave/result.h"
#include "storage/file_system.h"
#include "storage/kept_reports.h"

namespace stave {

// What is computed again on its own. Written to disk; numbers are never reused.
enum class KeptUnit : std::uint8_t { kWhole = 0, kDay = 1, kWeek = 2, kMonth = 3 };
// "day", "week", "month"; empty for kWhole.
std::string_view name_of(KeptUnit unit);

// Rows of one period, in order.
struct KeptPart {
  std::int32_t period = 0;        // its first day; kNoDay: rows without a time; kWhole: 0
  std::uint64_t fingerprint = 0;  // of the facts of the period
  std::uint64_t rows = 0;
  std::string bytes;
};

// A table or column that every part depends on.
struct KeptSource {
  std::string name;
  std::uint64_t fingerprint = 0;

  friend bool operator==(const KeptSource&, const KeptSource&) = default;
};

// What the rows of a dimension say along the paths that a report follows from its facts.
struct KeptPaths {
  std::string table;
  std::uint64_t files = 0;          // fingerprint of the files that the paths read
  std::vector<std::uint64_t> rows;  // fingerprint of what each code leads to; slot 0 is null
};

struct KeptResult {
  std::uint64_t program = 0;  // fingerprint of what was asked, and of all that reads it
  KeptUnit unit = KeptUnit::kWhole;
  bool descending = false;     // later periods come first; rows without a time come last either way
  std::uint64_t snapshot = 0;  // that it was computed from
  std::int64_t computed_at = 0;  // microseconds since 1970, UTC
  std::vector<ResultColumn> columns;
  std::vector<KeptSource> sources;
  std::vector<KeptPaths> paths;
  std::vector<KeptPart> parts;  // by period
};

std::string encode_kept(const KeptResult& result);
// Reads, tests and decodes the file of an entry.
Result<KeptResult> read_kept_result(const FileSystem& files, const KeptEntry& entry);

}  // namespace stave
