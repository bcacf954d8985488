// Walks manifests; which bytes they are: format-spec/manifest.md.
#include "storage/files_to_verify.h"

#include <algorithm>

#include "storage/manifest_check.h"
#include "storage/snapshot.h"

namespace stave {

void FilesToVerify::add_file(FileToVerify file) {
  if (!file.file.exists()) {
    return;
  }
  auto [known, end] = files_.equal_range(file.file.path);
  for (; known != end; ++known) {
    if (known->second.file.size == file.file.size &&
        known->second.file.checksum == file.file.checksum) {
      known->second.last_snapshot = std::max(known->second.last_snapshot, file.last_snapshot);
      return;
    }
  }
  const std::string path = file.file.path;
  files_.emplace(path, std::move(file));
}

void FilesToVerify::add_columns(const Manifest& manifest, const TableSchema& schema,
                                const std::vector<FileReference>& columns, const FileToVerify& like,
                                const TableState* table, const SegmentState* segment) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    FileToVerify file = like;
    file.file = columns[i];
    file.physical = physical_of(schema.columns[i]);
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
