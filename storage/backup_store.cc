// Order as in a commit: files, folders, then the manifest's rename, then the marker. Until that
// rename an earlier backup in the folder is what counts. The store is only read, and its snapshot
// held against `gc`. The ledger is read before the snapshot is chosen, so that no entry of it
// speaks of a later one.
#include "storage/backup_store.h"
#include "storage/store_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "storage/backup_copy.h"
#include "storage/earlier_backup.h"
#include "storage/files_to_verify.h"
#include "storage/guarded.h"
#include "storage/ledger.h"
#include "storage/snapshot.h"
#include "storage/store_files.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"
#include "storage/verify_file.h"

namespace stave {
namespace {

class Backup {
 public:
  Backup(const FileSystem& store, FileSystem& backup, const BackupOptions& options)
      : store_(store), backup_(backup), options_(options), copy_(store, backup) {
    copy_.on_bytes = [this](std::uint64_t bytes) { return note(bytes); };
  }

  Result<BackupReport> run(const Manifest& manifest, const std::vector<LedgerEntry>& ledger,
                           const EarlierBackup& earlier) {
    named_.add(manifest);
    report_.snapshot = manifest.snapshot;
    if (auto chosen = choose(earlier); !chosen) return pass(chosen);
    if (auto begun = begin(); !begun) return pass(begun);
    auto done = copy_all();
    if (done) done = check_copies();
    if (done) done = copy_.copy_changed(kReportsFolder, kReportEnding);
    if (done) done = copy_.sync_folders();
    if (done) done = copy_ledger(store_, ledger, backup_);
    // The mark stays where anything may: the next attempt goes on from there.
    if (!done) {
      copy_.remove_copies();
      return with_room(done.error());
    }
    if (!earlier.last || earlier.last->snapshot != manifest.snapshot) {
      bool is_renamed = false;
      if (auto committed = commit_manifest(backup_, manifest, is_renamed); !committed) {
        // Once it was renamed it may be on disk, and then needs its files.
        if (!is_renamed) copy_.remove_copies();
        return with_room(committed.error());
      }
    }
    // An older marker is as true; without any the folder is no store yet, and the next attempt
    // makes it one.
    if (auto marked = write_marker(backup_, manifest.snapshot); !marked && !read_marker(backup_)) {
      return with_room(marked.error());
    }
    end();
    return report_;
  }

 private:
  // What has to be copied: all that no earlier backup brought, or that is not whole there.
  Result<void> choose(const EarlierBackup& earlier) {
    Predictors predictors;
    for (auto at = named_.all().begin(); at != named_.all().end();) {
      // A pack is as whole as what lies in it.
      const FileToVerify& file = at->second;
      const bool is_known = earlier.files.contains(file.file.path);
      bool is_whole = is_known;
      std::vector<const FileToVerify*> parts;
      for (; at != named_.all().end() && at->second.file.path == file.file.path; ++at) {
        parts.push_back(&at->second);
        const auto there = is_whole ? is_there(at->second, predictors) : Result<bool>(false);
        if (!there) return pass(there);
        is_whole = *there;
      }
      ++report_.files;
      report_.bytes += file.file.size;
      if (is_whole) continue;
      if (is_known) report_.mended.push_back(file.file.path);
      to_copy_.push_back(&file);
      // What lies in a pack first: its damage says more.
      to_check_.insert(to_check_.end(), parts.rbegin(), parts.rend());
      total_ += file.file.size;
    }
    return {};
  }

  Result<bool> is_there(const FileToVerify& target, Predictors& predictors) {
    if (!target.file.is_packed) {
      const auto file = backup_.open(target.file.path);
      if (!file && file.error().code != ErrorCode::kNotFound) return pass(file);
      if (!file || (*file)->size() != target.file.size) return false;
    }
    if (!options_.check_all) return true;
    const auto checked = verify_file(backup_, target, predictors);
    if (!checked) return pass(checked);
    return checked->damages.empty();
  }

  // The next backup is told that this one was begun, before there is anything of it.
  Result<void> begin() {
    const auto left = backup_.exists(kOpenBackupPath);
    if (!left) return pass(left);
    if (!*left) {
      if (auto made = write_durably(backup_, kOpenBackupPath, ""); !made) return made;
    }
    if (auto synced = backup_.sync_folder(kTemporaryFolder); !synced) return synced;
    return backup_.sync_folder("");
  }
  void end() {
    [[maybe_unused]] const auto removed = backup_.remove(kOpenBackupPath);
    [[maybe_unused]] const auto folder = backup_.remove(kTemporaryFolder);
  }

