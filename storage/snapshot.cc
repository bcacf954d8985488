// Opening reads one manifest, held against `gc`; domains are mapped when first asked for.
#include "storage/snapshot.h"

#include <fmt/format.h>

#include <map>
#include <mutex>

#include "storage/as_of.h"
#include "storage/segment_column.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"

namespace stave {

struct Snapshot::State {
  std::shared_ptr<FileSystem> files;
  std::unique_ptr<FileLock> pin;  // null where the file system has no shared locks
  Manifest manifest;
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<const Domain>> domains;
  Predictors predictors;
};

Snapshot::Snapshot(std::unique_ptr<State> state) : state_(std::move(state)) {}
Snapshot::~Snapshot() = default;

Result<std::shared_ptr<const Snapshot>> Snapshot::open(const std::string& path,
                                                       const std::string& as_of) {
  auto files = open_store_root(path);
  if (!files) {
    return pass(files);
  }
  return open(*std::move(files), as_of);
}

Result<std::shared_ptr<const Snapshot>> Snapshot::open(std::shared_ptr<FileSystem> files,
                                                       const std::string& as_of) {
  auto pinned = pin_snapshot(*files, as_of);
  if (!pinned) {
    return pass(pinned);
  }
  auto manifest = read_manifest(*files, pinned->snapshot);
  if (!manifest) {
    return pass(manifest);
  }
  auto state = std::make_unique<State>();
  state->files = std::move(files);
  state->pin = std::move(pinned->lock);
  state->manifest = *std::move(manifest);
  state->predictors.packs().expect(state->manifest.packs);
  return std::shared_ptr<const Snapshot>(new Snapshot(std::move(state)));
}

std::shared_ptr<const Snapshot> Snapshot::of(std::shared_ptr<FileSystem> files, Manifest manifest) {
  auto state = std::make_unique<State>();
  state->files = std::move(files);
  state->manifest = std::move(manifest);
  state->predictors.packs().expect(state->manifest.packs);
  return std::shared_ptr<const Snapshot>(new Snapshot(std::move(state)));
}

const Manifest& Snapshot::manifest() const {
  return state_->manifest;
}
const FileSystem& Snapshot::files() const {
  return *state_->files;
}

Result<std::shared_ptr<const Domain>> Snapshot::domain(const std::string& name) const {
  const std::lock_guard guard(state_->mutex);
  if (const auto found = state_->domains.find(name); found != state_->domains.end()) {
    return found->second;
  }
  const DomainState* state = state_->manifest.find_domain(name);
  auto domain = Domain::open(*state_->files, state == nullptr ? DomainState() : *state);
  if (domain) {
    state_->domains.emplace(name, *domain);
  }
  return domain;
}

Result<std::unique_ptr<ColumnFileReader>> Snapshot::open_column(const FileReference& reference,
                                                                Physical physical) const {
  return ColumnFileReader::open(*state_->files, reference, physical, state_->predictors.packs());
}

Result<std::unique_ptr<ColumnFileReader>> Snapshot::open_column(const TableState& table,
                                                                const SegmentState& segment,
                                                                std::size_t column) const {
  const TableSchema& schema = *state_->manifest.schema.find_table(table.name);
  // Most columns are predicted by nothing, and there are thousands of them in a store of many days.
  if (column >= segment.predictors.size() || segment.predictors[column] == 0) {
    const ColumnSchema& described = schema.columns[column];
    return ColumnFileReader::open(*state_->files, segment.columns[column], physical_of(described),
                                  state_->predictors.packs(), described.name);
  }
  return open_segment_column(*state_->files, segment_column(schema, table, segment, column),
                             state_->predictors);
}

Physical physical_of(const ColumnSchema& column) {
  return column.is_coded() ? Physical::kCode : physical_of(column.type);
}

}  // namespace stave
