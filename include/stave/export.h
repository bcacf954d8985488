// Taking a store along: its tables as files that other engines read. Layout, manifest and how each
// engine reads it: docs/export.md.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "stave/store.h"

namespace stave {

enum class ExportFormat : std::uint8_t { kParquet, kCsv, kJsonLines, kArrow };
enum class ExportBy : std::uint8_t { kDay, kMonth };
// Of pages inside Parquet files, and of buffers inside Arrow files (Zstandard and LZ4); text is
// written as it is.
enum class ExportCompression : std::uint8_t { kNone, kSnappy, kLz4, kZstd };

struct ExportOptions {
  ExportFormat format = ExportFormat::kParquet;
  ExportBy by = ExportBy::kDay;
  ExportCompression compression = ExportCompression::kZstd;
  std::vector<std::string> tables;  // names or aliases; empty: all
  bool force = false;               // into a folder that holds what no export wrote
  int threads = 0;                  // 0: as many as the machine has
  std::function<void(std::uint64_t rows_done, std::uint64_t rows_total)> on_progress;
  const std::atomic<bool>* cancelled = nullptr;
};

struct ExportedTable {
  std::string table;
  std::uint64_t rows = 0;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

struct ExportSummary {
  std::uint64_t snapshot = 0;
  std::vector<ExportedTable> tables;
  double seconds = 0;
};

// Writes the tables of the open snapshot into `directory`, which is made where missing and else
// must be empty or hold an earlier export, which this one replaces. The same store and options give
// the same bytes for any number of threads. `manifest.json` appears last: a folder without it holds
// no whole export.
Result<ExportSummary> export_store(const Store& store, const std::string& directory,
                                   const ExportOptions& options);

// By their names on the command line: parquet, csv, jsonl, arrow; none, snappy, lz4, zstd.
Result<ExportFormat> export_format(std::string_view name);
Result<ExportCompression> export_compression(std::string_view name);

}  // namespace stave
