// First the store is made to open again: manifests that cannot be read step aside and the marker
// follows. Then its tables are repaired by an ordinary commit. Damaged files are moved, never
// deleted, and only once nothing newest names them.
#include "storage/repair_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/guarded.h"
#include "storage/kept_reports.h"
#include "storage/repair_tables.h"
#include "storage/store_files.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"
#include "storage/transaction_files.h"
#include "storage/type_text.h"

namespace stave {
namespace {

// What has to be done before the store opens.
struct Opening {
  Manifest base;                        // the newest manifest that can be read
  std::vector<std::string> unreadable;  // newer manifests
  bool marker_is_wrong = false;
};

Result<Opening> look_at_manifests(const FileSystem& files, RepairReport& report) {
  const auto witnessed = read_marker(files);
  const auto snapshots = list_snapshots(files);
  if (!witnessed && witnessed.error().code == ErrorCode::kNotFound &&
      (!snapshots || snapshots->empty())) {
    return pass(witnessed);
  }
  if (!snapshots && snapshots.error().code != ErrorCode::kNotFound) {
    return pass(snapshots);
  }
  Opening opening;
  bool found = false;
  for (std::size_t i = snapshots ? snapshots->size() : 0; i > 0 && !found; --i) {
    const std::uint64_t snapshot = (*snapshots)[i - 1];
    auto manifest = read_manifest(files, snapshot);
    if (manifest) {
      opening.base = *std::move(manifest);
      found = true;
    } else if (manifest.error().code == ErrorCode::kDamaged) {
      opening.unreadable.push_back(manifest_path(snapshot));
      report.notes.push_back(
          fmt::format("SNAPSHOT {} IS LOST: {}", snapshot, manifest.error().message));
    } else {
      return pass(manifest);
    }
  }
  if (!found) {
    return fail(
        ErrorCode::kDamaged,
        fmt::format("No manifest of this store can be read: {}/{}. Put one back from a copy "
                    "of the store.",
                    files.root(), kSnapshotsFolder));
  }
  if (!witnessed) {
    report.notes.push_back("The marker was damaged or missing: " + witnessed.error().message);
  } else if (*witnessed > opening.base.snapshot && opening.unreadable.empty()) {
    report.notes.push_back(fmt::format(
        "SNAPSHOT {} IS LOST: it was committed, and its manifest is missing.", *witnessed));
  }
  opening.marker_is_wrong = !witnessed || *witnessed > opening.base.snapshot;
  if (!opening.unreadable.empty() || (witnessed && opening.marker_is_wrong)) {
    report.notes.push_back(fmt::format(
        "The store goes on from snapshot {}, committed {} UTC ({}).", opening.base.snapshot,
        timestamp_text(opening.base.created_at), opening.base.operation));
  }
  return opening;
}

// Moves files into the folder of damaged ones; `stem` keeps names of different repairs apart.
class Attic {
 public:
  Attic(FileSystem& files, RepairReport& report) : files_(files), report_(report) {}

  Result<void> move(const std::string& path) {
    if (const auto there = files_.exists(path); !there || !*there) {
      return {};
    }
    if (auto opened = open(); !opened) {
      return opened;
    }
    std::string name = path;
    std::ranges::replace(name, '/', '_');
    std::string place = fmt::format("{}/{}", kDamagedFolder, name);
    for (int copy = 2; files_.exists(place).value_or(false); ++copy) {
      place = fmt::format("{}/{}.{}", kDamagedFolder, name, copy);
    }
    if (auto moved = files_.rename(path, place); !moved) {
      return moved;
    }
    report_.moved.push_back(path);
    return files_.sync_folder(kDamagedFolder);
  }

 private:
  // Makes the folder, by the one way that a file system has.
  Result<void> open() {
    const std::string probe = kDamagedFolder + "/readme.txt";
    if (const auto there = files_.exists(probe); there && *there) {
      return {};
    }
    return write_durably(files_, probe,
                         "Damaged files that `stave repair` moved here. Stave does not read them; "
                         "delete them when you will.\n");
  }

