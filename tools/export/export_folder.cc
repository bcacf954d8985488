// A path is listed before its file gets its name, so that whatever an interrupted export left can
// be found.
#include "tools/export/export_folder.h"

#include <algorithm>
#include <span>

#include "storage/store_folder.h"
#include "storage/store_path.h"
#include "storage/store_root.h"
#include "tools/import/json/json_library.h"

namespace stave {
namespace {

// Waiting for the disk costs about as much for many files as for one.
constexpr std::size_t kFilesTogether = 128;
constexpr std::string_view kUnfinishedHeading = "unfinished export of stave";

// Hidden from engines that take every file of a folder for a part of the table.
std::string unfinished_name(const std::string& path) {
  const std::string folder = folder_of(path);
  const std::size_t begin = folder.empty() ? 0 : folder.size() + 1;
  return path.substr(0, begin) + "." + path.substr(begin) + ".unfinished";
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// A file of a damaged list must not lead out of the folder.
void add_path(std::string_view path, std::vector<std::string>& paths) {
  if (is_store_path(path)) paths.emplace_back(path);
}

// The files that a manifest names; nothing where it is none of ours.
std::optional<std::vector<std::string>> files_of_manifest(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::uint64_t layout = 0;
  simdjson::dom::array tables;
  if (parser.parse(text).get(root) != simdjson::SUCCESS ||
      root["stave_export"].get(layout) != simdjson::SUCCESS ||
      root["tables"].get(tables) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  std::vector<std::string> paths;
  for (const simdjson::dom::element table : tables) {
    simdjson::dom::array files;
    if (table["files"].get(files) != simdjson::SUCCESS) continue;
    for (const simdjson::dom::element file : files) {
      std::string_view path;
      if (file["path"].get(path) == simdjson::SUCCESS) add_path(path, paths);
    }
  }
  simdjson::dom::array scripts;
  if (root["ddl"].get(scripts) == simdjson::SUCCESS) {
    for (const simdjson::dom::element script : scripts) {
      std::string_view path;
      if (script.get(path) == simdjson::SUCCESS) add_path(path, paths);
    }
  }
  return paths;
}

std::optional<std::vector<std::string>> files_of_list(std::string_view text) {
  if (text.substr(0, kUnfinishedHeading.size()) != kUnfinishedHeading) return std::nullopt;
  std::vector<std::string> paths;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view path = text.substr(0, end);
    if (path != kUnfinishedHeading) add_path(path, paths);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return paths;
}

}  // namespace

ExportFile::ExportFile(ExportFolder& folder, std::string path, std::string unfinished,
                       std::unique_ptr<WritableFile> file)
    : folder_(folder),
      path_(std::move(path)),
      unfinished_(std::move(unfinished)),
      file_(std::move(file)) {}

ExportFile::~ExportFile() {
  if (!file_) return;
  file_.reset();
  // The error that stopped the export is what the user hears of.
  (void)folder_.files_->remove(unfinished_);
}

Result<void> ExportFile::append(std::string_view bytes) {
  bytes_ += bytes.size();
  checksum_.add(bytes);
  return file_->append(bytes_of(bytes));
}

Result<void> ExportFile::finish() {
  file_->start_writeback();
  return folder_.take_over({path_, unfinished_, std::move(file_)});
}

Result<std::unique_ptr<ExportFolder>> ExportFolder::take(const std::string& directory, bool force) {
  auto files = make_store_root(directory);
  if (!files) return pass(files);
  const auto entries = (*files)->list("");
  if (!entries) return pass(entries);
  const auto holds = [&](std::string_view name) {
    return std::find(entries->begin(), entries->end(), name) != entries->end();
  };
  std::optional<std::vector<std::string>> earlier;
  if (entries->empty()) earlier.emplace();
  for (const std::string_view name : {kExportManifest, kUnfinishedExport}) {
    if (!holds(name)) continue;
    const auto text = read_whole(**files, std::string(name));
    if (!text) return pass(text);
    if (name == kExportManifest) {
      if (const auto library = loading::json_library(); !library) return pass(library);
    }
    auto named = name == kExportManifest ? files_of_manifest(*text) : files_of_list(*text);
    if (!named) continue;
    if (!earlier) earlier.emplace();
    earlier->insert(earlier->end(), named->begin(), named->end());
  }
  if (!earlier && !force) {
    return fail(ErrorCode::kAlreadyExists,
                "The folder holds files that are not of an export: " + directory +
                    ". Choose an empty one, or write beside them with --force.");
  }
  std::unique_ptr<ExportFolder> folder(new ExportFolder(std::move(*files)));
  if (auto begun = folder->begin(earlier.value_or(std::vector<std::string>())); !begun) {
    return pass(begun);
  }
  return folder;
}

Result<void> ExportFolder::begin(const std::vector<std::string>& earlier) {
  const std::string list(kUnfinishedExport);
  const std::string fresh = list + ".new";
  std::string text(kUnfinishedHeading);
  text += '\n';
  for (const std::string& path : earlier) text += path + '\n';
  // A list that was cut off while it was written is only ever the new one.
  (void)files_->remove(fresh);
  auto created = files_->create(fresh);
  if (!created) return pass(created);
  list_ = std::move(*created);
  if (auto written = list_->append(bytes_of(text)); !written) return written;
  if (auto synced = list_->sync(); !synced) return synced;
  if (auto renamed = files_->rename(fresh, list); !renamed) return renamed;
  const auto had_manifest = files_->exists(std::string(kExportManifest));
  if (!had_manifest) return pass(had_manifest);
  if (*had_manifest) {
    if (auto removed = files_->remove(std::string(kExportManifest)); !removed) return removed;
  }
  if (auto synced = files_->sync_folder(""); !synced) return synced;
  remove_earlier(earlier);
  return {};
}

// What cannot be removed is written over, or stays as what it is: a file that the manifest does not
// name.
void ExportFolder::remove_earlier(const std::vector<std::string>& earlier) {
  for (const std::string& path : earlier) {
    (void)files_->remove(path);
    (void)files_->remove(unfinished_name(path));
    for (std::string folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
      if (!files_->remove(folder)) break;
    }
  }
}

ExportFolder::~ExportFolder() {
  for (Complete& file : complete_) {
    file.file.reset();
    (void)files_->remove(file.unfinished);
  }
}

Result<void> ExportFolder::take_over(Complete file) {
  std::vector<Complete> enough;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    complete_.push_back(std::move(file));
    if (complete_.size() >= kFilesTogether) enough.swap(complete_);
  }
  return settle(enough);
}

// Each on disk, then each under its name. What is left of a failure is removed.
Result<void> ExportFolder::settle(std::vector<Complete>& files) {
  Result<void> settled;
  for (const Complete& file : files) {
    if (settled) settled = file.file->sync();
  }
  for (Complete& file : files) {
    if (settled) settled = files_->rename(file.unfinished, file.path);
    file.file.reset();
    if (!settled) (void)files_->remove(file.unfinished);
  }
  return settled;
}

Result<std::unique_ptr<ExportFile>> ExportFolder::create(const std::string& path) {
  const std::string unfinished = unfinished_name(path);
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (auto listed = list_->append(bytes_of(path + '\n')); !listed) return pass(listed);
  }
  auto file = files_->create(unfinished);
  if (!file) {
    // Left by an export that was killed.
    if (const auto there = files_->exists(unfinished); !there || !*there) return pass(file);
    if (auto removed = files_->remove(unfinished); !removed) return pass(removed);
    file = files_->create(unfinished);
    if (!file) return pass(file);
  }
  return std::make_unique<ExportFile>(*this, path, unfinished, std::move(*file));
}

Result<void> ExportFolder::finish(std::string_view manifest) {
  auto file = create(std::string(kExportManifest));
  if (!file) return pass(file);
  if (auto written = (*file)->append(manifest); !written) return written;
  std::vector<Complete> last;
  last.swap(complete_);
  if (auto settled = settle(last); !settled) return settled;
  if (auto finished = (*file)->finish(); !finished) return finished;
  last.swap(complete_);
  if (auto settled = settle(last); !settled) return settled;
  list_.reset();
  if (auto removed = files_->remove(std::string(kUnfinishedExport)); !removed) return removed;
  return files_->sync_folder("");
}

}  // namespace stave
