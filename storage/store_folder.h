// The files of a store that are found by name: lock and manifests.
// Pages: format-spec/store-folder.md, format-spec/commit.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "storage/file_system.h"
#include "storage/manifest.h"
#include "storage/marker.h"

namespace stave {

inline const std::string kLockPath = "LOCK";
inline const std::string kSnapshotsFolder = "snapshots";
inline const std::string kTemporaryFolder = "temporary";
inline const std::string kUnfinishedSuffix = ".tmp";

// "snapshots/000000000012.manifest"
std::string manifest_path(std::uint64_t snapshot);
// The number in a manifest's file name ("000000000012.manifest"), or nothing.
std::optional<std::uint64_t> snapshot_of_file_name(std::string_view name);

// All bytes of a file.
Result<std::string> read_whole(const FileSystem& files, const std::string& path);
// Numbers of the snapshots there are, ascending.
Result<std::vector<std::uint64_t>> list_snapshots(const FileSystem& files);
Result<Manifest> read_manifest(const FileSystem& files, std::uint64_t snapshot);
// Number of the last commit. kNotFound where the folder is no store; kDamaged where its marker is,
// or says that there was a later one.
Result<std::uint64_t> find_last_snapshot(const FileSystem& files);
Result<Manifest> read_last_manifest(const FileSystem& files);

// Writes a file that must hold all of `text` once this returns, fsynced; not its folder.
Result<void> write_durably(FileSystem& files, const std::string& path, std::string_view text);
Result<void> write_durably(FileSystem& files, const std::string& path,
                           std::span<const std::string_view> pieces);

// Removes what a writer that was killed may have left of a file that lies beside its place.
Result<void> remove_leftover(FileSystem& files, const std::string& path);
// The same where a writer that was killed may have left a part of it.
Result<void> write_anew(FileSystem& files, const std::string& path, std::string_view text);
Result<void> write_anew(FileSystem& files, const std::string& path,
                        std::span<const std::string_view> pieces);
// Replaces a file of `folder` by one rename, with everything in the folder durable before and
// after.
Result<void> replace_durably(FileSystem& files, const std::string& folder, const std::string& path,
                             std::string_view text);

// The one commit point: the manifest is written beside its place, synced, renamed into it, and the
// folder synced. Everything that it names must be durable already. `is_renamed` says whether other
// processes may have seen it, also where the call fails.
Result<void> commit_manifest(FileSystem& files, const Manifest& manifest, bool& is_renamed);
// The second half of it, for a manifest that lies beside its place and is durable.
Result<void> publish_manifest(FileSystem& files, std::uint64_t snapshot, bool& is_renamed);

// Microseconds since 1970, UTC.
std::int64_t current_microseconds();

}  // namespace stave
