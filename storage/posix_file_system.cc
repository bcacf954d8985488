// The file system that users have. All paths are resolved from a descriptor of the root, so a store
// that is moved while open stays itself.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "storage/posix_error.h"
#include "storage/posix_file.h"
#include "storage/store_path.h"

namespace stave {
namespace {

struct FolderCloser {
  void operator()(DIR* folder) const { closedir(folder); }
};

class PosixFileSystem : public FileSystem {
 public:
  PosixFileSystem(Descriptor descriptor, std::string root)
      : descriptor_(std::move(descriptor)), root_(std::move(root)) {}

  const std::string& root() const override { return root_; }

  Result<std::unique_ptr<ReadableFile>> open(const std::string& path) const override {
    if (auto checked = check_store_path(path); !checked) {
      return pass(checked);
    }
    Descriptor file = open_at(descriptor_, path, O_RDONLY);
    if (!file.is_open()) {
      return system_failure("Could not open a file", full(path), errno);
    }
    return posix_readable_file(std::move(file), full(path));
  }

  Result<std::unique_ptr<WritableFile>> create(const std::string& path) override {
    if (auto checked = check_store_path(path); !checked) {
      return pass(checked);
    }
    constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND;
    Descriptor file = open_at(descriptor_, path, kFlags);
    if (!file.is_open() && errno == ENOENT) {
      if (auto made = make_folders(folder_of(path)); !made) {
        return pass(made);
      }
      file = open_at(descriptor_, path, kFlags);
    }
    if (!file.is_open()) {
      return system_failure("Could not make a file", full(path), errno);
    }
    return posix_writable_file(std::move(file), full(path));
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    for (const std::string* path : {&from, &to}) {
      if (auto checked = check_store_path(*path); !checked) {
        return checked;
      }
    }
    if (renameat(descriptor_.get(), from.c_str(), descriptor_.get(), to.c_str()) != 0) {
      return system_failure("Could not rename a file", full(from) + " to " + full(to), errno);
    }
    return {};
  }

  Result<void> remove(const std::string& path) override {
    if (auto checked = check_store_path(path); !checked) {
      return checked;
    }
    int outcome = unlinkat(descriptor_.get(), path.c_str(), 0);
    if (outcome != 0 && (errno == EISDIR || errno == EPERM)) {
      outcome = unlinkat(descriptor_.get(), path.c_str(), AT_REMOVEDIR);
    }
    if (outcome != 0) {
      return system_failure("Could not remove a file", full(path), errno);
    }
    return {};
  }

  Result<bool> exists(const std::string& path) const override {
    if (auto checked = check_store_path(path); !checked) {
      return pass(checked);
    }
    struct stat status {};
    if (fstatat(descriptor_.get(), path.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
      return true;
    }
    if (errno == ENOENT || errno == ENOTDIR) {
      return false;
    }
    return system_failure("Could not look at a file", full(path), errno);
  }

  Result<std::vector<std::string>> list(const std::string& folder) const override {
    auto opened = open_folder(folder);
    if (!opened) {
      return pass(opened);
    }
    // fdopendir takes the descriptor over, so it gets one of its own.
    const int copy = fcntl(opened->get(), F_DUPFD_CLOEXEC, 0);
    const std::unique_ptr<DIR, FolderCloser> entries(copy < 0 ? nullptr : fdopendir(copy));
    if (!entries) {
      return system_failure("Could not list a folder", full(folder), errno);
    }
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = readdir(entries.get())) {
      std::string name(entry->d_name);
      if (name != "." && name != "..") {
        struct stat status {};
        const bool is_folder =
            entry->d_type == DT_DIR ||
            (entry->d_type == DT_UNKNOWN && fstatat(opened->get(), name.c_str(), &status, 0) == 0 &&
             S_ISDIR(status.st_mode));
        names.push_back(is_folder ? name + "/" : name);
      }
      errno = 0;
    }
    if (errno != 0) {
      return system_failure("Could not list a folder", full(folder), errno);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  Result<void> sync_folder(const std::string& folder) override {
    auto opened = open_folder(folder);
    if (!opened) {
      return pass(opened);
    }
    int outcome = fsync(opened->get());
    while (outcome != 0 && errno == EINTR) {
      outcome = fsync(opened->get());
    }
    if (outcome != 0) {
      return system_failure("Could not make a folder durable", full(folder), errno);
    }
    return {};
  }

  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override {
    if (auto checked = check_store_path(path); !checked) {
      return pass(checked);
    }
    return posix_lock(descriptor_, path, full(path));
  }

  Result<std::unique_ptr<FileLock>> share(const std::string& path) const override {
    if (auto checked = check_store_path(path); !checked) {
      return pass(checked);
    }
    return posix_share(descriptor_, path, full(path));
  }

  Result<std::unique_ptr<FileLock>> hold_alone(const std::string& path) override {
    if (auto checked = check_store_path(path); !checked) {
      return pass(checked);
    }
    return posix_hold_alone(descriptor_, path, full(path));
  }

 private:
  std::string full(const std::string& path) const {
    return path.empty() ? root_ : root_ + "/" + path;
  }

  Result<Descriptor> open_folder(const std::string& folder) const {
    if (!folder.empty()) {
      if (auto checked = check_store_path(folder); !checked) {
        return pass(checked);
      }
    }
    Descriptor opened = open_at(descriptor_, folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
    if (!opened.is_open()) {
      return system_failure("Could not open a folder", full(folder), errno);
    }
    return opened;
  }

  Result<void> make_folders(const std::string& folder) {
    if (folder.empty()) {
      return {};
    }
    if (mkdirat(descriptor_.get(), folder.c_str(), 0777) == 0 || errno == EEXIST) {
      return {};
    }
    if (errno != ENOENT) {
      return system_failure("Could not make a folder", full(folder), errno);
    }
    if (auto made = make_folders(folder_of(folder)); !made) {
      return made;
    }
    if (mkdirat(descriptor_.get(), folder.c_str(), 0777) != 0 && errno != EEXIST) {
      return system_failure("Could not make a folder", full(folder), errno);
    }
    return {};
  }

  Descriptor descriptor_;
  std::string root_;
};

// Linux makes a process's table of descriptors larger when it is full, and once the process has
// threads it lets all of them wait some 10 ms for each doubling. So it is made large at once: one
// descriptor with a high number does it. Nothing is lost where the limit forbids it.
void make_room_for_descriptors(const Descriptor& any) {
  constexpr rlim_t kMostOpen = 4096;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == 0) {
    return;
  }
  const rlim_t highest = std::min(limit.rlim_cur, kMostOpen) - 1;
  const Descriptor room(fcntl(any.get(), F_DUPFD_CLOEXEC, static_cast<int>(highest)));
}

}  // namespace

Result<std::shared_ptr<FileSystem>> posix_file_system(const std::string& root) {
  Descriptor folder =
      open_at(Descriptor(AT_FDCWD), root.empty() ? "." : root, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open()) {
    return system_failure("Could not open a folder", root, errno);
  }
  make_room_for_descriptors(folder);
  return std::make_shared<PosixFileSystem>(std::move(folder), root.empty() ? "." : root);
}

}  // namespace stave
