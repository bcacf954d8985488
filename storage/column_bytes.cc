// Every byte is under one of the checksums that are tested; nothing is decoded.
#include "storage/column_bytes.h"

#include <span>

#include "storage/checksum.h"
#include "storage/column_footer.h"

namespace stave {
namespace {

Result<void> check_bytes(std::span<const std::byte> bytes, const FileReference& reference) {
  const std::string origin = place_text(reference);
  if (bytes.size() != reference.size || bytes.size() < kColumnHeaderBytes + kColumnTrailerBytes) {
    return fail(ErrorCode::kDamaged, "A column file has another size than was written (" + origin +
                                         "). Run `stave verify`.");
  }
  const auto header = decode_column_header(bytes.first(kColumnHeaderBytes), origin);
  if (!header) {
    return pass(header);
  }
  const auto place = decode_column_trailer(bytes.last(kColumnTrailerBytes), bytes.size(), origin);
  if (!place) {
    return pass(place);
  }
  const auto footer = decode_column_footer(bytes.subspan(static_cast<std::size_t>(place->offset)),
                                           *place, *header, origin);
  if (!footer) {
    return pass(footer);
  }
  bool is_sound = place->checksum == reference.checksum;
  for (const BlockSummary& block : footer->blocks) {
    const auto part = bytes.subspan(static_cast<std::size_t>(block.offset), block.size);
    is_sound = is_sound && checksum_of(part) == block.checksum;
  }
  if (const CodeFilterPlace& filter = footer->code_filter; filter.buckets > 0) {
    const std::uint64_t size = code_filter_bytes(filter.buckets, filter.blocks);
    const auto part =
        bytes.subspan(static_cast<std::size_t>(filter.offset), static_cast<std::size_t>(size));
    is_sound = is_sound && checksum_of(part) == filter.checksum;
  }
  return is_sound ? Result<void>()
                  : fail(ErrorCode::kDamaged, "A part of a column file fails its checksum (" +
                                                  origin + "). Run `stave verify`.");
}

}  // namespace

Result<std::string> read_column_bytes(const FileSystem& files, const FileReference& reference,
                                      OpenPacks& packs) {
  const auto opened = packs.open(files, reference);
  if (!opened) {
    return pass(opened);
  }
  const ReadableFile& file = *opened->file;
  std::string bytes(static_cast<std::size_t>(file.size()), '\0');
  if (auto read = file.read(0, std::as_writable_bytes(std::span(bytes))); !read) {
    return pass(read);
  }
  if (auto sound = check_bytes(std::as_bytes(std::span<const char>(bytes)), reference); !sound) {
    return pass(sound);
  }
  return bytes;
}

}  // namespace stave
