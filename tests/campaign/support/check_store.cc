// Each step says in words what it found, so that a failing campaign names the state and the rule.
#include "tests/campaign/support/check_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "storage/files_to_verify.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/verify.h"

namespace stave::campaign {
namespace {

std::string check_verifies(const FileSystem& files) {
  const auto report = verify_store(files, 1);
  if (!report) {
    return "verify failed: " + report.error().message;
  }
  return report->damages.empty() ? "" : "verify found: " + report->damages.front();
}

// Every file is one that a snapshot names, or one of the store itself.
std::string check_nothing_is_left(const FaultyFileSystem& files) {
  FilesToVerify named;
  std::set<std::string> known{kMarkerPath, kLockPath};
  const auto snapshots = list_snapshots(files);
  if (!snapshots) {
    return snapshots.error().message;
  }
  for (const std::uint64_t snapshot : *snapshots) {
    const auto manifest = read_manifest(files, snapshot);
    if (!manifest) {
      return manifest.error().message;
    }
    named.add(*manifest);
    known.insert(manifest_path(snapshot));
  }
  for (const std::string& path : files.all_files()) {
    if (!known.contains(path) && !named.all().contains(path)) {
      return "a file is left that nothing names: " + path;
    }
  }
  return "";
}

std::string check_unmade(const std::shared_ptr<FileSystem>& files, const Error& error) {
  if (error.code != ErrorCode::kNotFound && error.code != ErrorCode::kDamaged) {
    return "an unfinished store does not say so: " + error.message;
  }
  const auto made = create_store(*files, tiny_schema(), "UTC");
  return made ? "" : "an unfinished store cannot be completed: " + made.error().message;
}

std::string check_goes_on(const std::shared_ptr<FaultyFileSystem>& files, const Content& found) {
  Writer writer(files, {true, found, {}});
  if (auto loaded = writer.load(one_more_load()); !loaded) {
    return "the next load failed: " + loaded.error().message;
  }
  Content content;
  std::string fault = check_readable(files, writer.progress(), content);
  if (fault.empty()) {
    fault = check_nothing_is_left(*files);
  }
  if (fault.empty()) {
    Random random;
    const auto after =
        std::make_shared<FaultyFileSystem>(files->power_loss(PowerLoss::kNothing, random));
    fault = check_readable(after, writer.progress(), content);
    if (fault.empty()) {
      fault = check_verifies(*after);
    }
  }
  return fault.empty() ? "" : "after the next load: " + fault;
}

}  // namespace

std::string check_readable(const std::shared_ptr<FileSystem>& files, const Progress& progress,
                           Content& found) {
  auto content = read_content(files);
  if (!content && !progress.is_made) {
    if (std::string fault = check_unmade(files, content.error()); !fault.empty()) {
      return fault;
    }
    content = read_content(files);
  }
  if (!content) {
    return "the store cannot be read: " + content.error().message;
  }
  found = *std::move(content);
  const bool is_possible = std::ranges::find(progress.possible, found) != progress.possible.end();
  return is_possible ? "" : difference(found, progress.acknowledged);
}

std::string check_store(const std::shared_ptr<FaultyFileSystem>& files, const Progress& progress) {
  Content found;
  std::string fault = check_readable(files, progress, found);
  if (fault.empty()) {
    fault = check_verifies(*files);
  }
  return fault.empty() ? check_goes_on(files, found) : fault;
}

}  // namespace stave::campaign
