// A store in memory, for tests: the same contract as on disk, without durability.
#include <fmt/format.h>

#include <cstring>
#include <map>
#include <mutex>
#include <set>

#include "storage/file_system.h"
#include "storage/store_path.h"

namespace stave {
namespace {

using Content = std::vector<std::byte>;

// Shared by the file system and what it handed out, which may outlive it.
struct MemoryState {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<Content>> files;
  std::set<std::string> folders;
  std::set<std::string> locked;
  std::map<std::string, std::size_t> sharers;
  std::set<std::string> held_alone;
};

// A copy at the time of opening: files are read only once they are complete.
class MemoryReadableFile : public ReadableFile {
 public:
  MemoryReadableFile(Content content, std::string path)
      : content_(std::move(content)), path_(std::move(path)) {}

  std::uint64_t size() const override { return content_.size(); }
  const std::string& path() const override { return path_; }
  Result<void> read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > content_.size() || out.size() > content_.size() - offset) {
      return fail(ErrorCode::kDamaged,
                  fmt::format("A file is shorter than expected: {} bytes at {} asked of {} ({}). "
                              "Run `stave verify`.",
                              out.size(), offset, content_.size(), path_));
    }
    if (!out.empty()) {
      std::memcpy(out.data(), content_.data() + offset, out.size());
    }
    return {};
  }
  Result<std::span<const std::byte>> map() const override {
    return std::span<const std::byte>(content_);
  }

 private:
  Content content_;
  std::string path_;
};

class MemoryWritableFile : public WritableFile {
 public:
  MemoryWritableFile(std::shared_ptr<MemoryState> state, std::shared_ptr<Content> content)
      : state_(std::move(state)), content_(std::move(content)) {}

  Result<void> append(std::span<const std::byte> bytes) override {
    const std::lock_guard guard(state_->mutex);
    content_->insert(content_->end(), bytes.begin(), bytes.end());
    return {};
  }
  void start_writeback() override {}
  Result<void> sync() override { return {}; }

 private:
  std::shared_ptr<MemoryState> state_;
  std::shared_ptr<Content> content_;
};

class MemoryLock : public FileLock {
 public:
  MemoryLock(std::shared_ptr<MemoryState> state, std::string path)
      : state_(std::move(state)), path_(std::move(path)) {}
  ~MemoryLock() override {
    const std::lock_guard guard(state_->mutex);
    state_->locked.erase(path_);
  }

 private:
  std::shared_ptr<MemoryState> state_;
  std::string path_;
};

class MemoryShare : public FileLock {
 public:
  MemoryShare(std::shared_ptr<MemoryState> state, std::string path)
      : state_(std::move(state)), path_(std::move(path)) {}
  ~MemoryShare() override {
    const std::lock_guard guard(state_->mutex);
    --state_->sharers[path_];
  }

 private:
  std::shared_ptr<MemoryState> state_;
  std::string path_;
};

class MemoryHold : public FileLock {
 public:
  MemoryHold(std::shared_ptr<MemoryState> state, std::string path)
      : state_(std::move(state)), path_(std::move(path)) {}
  ~MemoryHold() override {
    const std::lock_guard guard(state_->mutex);
    state_->held_alone.erase(path_);
  }

 private:
  std::shared_ptr<MemoryState> state_;
  std::string path_;
};

class MemoryFileSystem : public FileSystem {
 public:
  explicit MemoryFileSystem(std::string name) : root_(std::move(name)) {}

  const std::string& root() const override { return root_; }

  Result<std::unique_ptr<ReadableFile>> open(const std::string& path) const override {
    const std::lock_guard guard(state_->mutex);
    const auto found = state_->files.find(path);
    if (found == state_->files.end()) {
      return missing("Could not open a file", path);
    }
    return std::make_unique<MemoryReadableFile>(*found->second, full(path));
  }

  Result<std::unique_ptr<WritableFile>> create(const std::string& path) override {
    if (auto checked = check_store_path(path); !checked) {
      return pass(checked);
    }
    const std::lock_guard guard(state_->mutex);
    if (state_->files.contains(path) || state_->folders.contains(path)) {
      return fail(ErrorCode::kAlreadyExists,
                  fmt::format("Could not make a file: {} (File exists).", full(path)));
    }
    for (std::string folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
      state_->folders.insert(folder);
    }
    auto content = std::make_shared<Content>();
    state_->files[path] = content;
    return std::make_unique<MemoryWritableFile>(state_, std::move(content));
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (auto checked = check_store_path(to); !checked) {
      return checked;
    }
    const std::lock_guard guard(state_->mutex);
    const auto found = state_->files.find(from);
    if (found == state_->files.end()) {
      return missing("Could not rename a file", from);
    }
    auto content = found->second;
    state_->files.erase(found);
    state_->files[to] = std::move(content);
    return {};
  }

