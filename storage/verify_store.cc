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
#include "storage/guarded.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"
#include "storage/verify.h"

namespace stave {
namespace {

struct FileOutcome {
  std::uint64_t blocks = 0;
  std::vector<std::string> damages;
};

// A fault is a line of the report, unless it says nothing about the file: memory ran out.
Result<void> note(const Error& fault, const std::string& where, std::vector<std::string>& damages) {
  if (fault.code == ErrorCode::kOutOfMemory) {
    return Failure(fault);
  }
  damages.push_back(where + fault.message);
  return {};
}

Result<void> verify_column(const FileSystem& files, const FileToVerify& target,
                           FileOutcome& outcome) {
  const auto reader = ColumnFileReader::open(files, target.file, target.physical);
  if (!reader) {
    return note(reader.error(), "", outcome.damages);
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
      const std::string where = fmt::format("{}: block {}: ", target.file.path, i);
      if (auto noted = note(read.error(), where, outcome.damages); !noted) {
        return noted;
      }
    } else if (target.physical == Physical::kCode && !block.codes.empty()) {
      const std::uint32_t largest =
          *std::max_element(block.codes.begin(), block.codes.begin() + block.rows);
      if (largest > target.largest_code) {
        outcome.damages.push_back(fmt::format("{}: block {}: code {} is beyond its domain of {}",
                                              target.file.path, i, largest, target.largest_code));
      }
    }
  }
  return {};
}

Result<void> verify_domain_segment(const FileSystem& files, const FileToVerify& target,
                                   FileOutcome& outcome) {
  const auto segment = DomainSegment::open(files, target.domain_segment, target.domain_kind);
  ++outcome.blocks;
  const auto sound = segment ? (*segment)->verify() : Result<void>(pass(segment));
  return sound ? sound : note(sound.error(), "", outcome.damages);
}

Result<FileOutcome> verify_file(const FileSystem& files, const FileToVerify& target) {
  FileOutcome outcome;
  auto verified = target.domain_kind == DictionaryKind::kEmpty
                      ? verify_column(files, target, outcome)
                      : verify_domain_segment(files, target, outcome);
  if (!verified) {
    return pass(verified);
  }
  return outcome;
}

// In the order of `targets` whatever the number of threads.
std::vector<Result<FileOutcome>> verify_files(const FileSystem& files,
                                              const std::vector<const FileToVerify*>& targets,
                                              int threads) {
  std::vector<Result<FileOutcome>> outcomes(targets.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < targets.size(); i = next++) {
      outcomes[i] = guarded("a file was verified", [&] { return verify_file(files, *targets[i]); });
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
    } else if (auto noted = note(manifest.error(), "", report.damages); !noted) {
      return pass(noted);
    }
    found.push_back(manifest_path(snapshot));
  }
  named.add(last);
  for (const std::string& path : found) {
    const auto file = files.open(path);
    if (!file && file.error().code != ErrorCode::kNotFound) {
      if (auto noted = note(file.error(), "", report.damages); !noted) {
        return pass(noted);
      }
    }
    report.bytes += file ? (*file)->size() : 0;
    ++report.files;
  }
  return named;
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
  for (const auto& [path, file] : named->all()) {
    targets.push_back(&file);
  }
  const std::vector<Result<FileOutcome>> outcomes = verify_files(files, targets, threads);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Result<FileOutcome>& outcome = outcomes[i];
    if (!outcome) {
      return pass(outcome);
    }
    if (!outcome->damages.empty() && was_collected(files, targets[i]->last_snapshot)) {
      continue;
    }
    ++report.files;
    report.blocks += outcome->blocks;
    report.bytes += targets[i]->file.size;
    report.damages.insert(report.damages.end(), outcome->damages.begin(), outcome->damages.end());
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
