// One object a table, one a file.
#include "tools/export/export_manifest.h"

#include <fmt/format.h>

#include "query/values/value_text.h"
#include "stave/version.h"
#include "tools/output/json_writer.h"

namespace stave {
namespace {

constexpr std::uint64_t kLayout = 1;
constexpr std::uint64_t kMonday = 1;

std::string utc_text(std::int64_t microseconds) {
  std::string text;
  if (const auto zone = ProgramZone::find("UTC")) append_timestamp(microseconds, *zone, text);
  return text;
}

void write_text(JsonWriter& json, std::string_view key, std::string_view text) {
  json.key(key).text(text);
}

void write_number(JsonWriter& json, std::string_view key, std::uint64_t number) {
  json.key(key).number(number);
}

void write_columns(const TableExport& table, JsonWriter& json) {
  json.key("columns").begin_array();
  for (const Field& field : table.fields()) {
    json.begin_object();
    write_text(json, "name", field.name);
    write_text(json, "type", to_string(field.type));
    json.end_object();
  }
  json.end_array();
}

void write_partitions(const FinishedTable& finished, JsonWriter& json) {
  const PartitionColumns& partition = finished.table->partition();
  json.key("partition_columns").begin_array();
  if (!partition.period.empty()) json.text(partition.period);
  if (!partition.cluster.empty()) json.text(partition.cluster);
  json.end_array();
  if (partition.cluster.empty()) return;
  json.key("slugs").begin_object();
  write_text(json, "column", partition.of);
  json.key("values").begin_array();
  for (const ClusterSlug& slug : finished.table->slugs_in(finished.files)) {
    json.begin_object();
    write_text(json, "slug", slug.slug);
    write_text(json, "value", slug.value);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_files(const FinishedTable& finished, JsonWriter& json) {
  json.key("files").begin_array();
  for (const ExportedFile& file : finished.files) {
    json.begin_object();
    write_text(json, "path", file.part.path);
    write_number(json, "rows", file.part.rows);
    write_number(json, "bytes", file.part.bytes);
    write_text(json, "xxh3", fmt::format("{:016x}", file.part.checksum));
    json.end_object();
  }
  json.end_array();
}

void write_table(const FinishedTable& finished, JsonWriter& json) {
  std::uint64_t rows = 0, bytes = 0;
  for (const ExportedFile& file : finished.files) {
    rows += file.part.rows;
    bytes += file.part.bytes;
  }
  const TableSchema& schema = finished.table->schema();
  json.begin_object();
  write_text(json, "name", schema.name);
  write_text(json, "kind", schema.kind == TableKind::kFact ? "fact" : "dimension");
  write_text(json, "folder", finished.table->folder());
  write_number(json, "rows", rows);
  write_number(json, "bytes", bytes);
  json.key("key").texts(schema.key);
  write_columns(*finished.table, json);
  write_partitions(finished, json);
  write_files(finished, json);
  json.end_object();
}

}  // namespace

const char* name_of(ExportFormat format) {
  switch (format) {
    case ExportFormat::kCsv:
      return "csv";
    case ExportFormat::kJsonLines:
      return "jsonl";
    case ExportFormat::kArrow:
      return "arrow";
    case ExportFormat::kParquet:
      break;
  }
  return "parquet";
}

const char* name_of(ExportBy by) {
  return by == ExportBy::kDay ? "day" : "month";
}

const char* name_of(ExportCompression compression) {
  switch (compression) {
    case ExportCompression::kNone:
      return "none";
    case ExportCompression::kSnappy:
      return "snappy";
    case ExportCompression::kLz4:
      return "lz4";
    case ExportCompression::kZstd:
      break;
  }
  return "zstd";
}

std::string export_manifest(const Manifest& snapshot, const ExportOptions& options,
                            const std::vector<FinishedTable>& tables,
                            const std::vector<std::string>& scripts) {
  JsonWriter json;
  json.begin_object();
  write_number(json, "stave_export", kLayout);
  write_text(json, "version", version());
  write_number(json, "snapshot", snapshot.snapshot);
  write_text(json, "snapshot_at", utc_text(snapshot.created_at));
  write_text(json, "schema", snapshot.schema.name);
  write_text(json, "timezone", snapshot.timezone);
  write_number(json, "week_start", kMonday);
  write_text(json, "format", name_of(options.format));
  write_text(json, "by", name_of(options.by));
  write_text(json, "compression", name_of(options.compression));
  json.key("ddl").texts(scripts);
  json.key("tables").begin_array();
  for (const FinishedTable& table : tables) write_table(table, json);
  json.end_array();
  json.end_object();
  return json.json() + "\n";
}

}  // namespace stave
