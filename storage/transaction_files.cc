// What is closed waits in a queue to be made durable; temporary files do not.
#include "storage/transaction_files.h"

#include <fmt/format.h>

#include <charconv>
#include <list>
#include <mutex>
#include <set>

#include "storage/guarded.h"
#include "storage/store_folder.h"
#include "storage/store_path.h"
#include "storage/sync_queue.h"

namespace stave {
namespace {

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
  SyncQueue to_sync;

  void closed(std::list<std::unique_ptr<WritableFile>>& file, const std::string& path) noexcept {
    std::unique_lock lock(mutex);
    if (made.contains(path) && !is_temporary(path)) {
      // Others need not wait for what this may wait for.
      lock.unlock();
      to_sync.add(file);
      lock.lock();
    }
    --unclosed;
  }
  bool remove_all_but_temporary();
};

class TransactionFiles::File : public WritableFile {
 public:
  File(std::shared_ptr<State> state, std::string path)
      : state_(std::move(state)), file_(1), path_(std::move(path)) {}
  ~File() override {
    if (file_.front() != nullptr) {
      state_->closed(file_, path_);
    }
  }

  void open(std::unique_ptr<WritableFile> file) noexcept { file_.front() = std::move(file); }
  Result<void> append(std::span<const std::byte> bytes) override {
    return file_.front()->append(bytes);
  }
  void start_writeback() override { file_.front()->start_writeback(); }
  Result<void> sync() override { return file_.front()->sync(); }

 private:
  std::shared_ptr<State> state_;
  std::list<std::unique_ptr<WritableFile>> file_;  // one until it is closed
  std::string path_;
};

// The entries of a folder, made durable like a file: nothing of a commit can be seen before all of
// it is durable, so the order among files and folders does not matter.
class TransactionFiles::Folder : public WritableFile {
 public:
  Folder(FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  Result<void> append(std::span<const std::byte>) override {
    return fail(ErrorCode::kInternal,
                fmt::format("A folder takes no bytes: {}. Please report this.", path_));
  }
  void start_writeback() override {}
  Result<void> sync() override { return files_.sync_folder(path_); }

 private:
  FileSystem& files_;
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
  auto lent = std::make_unique<File>(state_, path);
  bool is_new = false;
  {
    // Before it is there: were it made and then not known, nobody would remove it.
    const std::lock_guard guard(state_->mutex);
    is_new = state_->made.insert(path).second;
  }
  auto file = state_->files->create(path);
  if (!file && file.error().code == ErrorCode::kAlreadyExists && is_new &&
      file_id_of(path) >= state_->first_new_id && state_->files->remove(path)) {
    file = state_->files->create(path);
  }
  const std::lock_guard guard(state_->mutex);
  if (!file) {
    if (is_new) {
      state_->made.erase(path);
    }
    return file;
  }
  ++state_->unclosed;
  lent->open(*std::move(file));
  return lent;
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
    state_->to_sync.note(fail(
        ErrorCode::kInternal,
        fmt::format("A file was not made through its transaction: {}. Please report this.", path)));
  }
}

Result<void> TransactionFiles::sync_all() {
  const std::lock_guard guard(state_->mutex);
  if (state_->unclosed > 0) {
    state_->to_sync.note(
        fail(ErrorCode::kInternal,
             fmt::format("Files are still being written at commit: {} of them. Please report this.",
                         state_->unclosed)));
  }
  std::set<std::string> folders;
  for (const std::string& path : state_->made) {
    // What will be renamed becomes durable with its name.
    if (is_temporary(path) || path.ends_with(kUnfinishedSuffix)) {
      continue;
    }
    for (std::string folder = folder_of(path);; folder = folder_of(folder)) {
      folders.insert(folder);
      if (folder.empty()) {
        break;
      }
    }
  }
  for (const std::string& folder : folders) {
    std::list<std::unique_ptr<WritableFile>> waiting;
    waiting.push_back(std::make_unique<Folder>(*state_->files, folder));
    state_->to_sync.add(waiting);
  }
  return state_->to_sync.finish();
}

// True where what was removed stays away after a power cut.
bool TransactionFiles::State::remove_all_but_temporary() {
  std::set<std::string> folders;
  bool is_gone = true;
  for (const std::string& path : made) {
    if (!is_temporary(path)) {
      const auto removed = files->remove(path);
      is_gone &= removed || removed.error().code == ErrorCode::kNotFound;
      for (std::string folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
        folders.insert(folder);
      }
    }
  }
  // Only those that are empty go; the others hold files of before.
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
    if (!files->remove(*folder)) {
      is_gone &= files->sync_folder(*folder).has_value();
    }
  }
  return is_gone && (folders.empty() || files->sync_folder(""));
}

void TransactionFiles::remove_made(Ending ending) noexcept {
  const std::lock_guard guard(state_->mutex);
  State& state = *state_;
  [[maybe_unused]] const auto removed =
      guarded("temporary files were removed", [&]() -> Result<void> {
        bool is_closed = ending == Ending::kCommitted;
        if (ending == Ending::kAbandoned) {
          state.to_sync.drop();
          is_closed = state.remove_all_but_temporary();
        }
        for (const std::string& path : state.made) {
          if (is_temporary(path) && path != kOpenTransactionPath) {
            is_closed &= state.files->remove(path).has_value();
          }
        }
        if (is_closed && state.files->remove(kOpenTransactionPath)) {
          return state.files->remove(folder_of(kOpenTransactionPath));
        }
        return {};
      });
  state.made.clear();
}

}  // namespace stave
