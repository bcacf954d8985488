// The file `STAVE`, which makes a folder a store and says which snapshot it has at least.
// Page: format-spec/store-folder.md. Invariant: the snapshot it names was durable before the marker
// named it, so a store whose newest manifest is older has lost one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stave/result.h"
#include "storage/file_system.h"

namespace stave {

inline const std::string kMarkerPath = "STAVE";
inline constexpr std::string_view kMarkerHead = "Stave store\n";

std::string marker_text(std::uint64_t snapshot);
// kDamaged where the text is not one that `marker_text` gives. `origin` names the file.
Result<std::uint64_t> decode_marker(std::string_view text, const std::string& origin);

// kNotFound where the folder is no store, kDamaged where it has snapshots all the same.
Result<std::uint64_t> read_marker(const FileSystem& files);
// Replaces the marker as a whole; durable once this returns. Only under the writer's lock.
Result<void> write_marker(FileSystem& files, std::uint64_t snapshot);
// The last step of it, for one that lies beside its place and is durable. Until the folder is
// durable too a power cut may bring back the one before, which is as true.
Result<void> publish_marker(FileSystem& files);

}  // namespace stave
