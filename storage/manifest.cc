// Manifests to bytes and back. Bytes: format-spec/manifest.md.
#include "storage/manifest.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/checksum.h"
#include "storage/file_header.h"
#include "storage/manifest_bytes.h"
#include "storage/manifest_check.h"
#include "storage/schema_bytes.h"

namespace stave {
namespace {

void write_files(const std::vector<FileReference>& files, ManifestWriter& out) {
  out.write_varint(files.size());
  for (const FileReference& file : files) {
    out.write_file(file);
  }
}

std::vector<FileReference> read_files(ManifestReader& in) {
  std::vector<FileReference> files;
  const std::uint32_t count = read_count(in);
  files.reserve(std::min(count, ManifestReader::kMostReserved));
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    files.push_back(in.read_file());
  }
  return files;
}

void write_segment(const SegmentState& segment, ManifestWriter& out) {
  out.write_varint(segment.id);
  out.write_varint(segment.loads.size());
  for (const std::uint64_t load : segment.loads) {
    out.write_varint(load);
  }
  out.write_file(segment.load_of_row);
  out.write_i32(segment.day);
  out.write_varint(segment.rows);
  out.write_varint(segment.cluster_version);
  out.write_varint(segment.runs.size());
  for (const ClusterRun& run : segment.runs) {
    out.write_varint(run.code);
    out.write_varint(run.rows);
  }
  write_files(segment.columns, out);
  out.write_varint(segment.predictors.size());
  for (const std::uint32_t place : segment.predictors) {
    out.write_varint(place);
  }
}

SegmentState read_segment(ManifestReader& in) {
  SegmentState segment;
  segment.id = in.read_varint();
  const std::uint32_t loads = read_count(in);
  for (std::uint32_t i = 0; i < loads && in.ok(); ++i) {
    segment.loads.push_back(in.read_varint());
  }
  segment.load_of_row = in.read_file();
  segment.day = in.read_i32();
  segment.rows = in.read_varint32();
  segment.cluster_version = in.read_varint();
  segment.runs = in.read_runs(segment.rows);
  segment.columns = read_files(in);
  const std::uint32_t predicted = read_count(in);
  segment.predictors.reserve(std::min(predicted, ManifestReader::kMostReserved));
  for (std::uint32_t i = 0; i < predicted && in.ok(); ++i) {
    segment.predictors.push_back(in.read_varint32());
  }
  return segment;
}

void write_predictor(const PredictorState& predictor, ManifestWriter& out) {
  out.write_u8(static_cast<std::uint8_t>(predictor.kind));
  out.write_varint(predictor.column);
  out.write_varint(predictor.key);
  out.write_varint(predictor.lists.size());
  for (const ClusterRun& list : predictor.lists) {
    out.write_varint(list.code);
    out.write_varint(list.rows);
  }
  out.write_file(predictor.file);
}

PredictorState read_predictor(ManifestReader& in) {
  PredictorState predictor;
  const std::uint8_t kind = in.read_u8();
  if (kind != static_cast<std::uint8_t>(PredictorKind::kValue) &&
      kind != static_cast<std::uint8_t>(PredictorKind::kRank)) {
    in.fail();
    return predictor;
  }
  predictor.kind = static_cast<PredictorKind>(kind);
  predictor.column = in.read_varint32();
  predictor.key = in.read_varint32();
  predictor.lists = in.read_runs(kLargestCode);
  predictor.file = in.read_file();
  return predictor;
}

void write_table_state(const TableState& table, ManifestWriter& out) {
  out.write_text(table.name);
  out.write_varint(table.cluster_version);
  out.write_varint(table.cluster_changes.size());
  for (const ClusterChange& change : table.cluster_changes) {
    out.write_varint(change.version);
    out.write_varint(change.count);
    out.write_file(change.codes);
  }
  out.write_varint(table.segments.size());
  for (const SegmentState& segment : table.segments) {
    write_segment(segment, out);
  }
  out.write_varint(table.rows);
  out.write_varint(table.positions);
  out.write_file(table.present);
  write_files(table.columns, out);
  out.write_varint(table.predictors.size());
  for (const PredictorState& predictor : table.predictors) {
    write_predictor(predictor, out);
  }
}

TableState read_table_state(ManifestReader& in) {
  TableState table;
  table.name = in.read_text();
  table.cluster_version = in.read_varint();
  const std::uint32_t changes = read_count(in);
  for (std::uint32_t i = 0; i < changes && in.ok(); ++i) {
    ClusterChange change;
    change.version = in.read_varint();
    change.count = in.read_varint();
    change.codes = in.read_file();
    table.cluster_changes.push_back(std::move(change));
  }
  const std::uint32_t segments = read_count(in);
  table.segments.reserve(std::min(segments, ManifestReader::kMostReserved));
  for (std::uint32_t i = 0; i < segments && in.ok(); ++i) {
    table.segments.push_back(read_segment(in));
  }
  table.rows = in.read_varint();
  table.positions = in.read_varint();
  table.present = in.read_file();
  table.columns = read_files(in);
  const std::uint32_t predictors = read_count(in);
  for (std::uint32_t i = 0; i < predictors && in.ok(); ++i) {
    table.predictors.push_back(read_predictor(in));
  }
  return table;
}

void write_domain(const DomainState& domain, ManifestWriter& out) {
  out.write_text(domain.name);
  out.write_u8(static_cast<std::uint8_t>(domain.kind));
  out.write_varint(domain.segments.size());
  for (const DomainSegmentState& segment : domain.segments) {
    out.write_file(segment.file);
    out.write_varint(segment.count);
  }
}

DomainState read_domain(ManifestReader& in) {
  DomainState domain;
  domain.name = in.read_text();
  const std::uint8_t kind = in.read_u8();
  if (kind > static_cast<std::uint8_t>(DictionaryKind::kString)) {
    in.fail();
    return domain;
  }
  domain.kind = static_cast<DictionaryKind>(kind);
  const std::uint32_t segments = read_count(in);
  for (std::uint32_t i = 0; i < segments && in.ok(); ++i) {
    DomainSegmentState segment;
    segment.file = in.read_file();
    segment.first_code = domain.size + 1;
    segment.count = in.read_varint32();
    if (segment.count > kLargestCode - domain.size) {
      in.fail();
      break;
    }
    domain.size += segment.count;
    domain.segments.push_back(std::move(segment));
  }
  return domain;
}

void write_load(const LoadState& load, ManifestWriter& out) {
  out.write_varint(load.id);
  out.write_text(load.table);
  out.write_varint(load.snapshot);
  out.write_signed_varint(load.at);
  out.write_varint(load.rows);
  out.write_varint(load.rejected);
  out.write_varint(load.duplicates);
  out.write_varint(load.files.size());
  for (const LoadedFile& file : load.files) {
    out.write_text(file.name);
    out.write_varint(file.bytes);
    out.write_u64(file.content_hash);
  }
}

LoadState read_load(ManifestReader& in) {
  LoadState load;
  load.id = in.read_varint();
  load.table = in.read_text();
  load.snapshot = in.read_varint();
  load.at = in.read_signed_varint();
  load.rows = in.read_varint();
  load.rejected = in.read_varint();
  load.duplicates = in.read_varint();
  const std::uint32_t files = read_count(in);
  for (std::uint32_t i = 0; i < files && in.ok(); ++i) {
    LoadedFile file;
    file.name = in.read_text();
    file.bytes = in.read_varint();
    file.content_hash = in.read_u64();
    load.files.push_back(std::move(file));
  }
  return load;
}

Manifest read_manifest(ManifestReader& in) {
  Manifest manifest;
  manifest.snapshot = in.read_varint();
  manifest.created_at = in.read_signed_varint();
  manifest.operation = in.read_text();
  manifest.timezone = in.read_text();
  manifest.next_file_id = in.read_varint();
  manifest.next_segment_id = in.read_varint();
  manifest.next_load_id = in.read_varint();
  manifest.packs = in.read_packs();
  manifest.schema = read_schema(in);
  const std::uint32_t tables = read_count(in);
  for (std::uint32_t i = 0; i < tables && in.ok(); ++i) {
    manifest.tables.push_back(read_table_state(in));
  }
  const std::uint32_t domains = read_count(in);
  for (std::uint32_t i = 0; i < domains && in.ok(); ++i) {
    manifest.domains.push_back(read_domain(in));
  }
  const std::uint32_t loads = read_count(in);
  for (std::uint32_t i = 0; i < loads && in.ok(); ++i) {
    manifest.loads.push_back(read_load(in));
  }
  return manifest;
}

}  // namespace

