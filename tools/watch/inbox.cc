// See inbox.h.
#include "tools/watch/inbox.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <string_view>

#include "storage/posix_error.h"
#include "storage/store_path.h"

namespace stave::watching {

namespace {

// Leaves room for a number and an ending in the 255 bytes that file systems allow.
constexpr std::size_t kLongestName = 220;

struct FolderCloser {
  void operator()(DIR* folder) const { closedir(folder); }
};

// Names that writers give to files that they have not finished.
bool is_unfinished(std::string_view name) {
  constexpr std::array<std::string_view, 6> kEndings{".tmp",      ".part",       ".partial",
                                                     ".filepart", ".crdownload", "~"};
  return name.starts_with('.') || std::ranges::any_of(kEndings, [&](std::string_view ending) {
           return name.ends_with(ending);
         });
}

FileMark mark_of(const struct stat& status) {
  return {static_cast<std::uint64_t>(status.st_size),
          std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
          status.st_ino};
}

int rename_unless_taken(int folder, const char* from, const char* to) {
  const int outcome = renameat2(folder, from, folder, to, RENAME_NOREPLACE);
  if (outcome == 0 || (errno != EINVAL && errno != ENOSYS)) return outcome;
  // A file system without that: only this process makes names there.
  if (faccessat(folder, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
    errno = EEXIST;
    return -1;
  }
  return renameat(folder, from, folder, to);
}

}  // namespace

Result<std::unique_ptr<Inbox>> Inbox::open(const std::string& path) {
  std::string root = path;
  while (root.size() > 1 && root.ends_with('/')) root.pop_back();
  std::unique_ptr<Inbox> inbox(new Inbox(std::move(root)));
  inbox->folder_ = open_at(Descriptor(AT_FDCWD), path, O_RDONLY | O_DIRECTORY);
  struct stat status {};
  if (!inbox->folder_.is_open() || fstat(inbox->folder_.get(), &status) != 0) {
    return system_failure("Could not open the inbox", path, errno);
  }
  inbox->device_ = status.st_dev;
  for (const char* name : {kArchive, kFailed, kWork}) {
    if (Result<void> made = inbox->make_folders(name); !made) return pass(made);
    if (fstatat(inbox->folder_.get(), name, &status, 0) != 0) {
      return system_failure("Could not look at a folder", inbox->full(name), errno);
    }
    if (status.st_dev != inbox->device_) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("A folder is on another file system than its inbox: {}. Files are "
                              "moved there by renaming, which must not be interrupted half way: "
                              "put the whole inbox on one file system.",
                              inbox->full(name)));
    }
  }
  if (Result<void> held = inbox->hold(); !held) return pass(held);
  return inbox;
}

Result<void> Inbox::hold() {
  const std::string path = std::string(kWork) + "/lock";
  lock_ = open_at(folder_, path, O_RDWR | O_CREAT);
  if (!lock_.is_open()) return system_failure("Could not open the lock file", full(path), errno);
  if (flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_failure("Could not lock a file", full(path), errno);
    std::array<char, 32> text{};
    const ssize_t got = pread(lock_.get(), text.data(), text.size(), 0);
    const std::string holder(text.data(), static_cast<std::size_t>(got > 0 ? got : 0));
    return fail(ErrorCode::kLocked,
                fmt::format("Another `stave watch` is at work in this inbox: {}, process {}. Wait "
                            "until it is done, or end it.",
                            root_, holder));
  }
  // Who holds it is a courtesy: on a full disk the lock holds all the same.
  const std::string holder = fmt::format("{}", getpid());
  if (ftruncate(lock_.get(), 0) == 0) {
    [[maybe_unused]] const ssize_t put = pwrite(lock_.get(), holder.data(), holder.size(), 0);
  }
  return {};
}

Result<std::vector<std::string>> Inbox::names_in(const std::string& folder) const {
  const int opened = openat(folder_.get(), folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, FolderCloser> entries(opened < 0 ? nullptr : fdopendir(opened));
  if (!entries) return system_failure("Could not list a folder", full(folder), errno);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(entries.get())) {
    const std::string name(entry->d_name);
    if (name != "." && name != "..") names.push_back(name);
    errno = 0;
  }
  if (errno != 0) return system_failure("Could not list a folder", full(folder), errno);
  std::ranges::sort(names);
  return names;
}

