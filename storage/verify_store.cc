// Every byte of the last commit is read and every block decoded. Damage of one file never hides
// that of another: each is a line of the report.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "stave/store.h"
#include "storage/checksum.h"
#include "storage/domain_segment.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"

namespace stave {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;

// What a column of codes may hold at most.
constexpr std::uint32_t kAnyCode = 0xFFFFFFFF;

struct FileToVerify {
  FileReference file;
  Physical physical = Physical::kInt64;
  std::uint32_t largest_code = kAnyCode;
  std::uint64_t rows = 0;  // that it must have; 0 with `at_most`: anything up to the positions
  bool at_most = false;
  const DomainState* domain = nullptr;  // where the file is a segment of one
  std::size_t domain_segment = 0;
};

struct FileOutcome {
  std::uint64_t blocks = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> damages;
};

Result<void> check_whole(const FileSystem& files, const FileReference& file,
                         std::uint64_t& bytes_read) {
  const auto opened = files.open(file.path);
  if (!opened) {
    return pass(opened);
  }
  if ((*opened)->size() != file.size) {
    return fail(ErrorCode::kDamaged,
                fmt::format("the file has {} bytes, {} expected", (*opened)->size(), file.size));
  }
  RunningChecksum checksum;
  std::vector<std::byte> buffer(std::min<std::uint64_t>(kReadBytes, file.size));
  for (std::uint64_t offset = 0; offset < file.size; offset += buffer.size()) {
    const std::span<std::byte> part =
        std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), file.size - offset));
    if (auto read = (*opened)->read(offset, part); !read) {
      return read;
    }
    checksum.add(part);
    bytes_read += part.size();
  }
  if (checksum.value() != file.checksum) {
    return fail(ErrorCode::kDamaged,
                fmt::format("the checksum of the whole file is {:016x}, {:016x} expected",
                            checksum.value(), file.checksum));
  }
  return {};
}

void verify_column(const Snapshot& snapshot, const FileToVerify& target, FileOutcome& outcome) {
  const auto reader = snapshot.open_column(target.file, target.physical);
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

void verify_domain_segment(const Snapshot& snapshot, const FileToVerify& target,
                           FileOutcome& outcome) {
  const auto segment = DomainSegment::open(
      snapshot.files(), target.domain->segments[target.domain_segment], target.domain->kind);
  auto sound = segment ? (*segment)->verify() : Result<void>(pass(segment));
  if (!sound) {
    outcome.damages.push_back(sound.error().message);
  }
  ++outcome.blocks;
}

// Runs on threads of its own, so nothing may be thrown out of it.
FileOutcome verify_file(const Snapshot& snapshot, const FileToVerify& target) try {
  FileOutcome outcome;
  if (auto whole = check_whole(snapshot.files(), target.file, outcome.bytes); !whole) {
    outcome.damages.push_back(target.file.path + ": " + whole.error().message);
  }
  if (target.domain != nullptr) {
    verify_domain_segment(snapshot, target, outcome);
  } else {
    verify_column(snapshot, target, outcome);
  }
  return outcome;
} catch (const std::bad_alloc&) {
  FileOutcome outcome;
  outcome.damages.push_back(target.file.path + ": memory ran out while it was verified");
  return outcome;
}

std::vector<FileToVerify> files_of(const Manifest& manifest) {
  std::vector<FileToVerify> all;
  const auto add = [&](const FileToVerify& file) {
    if (file.file.exists()) {
      all.push_back(file);
    }
  };
  const auto add_columns = [&](const TableSchema& schema, const std::vector<FileReference>& columns,
                               std::uint64_t rows, bool at_most) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      FileToVerify file{.file = columns[i],
                        .physical = physical_of(schema.columns[i]),
                        .rows = rows,
                        .at_most = at_most};
      if (schema.columns[i].is_coded()) {
        const DomainState* domain = manifest.find_domain(schema.columns[i].domain);
        file.largest_code = domain == nullptr ? 0 : domain->size;
      }
      add(file);
    }
  };
  for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
    const TableSchema& schema = manifest.schema.tables[i];
    const TableState& table = manifest.tables[i];
    for (const SegmentState& segment : table.segments) {
      add_columns(schema, segment.columns, segment.rows, false);
    }
    add_columns(schema, table.columns, table.positions, true);
    add({.file = table.present, .rows = table.positions, .at_most = true});
    for (const ClusterChange& change : table.cluster_changes) {
      add({.file = change.codes, .physical = Physical::kCode, .rows = change.count});
    }
  }
  for (const DomainState& domain : manifest.domains) {
    for (std::size_t i = 0; i < domain.segments.size(); ++i) {
      add({.file = domain.segments[i].file, .domain = &domain, .domain_segment = i});
    }
  }
  return all;
}

// In the order of `targets` whatever the number of threads.
std::vector<FileOutcome> verify_files(const Snapshot& snapshot,
                                      const std::vector<FileToVerify>& targets) {
  std::vector<FileOutcome> outcomes(targets.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < targets.size(); i = next++) {
      outcomes[i] = verify_file(snapshot, targets[i]);
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

}  // namespace

Result<VerifyReport> verify_store(const std::string& path) try {
  auto files = open_store_root(path);
  if (!files) {
    return pass(files);
  }
  auto snapshot = Snapshot::open(*std::move(files));
  VerifyReport report;
  if (!snapshot && snapshot.error().code == ErrorCode::kDamaged) {
    ++report.files;
    report.damages.push_back(snapshot.error().message);
    return report;
  }
  if (!snapshot) {
    return pass(snapshot);
  }
  const Manifest& manifest = (*snapshot)->manifest();
  for (const std::string& read_already : {kMarkerPath, manifest_path(manifest.snapshot)}) {
    const auto file = (*snapshot)->files().open(read_already);
    report.bytes += file ? (*file)->size() : 0;
    ++report.files;
  }
  for (const FileOutcome& outcome : verify_files(**snapshot, files_of(manifest))) {
    ++report.files;
    report.blocks += outcome.blocks;
    report.bytes += outcome.bytes;
    report.damages.insert(report.damages.end(), outcome.damages.begin(), outcome.damages.end());
  }
  return report;
} catch (const std::exception& error) {
  return fail(ErrorCode::kIo,
              fmt::format("A store could not be verified: {}. Free some memory and try again.",
                          error.what()));
}

}  // namespace stave
