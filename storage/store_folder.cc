// The newest manifest is the store. There is no log to replay; the marker may lag behind, and tells
// only that nothing newer was lost.
#include "storage/store_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace stave {
namespace {

constexpr std::string_view kManifestSuffix = ".manifest";

std::string number_text(std::uint64_t snapshot) {
  return fmt::format("{:012}", snapshot);
}

}  // namespace

Result<std::string> read_whole(const FileSystem& files, const std::string& path) {
  const auto file = files.open(path);
  if (!file) {
    return pass(file);
  }
  std::string text((*file)->size(), '\0');
  if (auto read = (*file)->read(0, std::as_writable_bytes(std::span(text))); !read) {
    return pass(read);
  }
  return text;
}

std::string manifest_path(std::uint64_t snapshot) {
  return fmt::format("{}/{}{}", kSnapshotsFolder, number_text(snapshot), kManifestSuffix);
}

std::optional<std::uint64_t> snapshot_of_file_name(std::string_view name) {
  if (!name.ends_with(kManifestSuffix)) {
    return std::nullopt;
  }
  name.remove_suffix(kManifestSuffix.size());
  std::uint64_t number = 0;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (fault != std::errc() || end != name.data() + name.size()) {
    return std::nullopt;
  }
  // One name for each number: `13.manifest` and one with more zeros than are written are strays.
  return name == number_text(number) ? std::optional(number) : std::nullopt;
}

Result<std::vector<std::uint64_t>> list_snapshots(const FileSystem& files) {
  const auto names = files.list(kSnapshotsFolder);
  if (!names) {
    return pass(names);
  }
  std::vector<std::uint64_t> snapshots;
  for (const std::string& name : *names) {
    if (const auto snapshot = snapshot_of_file_name(name)) {
      snapshots.push_back(*snapshot);
    }
  }
  std::ranges::sort(snapshots);
  return snapshots;
}

Result<Manifest> read_manifest(const FileSystem& files, std::uint64_t snapshot) {
  const std::string path = manifest_path(snapshot);
  const auto bytes = read_whole(files, path);
  if (!bytes) {
    return pass(bytes);
  }
  auto manifest = decode_manifest(*bytes, files.root() + "/" + path);
  if (manifest && manifest->snapshot != snapshot) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A manifest is not the one its name says: snapshot {} in {}/{}. Run "
                            "`stave verify`.",
                            manifest->snapshot, files.root(), path));
  }
  return manifest;
}

Result<std::uint64_t> find_last_snapshot(const FileSystem& files) {
  // The marker first: a commit in between makes the list longer, never shorter.
  const auto witnessed = read_marker(files);
  if (!witnessed) {
    return pass(witnessed);
  }
  const auto snapshots = list_snapshots(files);
  if (!snapshots && snapshots.error().code != ErrorCode::kNotFound) {
    return pass(snapshots);
  }
  const bool has_none = !snapshots || snapshots->empty();
  if (has_none && *witnessed == 0) {
    return fail(
        ErrorCode::kDamaged,
        fmt::format("A store has no manifest: {}/{} is missing or empty. If `stave init` was "
                    "interrupted, run it again.",
                    files.root(), kSnapshotsFolder));
  }
  if (has_none || snapshots->back() < *witnessed) {
    return fail(ErrorCode::kDamaged,
                fmt::format("Snapshot {} was committed, and its manifest is missing: {}/{}; {}. "
                            "Put that file back, or run `stave repair`.",
                            *witnessed, files.root(), manifest_path(*witnessed),
                            has_none ? std::string("no other is there")
                                     : fmt::format("the newest there is {}", snapshots->back())));
  }
  return snapshots->back();
}

Result<Manifest> read_last_manifest(const FileSystem& files) {
  const auto snapshot = find_last_snapshot(files);
  if (!snapshot) {
    return pass(snapshot);
  }
  return read_manifest(files, *snapshot);
}

Result<void> write_durably(FileSystem& files, const std::string& path, std::string_view text) {
  return write_durably(files, path, std::span(&text, 1));
}

Result<void> write_durably(FileSystem& files, const std::string& path,
                           std::span<const std::string_view> pieces) {
  const auto file = files.create(path);
  if (!file) {
    return pass(file);
  }
  for (const std::string_view piece : pieces) {
    if (auto put = (*file)->append(std::as_bytes(std::span(piece))); !put) {
      return put;
    }
  }
  return (*file)->sync();
}

Result<void> remove_leftover(FileSystem& files, const std::string& path) {
  const auto left = files.exists(path);
  return left && *left ? files.remove(path) : Result<void>();
}

Result<void> write_anew(FileSystem& files, const std::string& path, std::string_view text) {
  return write_anew(files, path, std::span(&text, 1));
}

Result<void> write_anew(FileSystem& files, const std::string& path,
                        std::span<const std::string_view> pieces) {
  const auto left = files.exists(path);
  if (!left) {
    return pass(left);
  }
  if (*left) {
    if (auto removed = files.remove(path); !removed) {
      return removed;
    }
  }
  return write_durably(files, path, pieces);
}

Result<void> replace_durably(FileSystem& files, const std::string& folder, const std::string& path,
                             std::string_view text) {
  const std::string unfinished = path + kUnfinishedSuffix;
  auto done = write_anew(files, unfinished, text);
  if (done) {
    done = files.sync_folder(folder);
  }
  if (done) {
    done = files.rename(unfinished, path);
  }
  if (done) {
    done = files.sync_folder(folder);
  }
  return done ? files.sync_folder("") : done;
}

Result<void> commit_manifest(FileSystem& files, const Manifest& manifest, bool& is_renamed) {
  is_renamed = false;
  const std::string unfinished = manifest_path(manifest.snapshot) + kUnfinishedSuffix;
  if (auto removed = remove_leftover(files, unfinished); !removed) {
    return removed;
  }
  auto written = write_durably(files, unfinished, encode_manifest(manifest));
  if (written) {
    written = publish_manifest(files, manifest.snapshot, is_renamed);
  }
  if (!written && !is_renamed) {
    // What is left over does no harm and is removed by the next writer.
    [[maybe_unused]] const auto removed = files.remove(unfinished);
  }
  return written;
}

Result<void> publish_manifest(FileSystem& files, std::uint64_t snapshot, bool& is_renamed) {
  const std::string path = manifest_path(snapshot);
  if (auto renamed = files.rename(path + kUnfinishedSuffix, path); !renamed) {
    return renamed;
  }
  is_renamed = true;
  return files.sync_folder(kSnapshotsFolder);
}

std::int64_t current_microseconds() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace stave