Result<InboxListing> Inbox::list() const {
  const Result<std::vector<std::string>> names = names_in(".");
  if (!names) return pass(names);
  InboxListing listing;
  for (const std::string& name : *names) {
    struct stat status {};
    if (is_unfinished(name) || name == kArchive || name == kFailed ||
        fstatat(folder_.get(), name.c_str(), &status, 0) != 0) {
      continue;
    }
    if (!S_ISDIR(status.st_mode)) {
      if (!name.ends_with(".jsonl") && !name.ends_with(".toml")) {
        listing.ignored.push_back({name, "A file must be in a folder with the name of its table."});
      }
    } else if (status.st_dev != device_) {
      listing.ignored.push_back({name,
                                 "A folder on another file system than the archive: its "
                                 "files could not be moved there by renaming."});
    } else if (Result<void> listed = list_folder(name, listing); !listed) {
      listing.ignored.push_back({name, listed.error().message});
    }
  }
  return listing;
}

Result<void> Inbox::list_folder(const std::string& table, InboxListing& listing) const {
  const Result<std::vector<std::string>> names = names_in(table);
  if (!names) return pass(names);
  for (const std::string& name : *names) {
    InboxFile file{table, name, {}};
    const bool is_report = name.ends_with(kRunEnding) || name.ends_with(kRejectsEnding);
    if (is_unfinished(name) || is_report) continue;
    if (name.size() > kLongestName) {
      listing.ignored.push_back({file.path(), "A name this long leaves no room for the report's."});
    } else if (const std::optional<FileMark> mark = look_at(file.path())) {
      file.mark = *mark;
      listing.files.push_back(std::move(file));
    } else {
      listing.ignored.push_back({file.path(), "Neither a regular file nor a folder of the inbox."});
    }
  }
  return {};
}

std::optional<FileMark> Inbox::look_at(const std::string& path) const {
  struct stat status {};
  if (fstatat(folder_.get(), path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(status.st_mode)) {
    return {};
  }
  return mark_of(status);
}

Result<void> Inbox::make_folders(const std::string& path) const {
  if (path.empty() || mkdirat(folder_.get(), path.c_str(), 0777) == 0 || errno == EEXIST) return {};
  if (errno == ENOENT && path.find('/') != std::string::npos) {
    if (Result<void> made = make_folders(folder_of(path)); !made) return made;
    if (mkdirat(folder_.get(), path.c_str(), 0777) == 0 || errno == EEXIST) return {};
  }
  return system_failure("Could not make a folder", full(path), errno);
}

Result<void> Inbox::write(const std::string& path, const std::string& text) const {
  const std::string unfinished = std::string(kWork) + "/writing.tmp";
  Descriptor file = open_at(folder_, unfinished, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file.is_open()) return system_failure("Could not make a file", full(unfinished), errno);
  const std::unique_ptr<WritableFile> writable =
      posix_writable_file(std::move(file), full(unfinished));
  if (Result<void> put = writable->append(std::as_bytes(std::span(text))); !put) return put;
  if (Result<void> synced = writable->sync(); !synced) return synced;
  return replace(unfinished, path);
}

Result<std::string> Inbox::read(const std::string& path) const {
  Descriptor file = open_at(folder_, path, O_RDONLY);
  if (!file.is_open()) return system_failure("Could not open a file", full(path), errno);
  const Result<std::unique_ptr<ReadableFile>> readable =
      posix_readable_file(std::move(file), full(path));
  if (!readable) return pass(readable);
  std::string text((*readable)->size(), '\0');
  const Result<void> got = (*readable)->read(0, std::as_writable_bytes(std::span(text)));
  return got ? Result<std::string>(std::move(text)) : pass(got);
}

Result<bool> Inbox::move(const std::string& from, const std::string& to) const {
  if (rename_unless_taken(folder_.get(), from.c_str(), to.c_str()) == 0) return true;
  if (errno == EEXIST) return false;
  return system_failure("Could not move a file", full(from) + " to " + full(to), errno);
}

Result<void> Inbox::replace(const std::string& from, const std::string& to) const {
  if (renameat(folder_.get(), from.c_str(), folder_.get(), to.c_str()) == 0) return {};
  return system_failure("Could not rename a file", full(from) + " to " + full(to), errno);
}

Result<void> Inbox::remove(const std::string& path) const {
  int outcome = unlinkat(folder_.get(), path.c_str(), 0);
  if (outcome != 0 && (errno == EISDIR || errno == EPERM)) {
    outcome = unlinkat(folder_.get(), path.c_str(), AT_REMOVEDIR);
  }
  if (outcome == 0 || errno == ENOENT || errno == ENOTDIR) return {};
  return system_failure("Could not remove a file", full(path), errno);
}

Result<void> Inbox::sync_folder_of(const std::string& path) const {
  const std::string folder = folder_of(path);
  const Descriptor opened = open_at(folder_, folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
  if (!opened.is_open() || fsync(opened.get()) != 0) {
    return system_failure("Could not make a folder durable", full(folder), errno);
  }
  return {};
}

}  // namespace stave::watching