const TableState* Manifest::find_table(std::string_view name) const {
  const auto found = std::ranges::find(tables, name, &TableState::name);
  return found == tables.end() ? nullptr : &*found;
}

const DomainState* Manifest::find_domain(std::string_view name) const {
  const auto found = std::ranges::find(domains, name, &DomainState::name);
  return found == domains.end() ? nullptr : &*found;
}

std::string encode_manifest(const Manifest& manifest) {
  std::string bytes = new_file_header(kManifestMagic, manifest.packs.empty() ? 0 : kPacksFeature);
  ManifestWriter out(bytes, manifest.packs);
  out.write_varint(manifest.snapshot);
  out.write_signed_varint(manifest.created_at);
  out.write_text(manifest.operation);
  out.write_text(manifest.timezone);
  out.write_varint(manifest.next_file_id);
  out.write_varint(manifest.next_segment_id);
  out.write_varint(manifest.next_load_id);
  out.write_packs();
  write_schema(manifest.schema, out);
  out.write_varint(manifest.tables.size());
  for (const TableState& table : manifest.tables) {
    write_table_state(table, out);
  }
  out.write_varint(manifest.domains.size());
  for (const DomainState& domain : manifest.domains) {
    write_domain(domain, out);
  }
  out.write_varint(manifest.loads.size());
  for (const LoadState& load : manifest.loads) {
    write_load(load, out);
  }
  seal_file_header(bytes, checksum_of(std::string_view(bytes).substr(kChecksummedFrom)));
  return bytes;
}

Result<Manifest> decode_manifest(std::string_view bytes, std::string_view origin) {
  constexpr std::string_view kWhat = "manifest";
  const auto stated = stated_checksum(bytes, kManifestMagic, kWhat, origin);
  if (!stated) {
    return pass(stated);
  }
  const std::uint64_t found = checksum_of(bytes.substr(kChecksummedFrom));
  if (found != *stated) {
    return fail(ErrorCode::kDamaged,
                fmt::format("The checksum of a manifest does not match: {:016x} stated, {:016x} "
                            "found ({}). Run `stave verify`.",
                            *stated, found, origin));
  }
  const auto features = check_file_version(bytes, kWhat, origin, kPacksFeature);
  if (!features) {
    return pass(features);
  }
  ManifestReader in(bytes.substr(kFileHeaderBytes), (*features & kPacksFeature) != 0);
  Manifest manifest = read_manifest(in);
  if (!in.finished()) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A manifest cannot be read: the fault is near byte {} of {} ({}). Run "
                            "`stave verify`.",
                            kFileHeaderBytes + in.position(), bytes.size(), origin));
  }
  if (auto checked = check_manifest(manifest); !checked) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A manifest contradicts itself: {} ({}). Run `stave verify`.",
                            checked.error().message, origin));
  }
  return manifest;
}

}  // namespace stave
