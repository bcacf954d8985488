// Bulk import of dumps (CSV, TSV, JSON lines) into a store: all files of a call are one load,
// committed as one or not at all. Rules: docs/import.md.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "stave/dump_format.h"
#include "stave/result.h"
#include "stave/type.h"

namespace stave {

enum class ExtraColumns { kKeep, kDrop, kFail };  // columns the schema does not know
enum class OnDuplicate { kFirst, kLast, kFail };  // a file that repeats a key

struct LoadPreview;  // stave/load_preview.h

struct ImportProgress {
  std::uint64_t bytes_read = 0;   // of the input as it lies on disk
  std::uint64_t bytes_total = 0;  // 0: unknown (standard input)
  std::uint64_t rows = 0;
  std::uint64_t rejected = 0;
};

// A table that the schema lacks, made by the load: a dimension where it has a key, else a fact,
// which has days where it has a time column.
struct NewTable {
  std::vector<std::string> key;
  std::string time_column;
};

// Which rows of a fact are taken for the same. Of equal rows the first one stays, also against rows
// that the table holds already.
struct Deduplication {
  bool whole_row = false;
  std::vector<std::string> key;  // columns; null equals null, but rows with nulls alone all stay
  bool wanted() const { return whole_row || !key.empty(); }
};

struct ImportOptions {
  // Tolerated bad rows: a count, or a share of all rows in percent. Over it nothing is imported.
  std::uint64_t max_rejects = 0;
  std::optional<double> max_rejects_percent;
  std::string rejects_directory = ".";  // rejects.csv goes there when there are any
  ExtraColumns extra_columns = ExtraColumns::kKeep;
  OnDuplicate on_duplicate = OnDuplicate::kFirst;
  DumpFormat format;
  ValueFormat values;
  std::string map_path;            // TOML file: headers to columns; empty: none
  std::optional<NewTable> create;  // make the table where the store has none of that name
  Deduplication deduplication;
  bool again = false;  // import files whose content was imported before
  // Commit in steps, each a load of some files of about `step_bytes` as they lie on disk (at least
  // one file). What stops half-way goes on when it is called again, since files imported before
  // are left out.
  bool resume = false;
  std::uint64_t step_bytes = std::uint64_t{256} << 20;
  bool dry_run = false;                                    // do everything but the commit
  int threads = 0;                                         // 0: as many as the machine has
  std::uint64_t memory_limit = 0;                          // bytes; 0: 768 MiB
  std::function<void(const ImportProgress&)> on_progress;  // called a few times a second
  // Called once all is written and nothing is committed; an error leaves the store as it was.
  std::function<Result<void>(const LoadPreview&)> before_commit;
  const std::atomic<bool>* cancelled = nullptr;
};

// What the import took an input for.
struct InputDescription {
  struct Column {
    std::string header;  // as the file writes it
    std::string column;  // of the table; empty: left out
    Type type;
    bool is_new = false;
  };
  std::string name;
  std::string compression;  // "none", "gzip", "bzip2", "zstd"
  DumpFormat format;        // everything set
  std::vector<Column> columns;
};

struct ImportSummary {
  std::uint64_t load_id = 0;         // the last one, where there are several
  std::vector<std::uint64_t> loads;  // all that were committed, one for each step
  std::uint64_t snapshot = 0;
  std::string table;
  std::uint64_t rows = 0;        // facts: appended; dimensions: inserted and updated
  std::uint64_t inserted = 0;    // dimensions
  std::uint64_t updated = 0;     // dimensions
  std::uint64_t duplicates = 0;  // rows that repeat a key within a file, see OnDuplicate
  std::uint64_t removed = 0;     // facts: rows left out by Deduplication
  std::uint64_t rejected = 0;
  std::uint64_t bytes = 0;         // of input read
  std::uint64_t stored_bytes = 0;  // of files that the load adds to the store
  std::uint64_t partitions = 0;    // days touched
  std::vector<std::string> new_columns;
  std::vector<std::string> skipped_files;  // imported before
  std::string rejects_path;                // empty: none
  // The rejected rows of each input as they stand in it, to be corrected and imported; only of
  // loads that were committed.
  std::vector<std::string> corrections;
  std::vector<InputDescription> inputs;
  // Of a file of corrections: what told how its rows were read at first, and counted for what was
  // not said. Empty: none.
  std::string origin_path;
  double seconds = 0;
};

// A dump that is in no file. `read` fills `out` and tells how many bytes; fewer than asked for only
// at its end. It is called by one thread at a time, which may be another one than the caller's.
struct ImportStream {
  std::string name;  // for messages and the ledger of loads
  std::function<Result<std::size_t>(char* out, std::size_t size)> read;
};

// `files` are paths, or "-" for standard input; `.gz`, `.bz2` and `.zst` are decompressed. `table`
// may be an alias. On kTooManyRejects the rejects file is written all the same.
Result<ImportSummary> import_files(const std::string& store, const std::string& table,
                                   const std::vector<std::string>& files,
                                   const ImportOptions& options);

// The same of one stream. Plain text: it may not be compressed. What was imported before shows at
// its end only, and is left out then too.
Result<ImportSummary> import_stream(const std::string& store, const std::string& table,
                                    const ImportStream& stream, const ImportOptions& options);

}  // namespace stave
