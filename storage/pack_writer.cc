// Written with one call: a pack takes no more of the file system than a column file did, and lies
// in the page cache in pages as large as the system has, which readers map with a fault for each.
#include "storage/pack_writer.h"

#include "storage/checksum.h"
#include "storage/segment_files.h"
#include "storage/type_text.h"

namespace stave {

std::uint64_t bytes_of(const SegmentState& segment) {
  std::uint64_t bytes = 0;
  for_each_file(segment, [&](const FileReference& file) { bytes += file.size; });
  return bytes;
}

std::string pack_folder(const std::string& table) {
  return table + "/packs";
}

std::string pack_stem(std::int32_t day) {
  return day == kNoDay ? "no-day" : date_text(day);
}

void PackWriter::add(std::string_view bytes, FileReference& file) {
  file.path = path_;
  file.is_packed = true;
  file.offset = bytes_.size();
  bytes_ += bytes;
}

Result<void> PackWriter::finish() {
  if (bytes_.empty()) {
    return {};
  }
  auto file = transaction_.files().create(path_);
  if (!file) {
    return pass(file);
  }
  if (auto written = (*file)->append(std::as_bytes(std::span<const char>(bytes_))); !written) {
    return written;
  }
  (*file)->start_writeback();
  transaction_.wrote_pack({path_, bytes_.size(), checksum_of(bytes_)});
  std::string().swap(bytes_);
  return {};
}

}  // namespace stave
