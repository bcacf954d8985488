// Only manifests say where column files lie; without one they are found by their headers, whose
// checksums tell them from what looks alike.
#include "storage/inspect_pack.h"
#include "storage/block_summary.h"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

#include "storage/checksum.h"
#include "storage/column_file.h"
#include "storage/column_footer.h"
#include "storage/inspect_column.h"
#include "storage/open_packs.h"
#include "storage/store_folder.h"

namespace stave {
namespace {

std::vector<std::size_t> find_headers(std::string_view bytes) {
  std::vector<std::size_t> found;
  const std::string magic = encode_column_header({Physical::kCode}).substr(0, 8);
  for (std::size_t at = bytes.find(magic); at != std::string_view::npos;
       at = bytes.find(magic, at + 1)) {
    const auto header = std::as_bytes(std::span(bytes.substr(at, kColumnHeaderBytes)));
    if (header.size() == kColumnHeaderBytes && decode_column_header(header, "")) {
      found.push_back(at);
    }
  }
  return found;
}

// One line of a column file that is `size` bytes from `offset` on.
Result<std::string> part_text(const FileSystem& files, const std::string& name,
                              std::string_view bytes, std::size_t offset, OpenPacks& packs) {
  const auto part = std::as_bytes(std::span(bytes));
  FileReference file{name, bytes.size()};
  file.is_packed = true;
  file.offset = offset;
  const std::string origin = place_text(file);
  const auto header = decode_column_header(part.first(kColumnHeaderBytes), origin);
  if (!header) {
    return pass(header);
  }
  if (part.size() < kColumnHeaderBytes + kColumnTrailerBytes) {
    return fail(ErrorCode::kDamaged,
                fmt::format("A column file ends in its header ({}). Run `stave "
                            "verify`.",
                            origin));
  }
  const auto place = decode_column_trailer(part.last(kColumnTrailerBytes), part.size(), origin);
  if (!place) {
    return pass(place);
  }
  file.checksum = place->checksum;
  const auto reader = ColumnFileReader::open(files, file, header->physical, packs);
  if (!reader) {
    return pass(reader);
  }
  const std::vector<BlockSummary>& blocks = (*reader)->blocks();
  return fmt::format("  {:>12}  {} bytes, {}, {} rows, {} blocks, checksum {:016x}, {}\n", offset,
                     bytes.size(), name_of(header->physical), (*reader)->rows(), blocks.size(),
                     file.checksum, blocks.empty() ? "" : codecs_text(blocks[0]));
}

}  // namespace

Result<std::string> inspect_pack(const std::string& path) {
  const std::filesystem::path whole(path);
  const std::string name = whole.filename().string();
  const auto files =
      posix_file_system(whole.has_parent_path() ? whole.parent_path().string() : ".");
  if (!files) {
    return pass(files);
  }
  const auto bytes = read_whole(**files, name);
  if (!bytes) {
    return pass(bytes);
  }
  const std::vector<std::size_t> begins = find_headers(*bytes);
  std::string text = fmt::format("pack of {} column files, {} bytes, checksum {:016x}\n",
                                 begins.size(), bytes->size(), checksum_of(*bytes));
  OpenPacks packs;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const std::size_t end = i + 1 < begins.size() ? begins[i + 1] : bytes->size();
    const auto part =
        part_text(**files, name, std::string_view(*bytes).substr(begins[i], end - begins[i]),
                  begins[i], packs);
    text += part ? *part : fmt::format("  {:>12}  bad: {}\n", begins[i], part.error().message);
  }
  return text;
}

}  // namespace stave