  Result<void> copy_all() {
    for (const FileToVerify* target : to_copy_) {
      if (auto copied = copy_.copy(target->file.path); !copied) return copied;
      ++report_.copied_files;
      report_.copied_bytes += target->file.size;
    }
    return {};
  }

  Result<void> check_copies() {
    Predictors of_copies, of_store;
    for (const FileToVerify* target : to_check_) {
      if (auto wanted = still_wanted(); !wanted) return wanted;
      const auto checked = verify_file(backup_, *target, of_copies);
      if (!checked) return pass(checked);
      if (checked->damages.empty()) continue;
      const auto source = verify_file(store_, *target, of_store);
      if (!source) return pass(source);
      return source->damages.empty()
                 ? fail(ErrorCode::kIo,
                        fmt::format("A copy is not what was written: {} The disk of {} may be "
                                    "failing; choose another.",
                                    checked->damages.front(), backup_.root()))
                 : fail(ErrorCode::kDamaged,
                        fmt::format("The store is damaged, so there is no new backup: {} Run "
                                    "`stave repair`, or put the file back from an older backup.",
                                    source->damages.front()));
    }
    return {};
  }

  Result<void> still_wanted() const {
    if (options_.cancelled == nullptr || !*options_.cancelled) return {};
    return fail(ErrorCode::kCancelled,
                "The backup was stopped; what the folder held before is as it was.");
  }
  Result<void> note(std::uint64_t bytes) {
    done_ += bytes;
    if (options_.on_progress) options_.on_progress(done_, total_);
    return still_wanted();
  }
  Failure with_room(const Error& error) const {
    if (error.code != ErrorCode::kNoSpace) return Failure(error);
    return fail(ErrorCode::kNoSpace, fmt::format("The backup needs {} more bytes in {}: {}", total_,
                                                 backup_.root(), error.message));
  }

  const FileSystem& store_;
  FileSystem& backup_;
  const BackupOptions& options_;
  BackupCopy copy_;
  FilesToVerify named_;
  std::vector<const FileToVerify*> to_copy_;
  std::vector<const FileToVerify*> to_check_;  // those, and what lies in packs
  std::uint64_t done_ = 0, total_ = 0;         // bytes
  BackupReport report_;
};

Result<BackupReport> backup(const std::shared_ptr<FileSystem>& store, FileSystem& backup,
                            const BackupOptions& options) {
  // Before the lock, which would leave a file in a folder that is none of ours.
  if (const auto free = read_earlier_backup(backup); !free) return pass(free);
  const auto ledger = read_ledger(*store);
  if (!ledger) return pass(ledger);
  const auto snapshot = Snapshot::open(store);
  if (!snapshot) return pass(snapshot);
  const auto lock = backup.lock(kLockPath);
  if (!lock) return pass(lock);
  const auto earlier = read_earlier_backup(backup);
  if (!earlier) return pass(earlier);
  const Manifest& manifest = (*snapshot)->manifest();
  if (auto later = check_is_later_state(*store, manifest, backup, *earlier); !later) {
    return pass(later);
  }
  return Backup(*store, backup, options).run(manifest, *ledger, *earlier);
}

// A backup into the store itself, or below it, would be a part of what it copies.
Result<void> check_is_apart(const std::string& store, const std::string& destination) {
  std::error_code ignored;
  const auto inner = std::filesystem::weakly_canonical(destination, ignored);
  const auto outer = std::filesystem::weakly_canonical(store, ignored);
  const auto parts = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  if (parts.first != outer.end()) return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("A backup lies beside its store, not in it: {} is within {}.",
                          destination, store));
}

}  // namespace

Result<BackupReport> backup_store(const std::shared_ptr<FileSystem>& store, FileSystem& to,
                                  const BackupOptions& options) {
  return guarded("a backup was made", [&] { return backup(store, to, options); });
}

Result<BackupReport> backup_store(const std::string& store, const std::string& destination,
                                  const BackupOptions& options) {
  return guarded("a backup was made", [&]() -> Result<BackupReport> {
    const auto from = open_store_root(store);
    if (!from) return pass(from);
    if (auto marked = read_marker(**from); !marked) return pass(marked);
    if (auto apart = check_is_apart(store, destination); !apart) return pass(apart);
    const auto to = make_store_root(destination);
    if (!to) return pass(to);
    return backup(*from, **to, options);
  });
}

}  // namespace stave
