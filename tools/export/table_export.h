// One table on its way out: how it is laid out, and the pieces of work that write it.
// Invariant: pieces and the files of each depend on the snapshot and the layout alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/pipeline.h"
#include "stave/export.h"
#include "storage/snapshot.h"
#include "tools/export/export_folder.h"
#include "tools/export/integer_keys.h"
#include "tools/export/partition_writer.h"

namespace stave {

// Where a file's rows belong; empty where the table has no such partitions.
struct PartitionKey {
  std::string period;  // "2025-05-01", "2025-05", or kNoPeriod
  std::string slug;    // of the clustering value
};

// What Hive, Spark and DuckDB read as null.
inline constexpr std::string_view kNoPeriod = "__HIVE_DEFAULT_PARTITION__";

struct ExportedFile {
  PartFile part;
  PartitionKey key;
};

// Columns that are in the names of folders.
struct PartitionColumns {
  std::string period;   // "day", "month"; empty: none
  std::string cluster;  // "genre_key"; empty: none
  std::string of;       // the column of the files that `cluster` is the slug of
};

// A clustering value that occurs, and its slug.
struct ClusterSlug {
  std::string slug;
  std::string value;
};

class TableExport {
 public:
  static Result<std::unique_ptr<TableExport>> open(const TableSchema& schema, ExportBy by,
                                                   ExecutionContext& context);
  ~TableExport();

  const TableSchema& schema() const { return schema_; }
  // Of the files: the table's columns, the day where folders do not tell it, and the clustering
  // value where there is one.
  const std::vector<Field>& fields() const { return fields_; }
  const PartitionColumns& partition() const { return partition_; }
  // Whose days are days.
  const std::string& timezone() const { return context_.snapshot().manifest().timezone; }
  // The table's folder in the export.
  const std::string& folder() const { return folder_; }
  std::uint64_t rows() const;

  std::size_t pieces() const;
  // `worker` numbers the thread, below the context's threads(). Adds to `rows_done` as it goes.
  Result<std::vector<ExportedFile>> write(std::size_t piece, int worker, ExportFolder& folder,
                                          RowFormat& format, std::atomic<std::uint64_t>& rows_done);
  // The slugs of `files`, which are the table's, by slug; without null's.
  std::vector<ClusterSlug> slugs_in(const std::vector<ExportedFile>& files) const;

 private:
  struct Piece;
  class PieceWriter;
  TableExport(const TableSchema& schema, ExecutionContext& context);
  Result<void> lay_out(ExportBy by);
  void cut_pieces(ExportBy by);
  std::string period_of(std::int32_t day, ExportBy by) const;
  std::string place_of(const PartitionKey& key) const;

  const TableSchema& schema_;
  ExecutionContext& context_;
  std::vector<Field> fields_;
  PartitionColumns partition_;
  std::string folder_;
  std::vector<std::string> slugs_;  // by code of the clustering value
  std::shared_ptr<const Dictionary> clusters_;
  Pipeline pipeline_;
  std::shared_ptr<const Pipeline::Reader> reader_;
  IntegerKeys integer_keys_;
  std::vector<std::unique_ptr<Pipeline::Worker>> workers_;
  std::vector<Piece> pieces_;
};

}  // namespace stave
