// Making a store: its marker, then snapshot 0, whose rename makes the store exist. What an
// interrupted `init` left behind is completed by the next.
#include <fmt/format.h>

#include <algorithm>

#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"
#include "storage/utc.h"
#include "storage/zone_data.h"

namespace stave {
namespace {

Result<void> check_time_zone(const std::string& name) {
  if (is_utc(name)) {
    return {};
  }
  if (find_zone_data(name)) {
    return {};
  }
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("The time zone is not known: \"{}\". Use an IANA name like UTC or "
                          "Europe/Berlin; they need the package tzdata.",
                          name));
}

// A store has nothing beside what Stave makes, so that nothing else can be lost with it.
Result<void> check_folder_is_free(const FileSystem& files) {
  const auto names = files.list("");
  if (!names) {
    return pass(names);
  }
  const auto is_ours = [](const std::string& name) {
    return name == kMarkerPath || name == kMarkerPath + kUnfinishedSuffix || name == kLockPath ||
           name == kSnapshotsFolder + "/" || name == kTemporaryFolder + "/";
  };
  const bool has_snapshots = std::ranges::find(*names, kSnapshotsFolder + "/") != names->end();
  const auto snapshots =
      has_snapshots ? list_snapshots(files) : Result<std::vector<std::uint64_t>>();
  if (!snapshots) {
    return pass(snapshots);
  }
  if (!snapshots->empty()) {
    return fail(
        ErrorCode::kAlreadyExists,
        fmt::format("There is a store already: {}. Use it, or choose another name.", files.root()));
  }
  const auto other = std::ranges::find_if_not(*names, is_ours);
  if (other != names->end()) {
    return fail(ErrorCode::kAlreadyExists,
                fmt::format("The folder of a new store must be empty: {} holds {}. Choose another "
                            "name.",
                            files.root(), *other));
  }
  return {};
}

// A marker of later snapshots is that of a store which lost its manifests, and not made over.
Result<void> mark(FileSystem& files) {
  const auto witnessed = read_marker(files);
  if (witnessed && *witnessed > 0) {
    return fail(ErrorCode::kAlreadyExists,
                fmt::format("There was a store in this folder, and its manifests are gone: {} of "
                            "snapshot {}. Put them back, or choose another name.",
                            files.root(), *witnessed));
  }
  return witnessed ? Result<void>() : write_marker(files, 0);
}

}  // namespace

Result<void> create_store(FileSystem& files, const Schema& schema, const std::string& timezone) {
  if (auto checked = check_schema(schema); !checked) {
    return checked;
  }
  if (auto checked = check_time_zone(timezone); !checked) {
    return checked;
  }
  if (auto free = check_folder_is_free(files); !free) {
    return free;
  }
  const auto lock = files.lock(kLockPath);
  if (!lock) {
    return pass(lock);
  }
  // Again, now that nobody else can be at it.
  if (auto free = check_folder_is_free(files); !free) {
    return free;
  }
  if (auto marked = mark(files); !marked) {
    return marked;
  }
  Manifest manifest;
  manifest.created_at = current_microseconds();
  manifest.operation = "init";
  manifest.timezone = timezone;
  manifest.schema = schema;
  for (const TableSchema& table : schema.tables) {
    manifest.tables.emplace_back().name = table.name;
  }
  bool is_renamed = false;
  if (auto committed = commit_manifest(files, manifest, is_renamed); !committed) {
    return committed;
  }
  return files.sync_folder("");
}

Result<void> create_store(const std::string& path, const Schema& schema,
                          const std::string& timezone) {
  if (auto checked = check_time_zone(timezone); !checked) {
    return checked;
  }
  auto files = make_store_root(path);
  if (!files) {
    return pass(files);
  }
  return create_store(**files, schema, timezone);
}

}  // namespace stave
