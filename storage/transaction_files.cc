// A handle that is kept open until fsync reports a write-back that failed long before. Beyond
// kMostOpen handles the eldest are synced early, which is as safe and only slower.
#include "storage/transaction_files.h"

#include <fmt/format.h>

#include <charconv>
#include <deque>
#include <mutex>
#include <set>

#include "storage/store_folder.h"
#include "storage/store_path.h"

namespace stave {
namespace {

constexpr std::size_t kMostOpen = 256;

bool is_temporary(std::string_view path) {
  return path.starts_with(kTemporaryFolder + "/");
}

}  // namespace

std::uint64_t file_id_of(std::string_view path) {
  const std::size_t dash = path.rfind('-');
  const std::size_t dot = path.rfind('.');
  std::uint64_t id = 0;
  if (dash == std::string_view::npos || dot == std::string_view::npos || dot < dash) {
    return 0;
  }
  const auto [end, fault] = std::from_chars(path.data() + dash + 1, path.data() + dot, id);
  return fault == std::errc() && end == path.data() + dot ? id : 0;
}

struct TransactionFiles::State {
  std::shared_ptr<FileSystem> files;
  std::uint64_t first_new_id = 0;
  std::mutex mutex;
  std::set<std::string> made;
  std::size_t unclosed = 0;
  std::deque<std::unique_ptr<WritableFile>> to_sync;
  Result<void> outcome;  // the first fault of a sync, or of an expectation

  void note(const Result<void>& result) {
    if (outcome && !result) {
      outcome = result;
    }
  }
  void sync_eldest() {
    note(to_sync.front()->sync());
    to_sync.pop_front();
  }
  void closed(std::unique_ptr<WritableFile> file, const std::string& path) {
    const std::lock_guard guard(mutex);
    --unclosed;
    if (made.contains(path) && !is_temporary(path)) {
      to_sync.push_back(std::move(file));
      if (to_sync.size() > kMostOpen) {
        sync_eldest();
      }
    }
  }
};

class TransactionFiles::File : public WritableFile {
 public:
  File(std::shared_ptr<State> state, std::unique_ptr<WritableFile> file, std::string path)
      : state_(std::move(state)), file_(std::move(file)), path_(std::move(path)) {}
  ~File() override { state_->closed(std::move(file_), path_); }

  Result<void> append(std::span<const std::byte> bytes) override { return file_->append(bytes); }
  void start_writeback() override { file_->start_writeback(); }
  Result<void> sync() override { return file_->sync(); }

 private:
  std::shared_ptr<State> state_;
  std::unique_ptr<WritableFile> file_;
  std::string path_;
};

TransactionFiles::TransactionFiles(std::shared_ptr<FileSystem> files, std::uint64_t first_new_id)
    : state_(std::make_shared<State>()) {
  state_->files = std::move(files);
  state_->first_new_id = first_new_id;
}

TransactionFiles::~TransactionFiles() = default;

Result<std::unique_ptr<ReadableFile>> TransactionFiles::open(const std::string& path) const {
  return state_->files->open(path);
}

Result<std::unique_ptr<WritableFile>> TransactionFiles::create(const std::string& path) {
  auto file = state_->files->create(path);
  if (!file && file.error().code == ErrorCode::kAlreadyExists &&
      file_id_of(path) >= state_->first_new_id) {
    const std::lock_guard guard(state_->mutex);
    if (!state_->made.contains(path) && state_->files->remove(path)) {
      file = state_->files->create(path);
    }
  }
  if (!file) {
    return file;
  }
  {
    const std::lock_guard guard(state_->mutex);
    state_->made.insert(path);
    ++state_->unclosed;
  }
  return std::make_unique<File>(state_, *std::move(file), path);
}

Result<void> TransactionFiles::rename(const std::string& from, const std::string& to) {
  return fail(
      ErrorCode::kInternal,
      fmt::format("A transaction does not rename files: {} to {}. Please report this.", from, to));
}

Result<void> TransactionFiles::remove(const std::string& path) {
  {
    const std::lock_guard guard(state_->mutex);
    if (state_->made.erase(path) == 0) {
      return fail(ErrorCode::kInternal,
                  fmt::format("A transaction removes only files that it made: {}. Please report "
                              "this.",
                              path));
    }
  }
  return state_->files->remove(path);
}

Result<bool> TransactionFiles::exists(const std::string& path) const {
  return state_->files->exists(path);
}

Result<std::vector<std::string>> TransactionFiles::list(const std::string& folder) const {
  return state_->files->list(folder);
}

Result<void> TransactionFiles::sync_folder(const std::string& folder) {
  return state_->files->sync_folder(folder);
}

Result<std::unique_ptr<FileLock>> TransactionFiles::lock(const std::string& path) {
  return state_->files->lock(path);
}

const std::string& TransactionFiles::root() const {
  return state_->files->root();
}

void TransactionFiles::expect(const std::string& path) {
  const std::lock_guard guard(state_->mutex);
  if (!state_->made.contains(path)) {
    state_->note(fail(ErrorCode::kInternal,
                      fmt::format("A file was not made through its transaction: {}. Please report "
                                  "this.",
                                  path)));
  }
}

Result<void> TransactionFiles::sync_all() {
  const std::lock_guard guard(state_->mutex);
  if (state_->unclosed > 0) {
    state_->note(fail(ErrorCode::kInternal,
                      fmt::format("Files are still being written at commit: {} of them. Please "
                                  "report this.",
                                  state_->unclosed)));
  }
  while (state_->outcome && !state_->to_sync.empty()) {
    state_->sync_eldest();
  }
  std::set<std::string> folders;
  for (const std::string& path : state_->made) {
    for (std::string folder = folder_of(path); !is_temporary(path); folder = folder_of(folder)) {
      folders.insert(folder);
      if (folder.empty()) {
        break;
      }
    }
  }
  // From the deepest up, so that a folder is durable before the entry that leads to it.
  for (auto folder = folders.rbegin(); state_->outcome && folder != folders.rend(); ++folder) {
    state_->note(state_->files->sync_folder(*folder));
  }
  return state_->outcome;
}

void TransactionFiles::remove_made(bool only_temporary) {
  const std::lock_guard guard(state_->mutex);
  std::set<std::string> folders;
  for (auto path = state_->made.begin(); path != state_->made.end();) {
    if (only_temporary && !is_temporary(*path)) {
      ++path;
      continue;
    }
    [[maybe_unused]] const auto removed = state_->files->remove(*path);
    for (std::string folder = folder_of(*path); !folder.empty(); folder = folder_of(folder)) {
      folders.insert(folder);
    }
    path = state_->made.erase(path);
  }
  if (!only_temporary) {
    state_->to_sync.clear();
  }
  // Only those that are empty go.
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
    [[maybe_unused]] const auto removed = state_->files->remove(*folder);
  }
}

}  // namespace stave
