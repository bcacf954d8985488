// What a store holds and what it takes on disk, from the manifest and the block directories.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "stave/store.h"
#include "storage/block_summary.h"
#include "storage/guarded.h"
#include "storage/segment_files.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/type_text.h"

namespace stave {
namespace {

// Bytes of blocks by codec.
using CodecBytes = std::map<std::string, std::uint64_t>;

std::uint64_t fixed_width_of(Physical physical) {
  switch (physical) {
    case Physical::kCode:
      return 4;
    case Physical::kInt128:
      return 16;
    case Physical::kString:
      return 0;
    default:
      return 8;
  }
}

// Adds what one file of a column holds.
Result<void> add_file(const Snapshot& snapshot, const FileReference& file, Physical physical,
                      ColumnDescription& column, CodecBytes& codecs) {
  const auto reader = snapshot.open_column(file, physical);
  if (!reader) {
    return pass(reader);
  }
  column.bytes += file.size;
  column.stored_rows += (*reader)->rows();
  column.plain_bytes += (*reader)->rows() * fixed_width_of(physical);
  for (const BlockSummary& block : (*reader)->blocks()) {
    codecs[codecs_text(block)] += block.size;
  }
  return {};
}

// "for+bitpack 61%, constant 39%", the largest first.
std::string codecs_text(const CodecBytes& codecs) {
  std::uint64_t total = 0;
  std::vector<std::pair<std::string, std::uint64_t>> sorted(codecs.begin(), codecs.end());
  for (const auto& [codec, bytes] : sorted) {
    total += bytes;
  }
  std::ranges::stable_sort(sorted, std::ranges::greater(),
                           &std::pair<std::string, std::uint64_t>::second);
  std::string text;
  for (const auto& [codec, bytes] : sorted) {
    const std::uint64_t percent = total == 0 ? 100 : (bytes * 100 + total / 2) / total;
    text += fmt::format("{}{} {}%", text.empty() ? "" : ", ", codec, percent);
  }
  return text;
}

Result<ColumnDescription> describe_column(const Snapshot& snapshot, const TableSchema& schema,
                                          const TableState& table, std::size_t position) {
  const ColumnSchema& column = schema.columns[position];
  ColumnDescription description;
  description.name = column.name;
  description.type = column.type;
  description.domain = column.domain;
  description.is_key = std::ranges::find(schema.key, column.name) != schema.key.end();
  const auto relation = std::ranges::find(schema.relations, column.name, &RelationSchema::column);
  if (relation != schema.relations.end()) {
    description.leads_to = relation->table;
    description.relation = relation->name;
  }
  CodecBytes codecs;
  const auto add = [&](const std::vector<FileReference>& files) -> Result<void> {
    if (position >= files.size() || !files[position].exists()) {
      return {};
    }
    return add_file(snapshot, files[position], physical_of(column), description, codecs);
  };
  auto added = add(table.columns);
  for (const SegmentState& segment : table.segments) {
    if (added) {
      added = add(segment.columns);
    }
  }
  if (!added) {
    return pass(added);
  }
  description.codecs = codecs_text(codecs);
  return description;
}

// In the packs of a table: what lay there and is in no segment any more.
std::uint64_t unused_bytes(const Manifest& manifest, const TableState& table) {
  std::map<std::string_view, std::uint64_t> of_pack;
  for (const PackState& pack : manifest.packs) {
    of_pack[pack.path] = pack.size;
  }
  std::uint64_t bytes = 0;
  std::set<std::string_view> packs;
  const auto take = [&](const FileReference& file) {
    if (file.is_packed) {
      bytes += packs.insert(file.path).second ? of_pack[file.path] : 0;
      bytes -= file.size;
    }
  };
  for (const SegmentState& segment : table.segments) {
    for_each_file(segment, take);
  }
  return bytes;
}

Result<TableDescription> describe_table(const Snapshot& snapshot, const TableSchema& schema,
                                        const TableState& table) {
  TableDescription description;
  description.name = schema.name;
  description.is_fact = schema.kind == TableKind::kFact;
  description.rows = table.rows;
  description.segments = table.segments.size();
  description.bytes = table.present.size;
  for (const ClusterChange& change : table.cluster_changes) {
    description.bytes += change.codes.size;
  }
  for (const PredictorState& predictor : table.predictors) {
    description.bytes += predictor.file.size;
  }
  description.bytes += unused_bytes(snapshot.manifest(), table);
  for (const SegmentState& segment : table.segments) {
    description.bytes += segment.load_of_row.size;
    if (segment.day == kNoDay) {
      continue;
    }
    if (description.first_day.empty()) {
      description.first_day = date_text(segment.day);
    }
    description.last_day = date_text(segment.day);
  }
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    auto column = describe_column(snapshot, schema, table, i);
    if (!column) {
      return pass(column);
    }
    description.bytes += column->bytes;
    description.columns.push_back(*std::move(column));
  }
  return description;
}

Result<StoreDescription> describe_snapshot(const Snapshot& snapshot) {
  const Manifest& manifest = snapshot.manifest();
  StoreDescription description;
  description.snapshot = manifest.snapshot;
  description.created_at = timestamp_text(manifest.created_at);
  description.timezone = manifest.timezone;
  description.schema = manifest.schema.name;
  description.format_version = kFormatVersion;
  for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
    auto table = describe_table(snapshot, manifest.schema.tables[i], manifest.tables[i]);
    if (!table) {
      return pass(table);
    }
    description.bytes += table->bytes;
    description.tables.push_back(*std::move(table));
  }
  for (const DomainState& domain : manifest.domains) {
    DomainDescription described{domain.name, domain.size, 0};
    for (const DomainSegmentState& segment : domain.segments) {
      described.bytes += segment.file.size;
    }
    description.bytes += described.bytes;
    description.domains.push_back(std::move(described));
  }
  const auto file = snapshot.files().open(manifest_path(manifest.snapshot));
  if (!file) {
    return pass(file);
  }
  description.manifest_bytes = (*file)->size();
  description.bytes += description.manifest_bytes;
  return description;
}

}  // namespace

Result<StoreDescription> describe(const Store& store) {
  return guarded("a store was described", [&] { return describe_snapshot(store.snapshot()); });
}

}  // namespace stave