  FileSystem& files_;
  RepairReport& report_;
};

// Data of lost snapshots would be taken for what a crashed writer left, and removed.
Result<void> set_aside_data_of_lost_snapshots(const FileSystem& files, const Manifest& base,
                                              Attic& attic) {
  const auto data = list_data_files(files);
  if (!data) {
    return pass(data);
  }
  for (const std::string& path : *data) {
    if (is_named_by_transaction(path) && file_id_of(path) >= base.next_file_id) {
      if (auto moved = attic.move(path); !moved) {
        return moved;
      }
    }
  }
  return {};
}

Result<void> make_it_open(FileSystem& files, const Opening& opening, RepairReport& report) {
  if (opening.unreadable.empty() && !opening.marker_is_wrong) {
    return {};
  }
  const auto lock = files.lock(kLockPath);
  if (!lock) {
    return pass(lock);
  }
  // Codes and numbers of loads that a lost snapshot had given are given again, so nothing that was
  // computed from it may be taken for fresh.
  const auto dropped = repair_kept(files, true, false);
  if (!dropped) {
    return pass(dropped);
  }
  report.notes.insert(report.notes.end(), dropped->begin(), dropped->end());
  Attic attic(files, report);
  if (auto kept = set_aside_data_of_lost_snapshots(files, opening.base, attic); !kept) {
    return kept;
  }
  for (const std::string& path : opening.unreadable) {
    if (auto moved = attic.move(path); !moved) {
      return moved;
    }
  }
  if (auto synced = files.sync_folder(kSnapshotsFolder); !synced) {
    return synced;
  }
  return write_marker(files, opening.base.snapshot);
}

Result<RepairReport> repair(const std::shared_ptr<FileSystem>& files,
                            const RepairOptions& options) {
  RepairReport report;
  const auto opening = look_at_manifests(*files, report);
  if (!opening) {
    return pass(opening);
  }
  report.snapshot = opening->base.snapshot;
  const bool opens = opening->unreadable.empty() && !opening->marker_is_wrong;
  if (options.dry_run && !opens) {
    report.notes.push_back("What else is damaged shows once the store opens again.");
    return report;
  }
  if (auto made = make_it_open(*files, *opening, report); !made) {
    return pass(made);
  }
  const auto transaction = Transaction::begin(files);
  if (!transaction) {
    return pass(transaction);
  }
  auto snapshot = Snapshot::open(files);
  if (!snapshot) {
    return pass(snapshot);
  }
  const auto damaged = TableRepair(**snapshot, **transaction, options.dry_run, report).run();
  if (!damaged) {
    return pass(damaged);
  }
  const auto dropped = repair_kept(*files, false, options.dry_run);
  if (!dropped) {
    return pass(dropped);
  }
  report.notes.insert(report.notes.end(), dropped->begin(), dropped->end());
  report.was_sound = opens && damaged->empty() && dropped->empty();
  if (damaged->empty() || options.dry_run) {
    return report;
  }
  (*transaction)->manifest().operation = "repair";
  const auto committed = (*transaction)->commit();
  if (!committed) {
    return pass(committed);
  }
  report.snapshot = *committed;
  Attic attic(*files, report);
  const std::vector<PackState>& packs = (*snapshot)->manifest().packs;
  for (const std::string& path : *damaged) {
    // Earlier snapshots have more in a pack than what is damaged.
    if (std::ranges::find(packs, path, &PackState::path) != packs.end()) {
      continue;
    }
    if (auto moved = attic.move(path); !moved) {
      return pass(moved);
    }
  }
  return report;
}

}  // namespace

Result<RepairReport> repair_store(const std::shared_ptr<FileSystem>& files,
                                  const RepairOptions& options) {
  return guarded("a store was repaired", [&] { return repair(files, options); });
}

Result<RepairReport> repair_store(const std::string& store, const RepairOptions& options) {
  auto files = open_store_root(store);
  if (!files) {
    return pass(files);
  }
  return repair_store(*files, options);
}

}  // namespace stave
