// Manifests go first and their folder is synced before any file goes: a snapshot that is still
// there after a power cut has all its files. Each manifest is held alone while it is removed, so
// that a reader either holds it, and it stays, or finds it gone. Page: format-spec/commit.md.
#include "storage/collect_garbage.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "storage/guarded.h"
#include "storage/store_files.h"
#include "storage/store_folder.h"
#include "storage/store_path.h"
#include "storage/store_root.h"
#include "storage/transaction.h"

namespace stave {
namespace {

struct Plan {
  std::vector<std::uint64_t> kept;
  std::vector<std::uint64_t> unwanted;
  std::vector<std::unique_ptr<FileLock>> holds;  // of those unwanted
};

// Which snapshots nobody reads, held so that nobody can begin to.
Result<Plan> plan_removal(FileSystem& files, std::uint64_t keep, CollectReport& report) {
  const auto snapshots = list_snapshots(files);
  if (!snapshots) {
    return pass(snapshots);
  }
  Plan plan;
  const std::size_t kept =
      static_cast<std::size_t>(std::min<std::uint64_t>(keep, snapshots->size()));
  for (std::size_t i = 0; i < snapshots->size(); ++i) {
    const std::uint64_t snapshot = (*snapshots)[i];
    if (i + kept >= snapshots->size()) {
      plan.kept.push_back(snapshot);
      continue;
    }
    auto hold = files.hold_alone(manifest_path(snapshot));
    if (hold) {
      plan.unwanted.push_back(snapshot);
      plan.holds.push_back(*std::move(hold));
    } else if (hold.error().code == ErrorCode::kLocked) {
      plan.kept.push_back(snapshot);
      report.in_use.push_back(snapshot);
    } else {
      return pass(hold);
    }
  }
  return plan;
}

Result<std::set<std::string>> files_to_keep(const FileSystem& files, const Plan& plan) {
  std::set<std::string> named;
  for (const std::uint64_t snapshot : plan.kept) {
    const auto manifest = read_manifest(files, snapshot);
    if (!manifest) {
      return fail(
          manifest.error().code,
          fmt::format("Nothing was collected, since snapshot {} is to be kept and cannot be "
                      "read: {}",
                      snapshot, manifest.error().message));
    }
    for (const FileReference& file : files_of(*manifest)) {
      named.insert(file.path);
    }
  }
  return named;
}

// Removes a file unless it is a dry run, and counts it.
Result<void> collect(FileSystem& files, const std::string& path, bool dry_run,
                     CollectReport& report) {
  const auto file = files.open(path);
  const std::uint64_t bytes = file ? (*file)->size() : 0;
  if (!dry_run) {
    if (auto removed = files.remove(path); !removed) {
      return removed;
    }
  }
  ++report.files;
  report.bytes += bytes;
  return {};
}

Result<CollectReport> collect_locked(FileSystem& files, const CollectOptions& options) {
  CollectReport report;
  const auto plan = plan_removal(files, options.keep, report);
  if (!plan) {
    return pass(plan);
  }
  const auto named = files_to_keep(files, *plan);
  if (!named) {
    return pass(named);
  }
  const auto data = list_data_files(files);
  if (!data) {
    return pass(data);
  }
  for (const std::uint64_t snapshot : plan->unwanted) {
    if (auto gone = collect(files, manifest_path(snapshot), options.dry_run, report); !gone) {
      return pass(gone);
    }
    report.removed.push_back(snapshot);
  }
  if (!options.dry_run) {
    if (auto synced = files.sync_folder(kSnapshotsFolder); !synced) {
      return pass(synced);
    }
  }
  for (const std::string& path : *data) {
    if (named->contains(path) || !is_named_by_transaction(path)) {
      continue;
    }
    if (auto gone = collect(files, path, options.dry_run, report); !gone) {
      return pass(gone);
    }
    if (!options.dry_run) {
      remove_empty_folders(files, folder_of(path));
    }
  }
  return report;
}

}  // namespace

Result<CollectReport> collect_garbage(const std::shared_ptr<FileSystem>& files,
                                      const CollectOptions& options) {
  if (options.keep == 0) {
    return fail(ErrorCode::kInvalidArgument,
                "At least one snapshot is kept: 0 were asked for. Give 1 or more.");
  }
  return guarded("a store was collected", [&]() -> Result<CollectReport> {
    // Never committed: it holds the writer's lock, and clears up after a writer that crashed.
    const auto transaction = Transaction::begin(files);
    if (!transaction) {
      return pass(transaction);
    }
    return collect_locked(*files, options);
  });
}

Result<CollectReport> collect_garbage(const std::string& store, const CollectOptions& options) {
  auto files = open_store_root(store);
  if (!files) {
    return pass(files);
  }
  return collect_garbage(*files, options);
}

}  // namespace stave
