// Reads one column file by its path, without a store around it.
#include "storage/inspect_column.h"
#include "storage/block_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <filesystem>

#include "storage/column_file.h"
#include "storage/column_footer.h"

namespace stave {
namespace {

std::string range_text(const BlockSummary& block, Physical physical) {
  if (!block.has_range) {
    return "no range";
  }
  return physical == Physical::kFloat64 ? fmt::format("{} .. {}", std::bit_cast<double>(block.min),
                                                      std::bit_cast<double>(block.max))
                                        : fmt::format("{} .. {}", block.min, block.max);
}

// Names the kind that a reader must be opened with.
Result<ColumnHeader> header_in(const ReadableFile& file, const std::string& name) {
  std::array<std::byte, kColumnHeaderBytes> header{};
  if (auto read = file.read(0, header); !read) {
    return pass(read);
  }
  return decode_column_header(header, name);
}

// The checksum that the trailer states: there is no manifest to ask.
Result<std::uint64_t> checksum_in(const ReadableFile& file, const std::string& name) {
  std::array<std::byte, kColumnTrailerBytes> trailer{};
  const std::uint64_t size = file.size();
  if (auto read = file.read(size - std::min<std::uint64_t>(size, trailer.size()), trailer); !read) {
    return pass(read);
  }
  const auto place = decode_column_trailer(trailer, size, name);
  if (!place) {
    return pass(place);
  }
  return place->checksum;
}

}  // namespace

std::string_view name_of(Physical physical) {
  switch (physical) {
    case Physical::kCode:
      return "code";
    case Physical::kInt64:
      return "i64";
    case Physical::kInt128:
      return "i128";
    case Physical::kFloat64:
      return "f64";
    case Physical::kString:
      return "string";
  }
  return "unknown";
}

Result<std::string> inspect_column_file(const std::string& path) {
  const std::filesystem::path whole(path);
  const std::string folder = whole.has_parent_path() ? whole.parent_path().string() : ".";
  const std::string name = whole.filename().string();
  const auto files = posix_file_system(folder);
  if (!files) {
    return pass(files);
  }
  const auto file = (*files)->open(name);
  if (!file) {
    return pass(file);
  }
  const auto header = header_in(**file, name);
  if (!header) {
    return pass(header);
  }
  const Physical physical = header->physical;
  const std::uint64_t size = (*file)->size();
  const auto checksum = checksum_in(**file, name);
  if (!checksum) {
    return pass(checksum);
  }
  const auto reader =
      ColumnFileReader::open(**files, FileReference{name, size, *checksum}, physical);
  if (!reader) {
    return pass(reader);
  }
  std::string text = fmt::format(
      "column file, format version {}, physical kind {} ({})\n{} bytes, {} rows, {} blocks\n",
      kFormatVersion, static_cast<int>(physical), name_of(physical), size, (*reader)->rows(),
      (*reader)->blocks().size());
  DecodedBlock decoded;
  for (std::uint32_t i = 0; i < (*reader)->blocks().size(); ++i) {
    const BlockSummary& block = (*reader)->blocks()[i];
    const auto read = (*reader)->read_block(i, decoded);
    text += fmt::format(
        "block {}: offset {}, size {}, rows {}, nulls {}, {}, codecs {}, checksum {:016x} {}\n", i,
        block.offset, block.size, block.rows, block.nulls, range_text(block, physical),
        codecs_text(block), block.checksum, read ? "ok" : "bad: " + read.error().message);
  }
  if (header->has_code_filter) {
    const auto sound = (*reader)->verify_code_filter();
    text += fmt::format("code filter: {}\n", sound ? "ok" : "bad: " + sound.error().message);
  }
  return text;
}

}  // namespace stave
