// Walks manifests; which bytes they are: format-spec/manifest.md.
#include "storage/files_to_verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/manifest_check.h"
#include "storage/snapshot.h"
#include "storage/type_text.h"

namespace stave {

namespace {

std::string owner_text(const TableSchema& schema, const SegmentState& segment,
                       const std::string& column) {
  return fmt::format("{} {} {}", schema.name,
                     segment.day == kNoDay ? "without a day" : date_text(segment.day), column);
}

}  // namespace

void FilesToVerify::add_file(FileToVerify file) {
  if (!file.file.exists()) {
    return;
  }
  Place place(file.file.path, file.file.is_packed ? file.file.offset + 1 : 0);
  auto [known, end] = files_.equal_range(place);
  for (; known != end; ++known) {
    if (known->second.file.size == file.file.size &&
        known->second.file.checksum == file.file.checksum) {
      known->second.last_snapshot = std::max(known->second.last_snapshot, file.last_snapshot);
      return;
    }
  }
  files_.emplace(std::move(place), std::move(file));
}

void FilesToVerify::add_columns(const Manifest& manifest, const TableSchema& schema,
                                const std::vector<FileReference>& columns, const FileToVerify& like,
                                const TableState* table, const SegmentState* segment) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    FileToVerify file = like;
    file.file = columns[i];
    file.physical = physical_of(schema.columns[i]);
    if (columns[i].is_packed) {
      file.owner = owner_text(schema, *segment, schema.columns[i].name);
    }
    if (segment != nullptr && columns[i].exists()) {
      file.segment_column = segment_column(schema, *table, *segment, i);
    }
    if (schema.columns[i].is_coded()) {
      const DomainState* domain = manifest.find_domain(schema.columns[i].domain);
      file.largest_code = domain == nullptr ? 0 : domain->size;
    }
    add_file(std::move(file));
  }
}

void FilesToVerify::add(const Manifest& manifest) {
  FileToVerify any;
  any.last_snapshot = manifest.snapshot;
  for (const PackState& pack : manifest.packs) {
    FileToVerify whole = any;
    whole.file = {pack.path, pack.size, pack.checksum};
    whole.is_pack = true;
    add_file(std::move(whole));
  }
  for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
    const TableSchema& schema = manifest.schema.tables[i];
    const TableState& table = manifest.tables[i];
    FileToVerify like = any;
    for (const SegmentState& segment : table.segments) {
      like.rows = segment.rows;
      add_columns(manifest, schema, segment.columns, like, &table, &segment);
      FileToVerify loads = like;
      loads.file = segment.load_of_row;
      loads.physical = Physical::kCode;
      loads.largest_code = static_cast<std::uint32_t>(segment.loads.size());
      if (loads.file.is_packed) {
        loads.owner = owner_text(schema, segment, "(load of row)");
      }
      add_file(std::move(loads));
    }
    for (const PredictorState& predictor : table.predictors) {
      FileToVerify guesses = any;
      guesses.file = predictor.file;
      guesses.physical = physical_of(schema.columns[predictor.column]);
      guesses.rows = kLargestCode;
      guesses.at_most = true;
      add_file(std::move(guesses));
    }
    like.rows = table.positions;
    like.at_most = true;
    add_columns(manifest, schema, table.columns, like);
    like.at_most = false;
    like.file = table.present;
    add_file(like);
    for (const ClusterChange& change : table.cluster_changes) {
      FileToVerify codes = any;
      codes.file = change.codes;
      codes.physical = Physical::kCode;
      codes.rows = change.count;
      add_file(std::move(codes));
    }
  }
  for (const DomainState& domain : manifest.domains) {
    for (const DomainSegmentState& segment : domain.segments) {
      FileToVerify file = any;
      file.file = segment.file;
      file.domain_kind = domain.kind;
      file.domain_segment = segment;
      add_file(std::move(file));
    }
  }
}

}  // namespace stave