  Result<void> remove(const std::string& path) override {
    const std::lock_guard guard(state_->mutex);
    if (state_->files.erase(path) > 0) {
      return {};
    }
    if (!state_->folders.contains(path)) {
      return missing("Could not remove a file", path);
    }
    if (!names_in(path).empty()) {
      return fail(ErrorCode::kIo,
                  fmt::format("Could not remove a folder: {} (not empty).", full(path)));
    }
    state_->folders.erase(path);
    return {};
  }

  Result<bool> exists(const std::string& path) const override {
    const std::lock_guard guard(state_->mutex);
    return state_->files.contains(path) || state_->folders.contains(path);
  }

  Result<std::vector<std::string>> list(const std::string& folder) const override {
    const std::lock_guard guard(state_->mutex);
    if (!folder.empty() && !state_->folders.contains(folder)) {
      return missing("Could not open a folder", folder);
    }
    const std::set<std::string> names = names_in(folder);
    return std::vector<std::string>(names.begin(), names.end());
  }

  Result<void> sync_folder(const std::string& folder) override {
    const std::lock_guard guard(state_->mutex);
    if (!folder.empty() && !state_->folders.contains(folder)) {
      return missing("Could not open a folder", folder);
    }
    return {};
  }

  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override {
    const std::lock_guard guard(state_->mutex);
    if (!state_->locked.insert(path).second) {
      return fail(ErrorCode::kLocked,
                  fmt::format("The store is being written by this process ({}). Wait until that is "
                              "done; reading works meanwhile.",
                              full(path)));
    }
    state_->files.try_emplace(path, std::make_shared<Content>());
    return std::make_unique<MemoryLock>(state_, path);
  }

  Result<std::unique_ptr<FileLock>> share(const std::string& path) const override {
    const std::lock_guard guard(state_->mutex);
    if (!state_->files.contains(path)) {
      return missing("Could not open a file", path);
    }
    if (state_->held_alone.contains(path)) {
      return in_use(path);
    }
    ++state_->sharers[path];
    return std::make_unique<MemoryShare>(state_, path);
  }

  Result<std::unique_ptr<FileLock>> hold_alone(const std::string& path) override {
    const std::lock_guard guard(state_->mutex);
    if (!state_->files.contains(path)) {
      return missing("Could not open a file", path);
    }
    if (state_->sharers[path] > 0 || !state_->held_alone.insert(path).second) {
      return in_use(path);
    }
    return std::make_unique<MemoryHold>(state_, path);
  }

 private:
  std::string full(const std::string& path) const {
    return path.empty() ? root_ : root_ + "/" + path;
  }
  Failure in_use(const std::string& path) const {
    return fail(ErrorCode::kLocked,
                fmt::format("A file is in use: {}. Try again when that is done.", full(path)));
  }
  Failure missing(std::string_view action, const std::string& path) const {
    return fail(ErrorCode::kNotFound,
                fmt::format("{}: {} (No such file or directory).", action, full(path)));
  }
  std::set<std::string> names_in(const std::string& folder) const {
    const std::string prefix = folder.empty() ? "" : folder + "/";
    std::set<std::string> names;
    const auto add = [&](const std::string& path, const char* suffix) {
      if (path.size() > prefix.size() && path.starts_with(prefix) &&
          path.find('/', prefix.size()) == std::string::npos) {
        names.insert(path.substr(prefix.size()) + suffix);
      }
    };
    for (const auto& [path, content] : state_->files) {
      add(path, "");
    }
    for (const std::string& path : state_->folders) {
      add(path, "/");
    }
    return names;
  }

  std::string root_;
  std::shared_ptr<MemoryState> state_ = std::make_shared<MemoryState>();
};

}  // namespace

Result<std::unique_ptr<FileLock>> FileSystem::share(const std::string& /*path*/) const {
  return nullptr;
}
Result<std::unique_ptr<FileLock>> FileSystem::hold_alone(const std::string& /*path*/) {
  return nullptr;
}

std::shared_ptr<FileSystem> memory_file_system(std::string name) {
  return std::make_shared<MemoryFileSystem>(std::move(name));
}

}  // namespace stave
