// Every byte that a snapshot names is read and every block decoded. Damage of one file never hides
// that of another: each is a line of the report.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "stave/store.h"
#include "storage/column_file.h"
#include "storage/domain_segment.h"
#include "storage/files_to_verify.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"
#include "storage/verify.h"

namespace stave {
namespace {

struct FileOutcome {
  std::uint64_t blocks = 0;
  std::vector<std::string> damages;
};

void verify_column(const FileSystem& files, const FileToVerify& target, FileOutcome& outcome) {
  const auto reader = ColumnFileReader::open(files, target.file, target.physical);
  if (!reader) {
    outcome.damages.push_back(reader.error().message);
    return;
  }
  const std::uint64_t rows = (*reader)->rows();
  if (target.at_most ? rows > target.rows : rows != target.rows) {
    outcome.damages.push_back(fmt::format("{}: the file has {} rows, {}{} expected",
                                          target.file.path, rows, target.at_most ? "at most " : "",
                                          target.rows));
  }
  DecodedBlock block;
  for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
    ++outcome.blocks;
    if (auto read = (*reader)->read_block(i, block); !read) {
      outcome.damages.push_back(
          fmt::format("{}: block {}: {}", target.file.path, i, read.error().message));
    } else if (target.physical == Physical::kCode && !block.codes.empty()) {
      const std::uint32_t largest =
          *std::max_element(block.codes.begin(), block.codes.begin() + block.rows);
      if (largest > target.largest_code) {
        outcome.damages.push_back(fmt::format("{}: block {}: code {} is beyond its domain of {}",
                                              target.file.path, i, largest, target.largest_code));
      }
    }
  }
}

void verify_domain_segment(const FileSystem& files, const FileToVerify& target,
                           FileOutcome& outcome) {
  const auto segment = DomainSegment::open(files, target.domain_segment, target.domain_kind);
  auto sound = segment ? (*segment)->verify() : Result<void>(pass(segment));
  if (!sound) {
    outcome.damages.push_back(sound.error().message);
  }
  ++outcome.blocks;
}

// Runs on threads of its own, so nothing may be thrown out of it.
FileOutcome verify_file(const FileSystem& files, const FileToVerify& target) try {
  FileOutcome outcome;
  if (target.domain_kind == DictionaryKind::kEmpty) {
    verify_column(files, target, outcome);
  } else {
    verify_domain_segment(files, target, outcome);
  }
  return outcome;
} catch (const std::bad_alloc&) {
  FileOutcome outcome;
  outcome.damages.push_back(target.file.path + ": memory ran out while it was verified");
  return outcome;
}

// In the order of `targets` whatever the number of threads.
std::vector<FileOutcome> verify_files(const FileSystem& files,
                                      const std::vector<const FileToVerify*>& targets) {
  std::vector<FileOutcome> outcomes(targets.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < targets.size(); i = next++) {
      outcomes[i] = verify_file(files, *targets[i]);
    }
  };
  std::vector<std::jthread> threads;
  const std::size_t count = std::min<std::size_t>(std::thread::hardware_concurrency(), 16);
  for (std::size_t i = 1; i < std::min(count, targets.size()); ++i) {
    threads.emplace_back(work);
  }
  work();
  threads.clear();
  return outcomes;
}

// Gone, not damaged: somebody collected the snapshot meanwhile.
bool was_collected(const FileSystem& files, std::uint64_t snapshot) {
  const auto there = files.exists(manifest_path(snapshot));
  return there && !*there;
}

// What the snapshots name; manifests that cannot be read are damages.
FilesToVerify read_snapshots(const FileSystem& files, const Manifest& last,
                             const std::vector<std::uint64_t>& snapshots, VerifyReport& report) {
  FilesToVerify named;
  const auto count_file = [&](const std::string& path) {
    const auto file = files.open(path);
    report.bytes += file ? (*file)->size() : 0;
    ++report.files;
  };
  count_file(kMarkerPath);
  for (const std::uint64_t snapshot : snapshots) {
    if (snapshot >= last.snapshot) {
      break;
    }
    const auto manifest = read_manifest(files, snapshot);
    if (manifest) {
      named.add(*manifest);
    } else if (was_collected(files, snapshot)) {
      continue;
    } else {
      report.damages.push_back(manifest.error().message);
    }
    count_file(manifest_path(snapshot));
  }
  count_file(manifest_path(last.snapshot));
  named.add(last);
  return named;
}

}  // namespace

Result<VerifyReport> verify_store(const FileSystem& files) try {
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
  const FilesToVerify named = read_snapshots(files, *last, *snapshots, report);
  std::vector<const FileToVerify*> targets;
  for (const auto& [path, file] : named.all()) {
    targets.push_back(&file);
  }
  const std::vector<FileOutcome> outcomes = verify_files(files, targets);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const FileOutcome& outcome = outcomes[i];
    if (!outcome.damages.empty() && was_collected(files, targets[i]->last_snapshot)) {
      continue;
    }
    ++report.files;
    report.blocks += outcome.blocks;
    report.bytes += targets[i]->file.size;
    report.damages.insert(report.damages.end(), outcome.damages.begin(), outcome.damages.end());
  }
  return report;
} catch (const std::exception& error) {
  return fail(ErrorCode::kIo,
              fmt::format("A store could not be verified: {}. Free some memory and try again.",
                          error.what()));
}

Result<VerifyReport> verify_store(const std::string& path) {
  auto files = open_store_root(path);
  if (!files) {
    return pass(files);
  }
  return verify_store(**files);
}

}  // namespace stave
