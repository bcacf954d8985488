// Pieces of kPieceBytes pass through memory; the file systems may be of different disks.
#include "storage/backup_copy.h"

#include <algorithm>

#include "storage/guarded.h"
#include "storage/store_files.h"
#include "storage/store_folder.h"
#include "storage/store_path.h"

namespace stave {
namespace {

constexpr std::uint64_t kPieceBytes = std::uint64_t{1} << 20;

}  // namespace

Result<void> BackupCopy::copy(const std::string& path) {
  const auto source = from_.open(path);
  if (!source) return pass(source);
  const auto left = to_.exists(path);
  if (!left) return pass(left);
  if (*left) {
    if (auto removed = to_.remove(path); !removed) return removed;
  }
  const auto made = to_.create(path);
  if (!made) return pass(made);
  copied_.push_back(path);
  for (std::string folder = folder_of(path);; folder = folder_of(folder)) {
    folders_.insert(folder);
    if (folder.empty()) break;
  }
  const std::uint64_t size = (*source)->size();
  std::vector<std::byte> piece(static_cast<std::size_t>(std::min(size, kPieceBytes)));
  for (std::uint64_t at = 0; at < size; at += kPieceBytes) {
    const std::span<std::byte> part =
        std::span(piece).first(static_cast<std::size_t>(std::min(kPieceBytes, size - at)));
    if (auto read = (*source)->read(at, part); !read) return read;
    if (auto written = (*made)->append(part); !written) return written;
    if (on_bytes) {
      if (auto told = on_bytes(part.size()); !told) return told;
    }
  }
  return (*made)->sync();
}

Result<void> BackupCopy::copy_changed(const std::string& folder, const std::string& ending) {
  const auto there = from_.exists(folder);
  if (!there) return pass(there);
  if (!*there) return {};
  const auto names = from_.list(folder);
  if (!names) return pass(names);
  for (const std::string& name : *names) {
    if (!name.ends_with(ending)) continue;
    const std::string path = path_in(folder, name);
    const auto text = read_whole(from_, path);
    if (!text) return pass(text);
    const auto known = read_whole(to_, path);
    if (known && *known == *text) continue;
    const std::string unfinished = path + kUnfinishedSuffix;
    if (const auto left = to_.exists(unfinished); left && *left) {
      if (auto removed = to_.remove(unfinished); !removed) return removed;
    }
    if (auto written = write_durably(to_, unfinished, *text); !written) return written;
    if (auto renamed = to_.rename(unfinished, path); !renamed) return renamed;
    folders_.insert(folder);
    folders_.insert("");
  }
  return {};
}

Result<void> BackupCopy::sync_folders() {
  // A folder comes before those that lie in it.
  for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder) {
    if (auto synced = to_.sync_folder(*folder); !synced) return synced;
  }
  return {};
}

void BackupCopy::remove_copies() noexcept {
  [[maybe_unused]] const auto done = guarded("copies were removed", [&]() -> Result<void> {
    for (const std::string& path : copied_) {
      [[maybe_unused]] const auto removed = to_.remove(path);
      remove_empty_folders(to_, folder_of(path));
    }
    return {};
  });
}

}  // namespace stave
