// Tables without rows are left out: most schemas have many more tables than a store fills.
#include "storage/inspect_manifest.h"

#include <fmt/format.h>

#include "storage/open_packs.h"
#include "storage/type_text.h"

namespace stave {
namespace {

std::string file_text(const FileReference& file) {
  return file.exists() ? fmt::format("{} ({} bytes, checksum {:016x})", place_text(file), file.size,
                                     file.checksum)
                       : "no file: every value is null";
}

std::string columns_text(const TableSchema& schema, const std::vector<FileReference>& files) {
  std::string text;
  for (std::size_t i = 0; i < files.size(); ++i) {
    text += fmt::format("      {:<20} {}\n", schema.columns[i].name, file_text(files[i]));
  }
  return text;
}

std::string segment_text(const TableSchema& schema, const SegmentState& segment) {
  const std::string day = segment.day == kNoDay ? "no day" : date_text(segment.day);
  std::string text = fmt::format(
      "    segment {}: {}, {} rows in {} runs, {} {}, cluster version {}\n", segment.id, day,
      segment.rows, segment.runs.size(), segment.loads.size() == 1 ? "load" : "loads",
      fmt::join(segment.loads, ", "), segment.cluster_version);
  if (segment.load_of_row.exists()) {
    text += fmt::format("      {:<20} {}\n", "(load of row)", file_text(segment.load_of_row));
  }
  return text + columns_text(schema, segment.columns);
}

std::string predictor_text(const TableSchema& schema, const PredictorState& predictor) {
  const std::string& column = schema.columns[predictor.column].name;
  return predictor.kind == PredictorKind::kRank
             ? fmt::format("    predictor of {} by rank in {} lists: {}\n", column,
                           predictor.lists.size(), file_text(predictor.file))
             : fmt::format("    predictor of {} from {}: {}\n", column,
                           schema.columns[predictor.key].name, file_text(predictor.file));
}

std::string table_text(const TableSchema& schema, const TableState& table) {
  std::string text = fmt::format("  {}: {} rows", table.name, table.rows);
  if (schema.kind == TableKind::kFact) {
    text += fmt::format(" in {} segments, cluster version {}\n", table.segments.size(),
                        table.cluster_version);
    for (const ClusterChange& change : table.cluster_changes) {
      text += fmt::format("    cluster change {}: {} codes, {}\n", change.version, change.count,
                          file_text(change.codes));
    }
    for (const PredictorState& predictor : table.predictors) {
      text += predictor_text(schema, predictor);
    }
    for (const SegmentState& segment : table.segments) {
      text += segment_text(schema, segment);
    }
    return text;
  }
  text += fmt::format(" in {} positions\n", table.positions);
  if (table.present.exists()) {
    text += fmt::format("      {:<20} {}\n", "(present)", file_text(table.present));
  }
  return text + columns_text(schema, table.columns);
}

std::string_view kind_text(DictionaryKind kind) {
  switch (kind) {
    case DictionaryKind::kInt64:
      return "integers";
    case DictionaryKind::kString:
      return "strings";
    default:
      return "empty";
  }
}

}  // namespace

std::string inspect_manifest(const Manifest& manifest, std::uint64_t file_bytes) {
  std::string text = fmt::format(
      "manifest, format version {}, {} bytes, checksum as stated\n"
      "snapshot {}, committed {} UTC, time zone {}, {}\n"
      "next file id {}, next segment id {}, next load id {}\n"
      "schema \"{}\" of {} tables\n",
      kFormatVersion, file_bytes, manifest.snapshot, timestamp_text(manifest.created_at),
      manifest.timezone, manifest.operation.empty() ? "no operation stated" : manifest.operation,
      manifest.next_file_id, manifest.next_segment_id, manifest.next_load_id, manifest.schema.name,
      manifest.schema.tables.size());
  if (!manifest.packs.empty()) {
    text += "\npacks\n";
  }
  for (const PackState& pack : manifest.packs) {
    text += fmt::format("  {} ({} bytes, checksum {:016x})\n", pack.path, pack.size, pack.checksum);
  }
  text += "\ntables with rows\n";
  for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
    if (manifest.tables[i].rows > 0 || manifest.tables[i].positions > 0) {
      text += table_text(manifest.schema.tables[i], manifest.tables[i]);
    }
  }
  text += "\nkey domains\n";
  for (const DomainState& domain : manifest.domains) {
    text += fmt::format("  {}: {} {}\n", domain.name, domain.size, kind_text(domain.kind));
    for (const DomainSegmentState& segment : domain.segments) {
      text += fmt::format("    codes {} to {}: {}\n", segment.first_code,
                          segment.first_code + segment.count - 1, file_text(segment.file));
    }
  }
  text += "\nloads\n";
  for (const LoadState& load : manifest.loads) {
    text += fmt::format("  {}: {} at {} UTC in snapshot {}, {} rows, {} rejected, {} duplicates\n",
                        load.id, load.table, timestamp_text(load.at), load.snapshot, load.rows,
                        load.rejected, load.duplicates);
    for (const LoadedFile& file : load.files) {
      text += fmt::format("    {} ({} bytes, content {:016x})\n", file.name, file.bytes,
                          file.content_hash);
    }
  }
  return text;
}

}  // namespace stave
