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

void add_files(const FileSystem& files, const std::string& folder, std::vector<std::string>& all) {
  const auto names = files.list(folder);
  for (const std::string& name : names ? *names : std::vector<std::string>()) {
    const std::string path = folder.empty() ? name : folder + "/" + name;
    if (path.ends_with('/')) {
      add_files(files, path.substr(0, path.size() - 1), all);
    } else {
      all.push_back(path);
    }
  }
}

// Every file is one that a snapshot names, or one of the store itself.
std::string check_nothing_is_left(const FileSystem& files) {
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
  std::vector<std::string> all;
  add_files(files, "", all);
  for (const std::string& path : all) {
    if (!known.contains(path) && !named.has(path)) {
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

// `progress` is then that after the load.
std::string check_goes_on(const std::shared_ptr<FileSystem>& files, const Content& found,
                          Leftovers leftovers, Progress& progress) {
  Writer writer(files, {true, found, {}});
  if (auto loaded = writer.load(one_more_load()); !loaded) {
    return "the next load failed: " + loaded.error().message;
  }
  progress = writer.progress();
  Content content;
  std::string fault = check_readable(files, progress, content);
  if (fault.empty() && leftovers == Leftovers::kAreGone) {
    fault = check_nothing_is_left(*files);
  }
  return fault.empty() ? "" : "after the next load: " + fault;
}

std::string check_all(const std::shared_ptr<FileSystem>& files, const Progress& progress,
                      Leftovers leftovers, Progress& after) {
  Content found;
  std::string fault = check_readable(files, progress, found);
  if (fault.empty()) {
    fault = check_verifies(*files);
  }
  return fault.empty() ? check_goes_on(files, found, leftovers, after) : fault;
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

std::string check_store(const std::shared_ptr<FileSystem>& files, const Progress& progress,
                        Leftovers leftovers) {
  Progress after;
  return check_all(files, progress, leftovers, after);
}

std::string check_after_power_loss(DiskModel disk, const Progress& progress, Leftovers leftovers) {
  const auto files = std::make_shared<FaultyFileSystem>(std::move(disk));
  Progress after;
  const std::string fault = check_all(files, progress, leftovers, after);
  return fault.empty() ? check_is_durable(*files, after) : fault;
}

std::string check_is_durable(const FaultyFileSystem& files, const Progress& progress) {
  Random random;
  const auto after =
      std::make_shared<FaultyFileSystem>(files.power_loss(PowerLoss::kNothing, random));
  Content content;
  std::string fault = check_readable(after, progress, content);
  if (fault.empty()) {
    fault = check_verifies(*after);
  }
  return fault.empty() ? "" : "what was committed is not durable: " + fault;
}

}  // namespace stave::campaign
