// Bytes: format-spec/column-file.md. Checksums are tested before anything that they cover is read.
#include "storage/column_footer.h"

#include <algorithm>
#include <string_view>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/codec/codec.h"
#include "storage/manifest.h"

namespace stave {
namespace {

constexpr std::string_view kHeaderMagic = "STAVECOL";
constexpr std::string_view kTrailerMagic = "COLSTAVE";
// Features that a reader must know to read the file.
constexpr std::uint64_t kHasCodeFilter = 1;
constexpr std::uint64_t kKnownFeatures = kHasCodeFilter;
constexpr std::uint8_t kHasRange = 1;
// An entry is never shorter: size, rows, nulls, flags, checksum, compression, chain length.
constexpr std::uint64_t kMinEntryBytes = 14;

Failure damaged(const ColumnFileOrigin& origin, std::string_view problem) {
  return fail(ErrorCode::kDamaged, "A column file is damaged: " + std::string(problem) + " (" +
                                       origin.text() + "). Run `stave verify`.");
}

bool is_physical(std::uint8_t id) {
  return id >= static_cast<std::uint8_t>(Physical::kCode) &&
         id <= static_cast<std::uint8_t>(Physical::kString);
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void read_range(ByteReader& in, Physical physical, BlockSummary& block) {
  if (physical == Physical::kFloat64) {
    block.min = in.read_i64();
    block.max = in.read_i64();
    return;
  }
  block.min = in.read_signed_varint();
  const std::uint64_t spread = in.read_varint();
  block.max = static_cast<std::int64_t>(static_cast<std::uint64_t>(block.min) + spread);
  if (block.max < block.min) {
    in.fail();
  }
}

BlockSummary read_block_entry(ByteReader& in, Physical physical) {
  BlockSummary block;
  block.size = in.read_varint32();
  block.rows = in.read_varint32();
  block.nulls = in.read_varint32();
  const std::uint8_t flags = in.read_u8();
  block.has_range = (flags & kHasRange) != 0;
  if (block.has_range) {
    read_range(in, physical, block);
  }
  block.checksum = in.read_u64();
  block.compression = in.read_u8();
  block.codecs = in.read_text();
  if (!is_compression(block.compression) || flags > kHasRange || block.nulls > block.rows) {
    in.fail();
  }
  block.is_predicted = std::ranges::any_of(block.codecs, [](char id) {
    return id == static_cast<char>(CodecId::kPredicted) ||
           id == static_cast<char>(CodecId::kRanked);
  });
  return block;
}

}  // namespace

std::string encode_column_header(ColumnHeader header) {
  std::string bytes(kHeaderMagic);
  ByteWriter writer(bytes);
  writer.write_u16(kFormatVersion);
  writer.write_u8(static_cast<std::uint8_t>(header.physical));
  writer.write_u8(0);
  writer.write_u32(0);
  writer.write_u64(header.has_code_filter ? kHasCodeFilter : 0);
  writer.write_u64(checksum_of(bytes));
  return bytes;
}

Result<ColumnHeader> decode_column_header(std::span<const std::byte> header,
                                          const ColumnFileOrigin& origin) {
  ByteReader in(header);
  if (text_of(in.read_bytes(kHeaderMagic.size())) != kHeaderMagic) {
    return damaged(origin, "it does not begin as one");
  }
  const std::uint16_t version = in.read_u16();
  const std::uint8_t physical = in.read_u8();
  const bool zeros = in.read_u8() == 0 && in.read_u32() == 0;
  const std::uint64_t features = in.read_u64();
  const auto covered = header.first(in.position());
  if (in.read_u64() != checksum_of(covered) || !in.finished()) {
    return damaged(origin, "its header fails its checksum");
  }
  if (version > kFormatVersion || (features & ~kKnownFeatures) != 0) {
    return fail(ErrorCode::kNewerFormat,
                "A column file was written by a later Stave: format version " +
                    std::to_string(version) + ", features " + std::to_string(features) +
                    "; this one reads up to version " + std::to_string(kFormatVersion) +
                    ", features " + std::to_string(kKnownFeatures) + " (" + origin.text() +
                    "). Read it with that version.");
  }
  const ColumnHeader decoded{static_cast<Physical>(physical), (features & kHasCodeFilter) != 0};
  if (version == 0 || !zeros || !is_physical(physical) ||
      (decoded.has_code_filter && decoded.physical != Physical::kCode)) {
    return damaged(origin, "its header is not possible");
  }
  return decoded;
}

void append_block_entry(const BlockSummary& block, Physical physical, const BlockCodecs& codecs,
                        std::string& out) {
  ByteWriter writer(out);
  writer.write_varint(block.size);
  writer.write_varint(block.rows);
  writer.write_varint(block.nulls);
  writer.write_u8(block.has_range ? kHasRange : 0);
  if (block.has_range && physical == Physical::kFloat64) {
    writer.write_i64(block.min);
    writer.write_i64(block.max);
  } else if (block.has_range) {
    writer.write_signed_varint(block.min);
    writer.write_varint(static_cast<std::uint64_t>(block.max) -
                        static_cast<std::uint64_t>(block.min));
  }
  writer.write_u64(block.checksum);
  writer.write_u8(static_cast<std::uint8_t>(codecs.compression));
  writer.write_text(codecs.chain);
}

std::string encode_column_footer(std::uint64_t rows, std::uint64_t blocks,
                                 const std::string& entries, const CodeFilterPlace* code_filter) {
  std::string footer;
  ByteWriter writer(footer);
  writer.write_varint(rows);
  writer.write_varint(blocks);
  writer.write_bytes(entries);
  if (code_filter != nullptr) {
    writer.write_varint(code_filter->buckets);
    writer.write_u64(code_filter->checksum);
  }
  writer.write_u64(footer.size());
  writer.write_u64(checksum_of(footer));
  writer.write_bytes(kTrailerMagic);
  return footer;
}

Result<FooterPlace> decode_column_trailer(std::span<const std::byte> trailer,
                                          std::uint64_t file_size, const ColumnFileOrigin& origin) {
  ByteReader in(trailer);
  const std::uint64_t size = in.read_u64();
  const std::uint64_t checksum = in.read_u64();
  if (text_of(in.read_bytes(kTrailerMagic.size())) != kTrailerMagic || !in.finished()) {
    return damaged(origin, "it does not end as one");
  }
  if (file_size < kColumnHeaderBytes + kColumnTrailerBytes ||
      size > file_size - kColumnHeaderBytes - kColumnTrailerBytes) {
    return damaged(origin, "its footer is longer than the file");
  }
  return FooterPlace{file_size - kColumnTrailerBytes - size, size, checksum};
}

Result<ColumnFooter> decode_column_footer(std::span<const std::byte> footer, FooterPlace place,
                                          ColumnHeader header, const ColumnFileOrigin& origin) {
  const std::size_t size = static_cast<std::size_t>(place.size);
  if (place.checksum != checksum_of(footer.first(size + sizeof(std::uint64_t)))) {
    return damaged(origin, "its footer fails its checksum");
  }
  ByteReader in(footer.first(size));
  ColumnFooter decoded;
  decoded.rows = in.read_varint();
  const std::uint64_t count = in.read_varint();
  if (!in.ok() || count > in.remaining() / kMinEntryBytes ||
      count != decoded.rows / kBlockRows + (decoded.rows % kBlockRows != 0 ? 1 : 0)) {
    return damaged(origin, "its footer has an impossible number of blocks");
  }
  decoded.blocks.reserve(static_cast<std::size_t>(count));
  std::uint64_t offset = kColumnHeaderBytes;
  std::uint64_t rows_left = decoded.rows;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    BlockSummary block = read_block_entry(in, header.physical);
    block.offset = offset;
    offset += block.size;
    const std::uint64_t rows = std::min<std::uint64_t>(rows_left, kBlockRows);
    if (!in.ok() || block.rows != rows || offset > place.offset) {
      return damaged(origin, "its directory entry " + std::to_string(i) + " is not possible");
    }
    rows_left -= rows;
    decoded.blocks.push_back(std::move(block));
  }
  if (header.has_code_filter) {
    CodeFilterPlace& filter = decoded.code_filter;
    filter.offset = offset;
    filter.blocks = static_cast<std::uint32_t>(count);
    filter.buckets = in.read_varint32();
    filter.checksum = in.read_u64();
    if (filter.buckets > kMostFilterBuckets ||
        kMostFilterBuckets % std::max(filter.buckets, 1U) != 0) {
      return damaged(origin, "its code filter is not possible");
    }
    offset += code_filter_bytes(filter.buckets, filter.blocks);
  }
  if (!in.finished() || offset != place.offset) {
    return damaged(origin, "its blocks do not fill it");
  }
  return decoded;
}

}  // namespace stave
