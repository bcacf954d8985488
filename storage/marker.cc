// Written beside its place and renamed into it: at every moment there is one whole marker.
#include "storage/marker.h"

#include <fmt/format.h>

#include <charconv>

#include "storage/checksum.h"
#include "storage/store_folder.h"

namespace stave {

std::string marker_text(std::uint64_t snapshot) {
  const std::string text = fmt::format("{}snapshot {}\n", kMarkerHead, snapshot);
  return fmt::format("{}check {:016x}\n", text, checksum_of(text));
}

Result<std::uint64_t> decode_marker(std::string_view text, const std::string& origin) {
  constexpr std::string_view kField = "snapshot ";
  std::uint64_t snapshot = 0;
  if (text.starts_with(kMarkerHead) && text.substr(kMarkerHead.size()).starts_with(kField)) {
    const std::string_view number = text.substr(kMarkerHead.size() + kField.size());
    std::from_chars(number.data(), number.data() + number.size(), snapshot);
  }
  // Equal to the one text for that number, or no marker: nothing else needs to be looked at.
  if (text != marker_text(snapshot)) {
    return fail(ErrorCode::kDamaged,
                fmt::format("The marker of a store is damaged: {} bytes that do not fit their "
                            "checksum ({}). Run `stave repair`, which writes it anew.",
                            text.size(), origin));
  }
  return snapshot;
}

Result<std::uint64_t> read_marker(const FileSystem& files) {
  const auto text = read_whole(files, kMarkerPath);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    if (const auto snapshots = list_snapshots(files); snapshots && !snapshots->empty()) {
      return fail(ErrorCode::kDamaged,
                  fmt::format("A store has lost its marker: {} has snapshots and no file {}. Run "
                              "`stave repair`, which writes it anew.",
                              files.root(), kMarkerPath));
    }
    return fail(
        ErrorCode::kNotFound,
        fmt::format("This folder is not a Stave store: {} has no file {}. Make a store with "
                    "`stave init`, or check the path.",
                    files.root(), kMarkerPath));
  }
  if (!text) {
    return pass(text);
  }
  return decode_marker(*text, files.root() + "/" + kMarkerPath);
}

Result<void> write_marker(FileSystem& files, std::uint64_t snapshot) {
  const std::string unfinished = kMarkerPath + kUnfinishedSuffix;
  if (auto removed = remove_leftover(files, unfinished); !removed) {
    return removed;
  }
  auto written = write_durably(files, unfinished, marker_text(snapshot));
  if (!written) {
    [[maybe_unused]] const auto removed = files.remove(unfinished);
    return written;
  }
  if (auto published = publish_marker(files); !published) {
    return published;
  }
  return files.sync_folder("");
}

Result<void> publish_marker(FileSystem& files) {
  const std::string unfinished = kMarkerPath + kUnfinishedSuffix;
  auto renamed = files.rename(unfinished, kMarkerPath);
  if (!renamed) {
    [[maybe_unused]] const auto removed = files.remove(unfinished);
  }
  return renamed;
}

}  // namespace stave
