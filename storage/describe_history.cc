// What happened to a store: its snapshots and its loads, as manifests tell.
#include <set>

#include "stave/upkeep.h"
#include "storage/guarded.h"
#include "storage/snapshot.h"
#include "storage/store_files.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"
#include "storage/type_text.h"

namespace stave {
namespace {

std::set<std::uint64_t> loads_of(const Manifest& manifest) {
  std::set<std::uint64_t> loads;
  for (const LoadState& load : manifest.loads) {
    loads.insert(load.id);
  }
  return loads;
}

// What the snapshot before had, so that the next can say what it added.
struct Before {
  std::set<std::string> paths;
  std::set<std::uint64_t> loads;
};

SnapshotDescription describe_manifest(const FileSystem& files, const Manifest& manifest,
                                      Before& before) {
  SnapshotDescription description;
  description.snapshot = manifest.snapshot;
  description.committed_at = timestamp_text(manifest.created_at);
  description.operation = manifest.operation;
  for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
    const bool is_fact = manifest.schema.tables[i].kind == TableKind::kFact;
    description.rows += is_fact ? manifest.tables[i].rows : 0;
  }
  Before now;
  now.loads = loads_of(manifest);
  for (const std::uint64_t load : now.loads) {
    if (!before.loads.contains(load)) {
      description.loads_added.push_back(load);
    }
  }
  const auto add_bytes = [&](const std::string& path, std::uint64_t bytes) {
    if (now.paths.insert(path).second) {
      description.bytes += bytes;
      description.new_bytes += before.paths.contains(path) ? 0 : bytes;
    }
  };
  for (const FileReference& file : files_of(manifest)) {
    add_bytes(file.path, file.size);
  }
  const auto file = files.open(manifest_path(manifest.snapshot));
  add_bytes(manifest_path(manifest.snapshot), file ? (*file)->size() : 0);
  before = std::move(now);
  return description;
}

Result<std::vector<SnapshotDescription>> describe_all(const FileSystem& files) {
  // Also of a store whose newest snapshot is lost: this is where one looks then.
  if (const auto marked = read_marker(files);
      !marked && marked.error().code != ErrorCode::kDamaged) {
    return pass(marked);
  }
  const auto snapshots = list_snapshots(files);
  if (!snapshots) {
    return pass(snapshots);
  }
  std::vector<SnapshotDescription> descriptions;
  Before before;
  for (const std::uint64_t snapshot : *snapshots) {
    const auto manifest = read_manifest(files, snapshot);
    if (manifest) {
      descriptions.push_back(describe_manifest(files, *manifest, before));
    } else if (manifest.error().code != ErrorCode::kNotFound) {
      SnapshotDescription damaged;
      damaged.snapshot = snapshot;
      damaged.is_damaged = true;
      damaged.operation = manifest.error().message;
      descriptions.push_back(std::move(damaged));
    }
  }
  return descriptions;
}

LoadDescription describe_load(const LoadState& load) {
  LoadDescription description;
  description.id = load.id;
  description.table = load.table;
  description.at = timestamp_text(load.at);
  description.snapshot = load.snapshot;
  description.rows = load.rows;
  description.rejected = load.rejected;
  description.duplicates = load.duplicates;
  for (const LoadedFile& file : load.files) {
    description.files.push_back({file.name, file.bytes});
  }
  return description;
}

}  // namespace

Result<std::vector<SnapshotDescription>> describe_snapshots(const std::string& store) {
  using Descriptions = std::vector<SnapshotDescription>;
  return guarded("snapshots were listed", [&]() -> Result<Descriptions> {
    const auto files = open_store_root(store);
    return files ? describe_all(**files) : Result<Descriptions>(pass(files));
  });
}

Result<std::vector<LoadDescription>> describe_loads(const std::string& store) {
  using Descriptions = std::vector<LoadDescription>;
  return guarded("loads were listed", [&]() -> Result<Descriptions> {
    const auto snapshot = Snapshot::open(store);
    if (!snapshot) {
      return pass(snapshot);
    }
    Descriptions descriptions;
    for (const LoadState& load : (*snapshot)->manifest().loads) {
      descriptions.push_back(describe_load(load));
    }
    return descriptions;
  });
}

}  // namespace stave
