// Every byte that a snapshot names is read and every block decoded. Damage of one file never hides
// that of another: each is a line of the report.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "stave/store.h"
#include "storage/files_to_verify.h"
#include "storage/guarded.h"
#include "storage/kept_reports.h"
#include "storage/ledger.h"
#include "storage/store_files.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"
#include "storage/transaction_files.h"
#include "storage/verify.h"
#include "storage/verify_file.h"

namespace stave {
namespace {

// In the order of `targets` whatever the number of threads.
std::vector<Result<FileVerification>> verify_files(const FileSystem& files,
                                                   const std::vector<const FileToVerify*>& targets,
                                                   int threads) {
  std::vector<Result<FileVerification>> outcomes(targets.size());
  std::atomic<std::size_t> next = 0;
  Predictors predictors;
  const auto work = [&] {
    for (std::size_t i = next++; i < targets.size(); i = next++) {
      outcomes[i] = guarded("a file was verified",
                            [&] { return verify_file(files, *targets[i], predictors); });
    }
  };
  const std::size_t wanted = threads > 0 ? static_cast<std::size_t>(threads)
                                         : std::min(std::thread::hardware_concurrency(), 16U);
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(wanted, targets.size()); ++i) {
    others.emplace_back(work);
  }
  work();
  others.clear();
  return outcomes;
}

// Gone, not damaged: somebody collected the snapshot meanwhile.
bool was_collected(const FileSystem& files, std::uint64_t snapshot) {
  const auto there = files.exists(manifest_path(snapshot));
  return there && !*there;
}

// What the snapshots name; manifests that cannot be read are damages.
Result<FilesToVerify> read_snapshots(const FileSystem& files, const Manifest& last,
                                     const std::vector<std::uint64_t>& snapshots,
                                     VerifyReport& report) {
  FilesToVerify named;
  std::vector<std::string> found{kMarkerPath, manifest_path(last.snapshot)};
  for (const std::uint64_t snapshot : snapshots) {
    if (snapshot >= last.snapshot) {
      break;
    }
    const auto manifest = read_manifest(files, snapshot);
    if (manifest) {
      named.add(*manifest);
    } else if (was_collected(files, snapshot)) {
      continue;
    } else if (auto noted = note_damage(manifest.error(), "", report.damages); !noted) {
      return pass(noted);
    }
    found.push_back(manifest_path(snapshot));
  }
  named.add(last);
  for (const std::string& path : found) {
    const auto file = files.open(path);
    if (!file && file.error().code != ErrorCode::kNotFound) {
      if (auto noted = note_damage(file.error(), "", report.damages); !noted) {
        return pass(noted);
      }
    }
    report.bytes += file ? (*file)->size() : 0;
    ++report.files;
  }
  return named;
}

// Files of a writer that is at work are none.
Result<void> find_strays(const FileSystem& files, const FilesToVerify& named,
                         std::uint64_t next_file_id, VerifyReport& report) {
  const auto data = list_data_files(files);
  if (!data) {
    return pass(data);
  }
  for (const std::string& path : *data) {
    const bool is_of_writer = is_named_by_transaction(path) && file_id_of(path) >= next_file_id;
    if (!named.has(path) && !is_of_writer) {
      report.strays.push_back(path);
    }
  }
  return {};
}

// Column files of one pack have no byte in common; `targets` are in order of place.
void note_overlaps(const std::vector<const FileToVerify*>& targets, VerifyReport& report) {
  for (std::size_t i = 1; i < targets.size(); ++i) {
    const FileReference& before = targets[i - 1]->file;
    const FileReference& file = targets[i]->file;
    if (before.is_packed && file.is_packed && before.path == file.path &&
        before.offset + before.size > file.offset) {
      report.damages.push_back(fmt::format("{} and {} lie in the same bytes of {}, at {} and {}.",
                                           targets[i - 1]->owner, targets[i]->owner, file.path,
                                           before.offset, file.offset));
    }
  }
}

Result<VerifyReport> verify(const FileSystem& files, int threads) {
  VerifyReport report;
  const auto last = read_last_manifest(files);
  if (!last && last.error().code == ErrorCode::kDamaged) {
    ++report.files;
    report.damages.push_back(last.error().message);
    return report;
  }
  if (!last) {
    return pass(last);
  }
  const auto snapshots = list_snapshots(files);
  if (!snapshots) {
    return pass(snapshots);
  }
  const auto named = read_snapshots(files, *last, *snapshots, report);
  if (!named) {
    return pass(named);
  }
  std::vector<const FileToVerify*> targets;
  for (const auto& [place, file] : named->all()) {
    targets.push_back(&file);
  }
  const std::vector<Result<FileVerification>> outcomes = verify_files(files, targets, threads);
  note_overlaps(targets, report);
  std::set<std::string_view> told;  // packs of which damage is told by column
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i]->file.is_packed && outcomes[i] && !outcomes[i]->damages.empty()) {
      told.insert(targets[i]->file.path);
    }
  }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Result<FileVerification>& outcome = outcomes[i];
    if (!outcome) {
      return pass(outcome);
    }
    if (!outcome->damages.empty() && was_collected(files, targets[i]->last_snapshot)) {
      continue;
    }
    report.blocks += outcome->blocks;
    if (!targets[i]->file.is_packed) {
      ++report.files;
      report.bytes += targets[i]->file.size;
    }
    if (targets[i]->is_pack && told.contains(targets[i]->file.path)) {
      continue;
    }
    const std::uint64_t newest = targets[i]->last_snapshot;
    for (const std::string& damage : outcome->damages) {
      report.damages.push_back(newest == last->snapshot
                                   ? damage
                                   : fmt::format("{} Only snapshots up to {} need it; `stave gc` "
                                                 "deletes them.",
                                                 damage, newest));
    }
  }
  if (auto found = find_strays(files, *named, last->next_file_id, report); !found) {
    return pass(found);
  }
  if (auto tested = verify_ledger(files, report); !tested) {
    return pass(tested);
  }
  if (auto tested = verify_kept(files, report); !tested) {
    return pass(tested);
  }
  return report;
}

}  // namespace

Result<VerifyReport> verify_store(const FileSystem& files, int threads) {
  return guarded("a store was verified", [&] { return verify(files, threads); });
}

Result<VerifyReport> verify_store(const std::string& path) {
  return guarded("a store was verified", [&]() -> Result<VerifyReport> {
    auto files = open_store_root(path);
    if (!files) {
      return pass(files);
    }
    return verify(**files, 0);
  });
}

}  // namespace stave
