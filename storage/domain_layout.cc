// All sizes follow from the footer's few numbers, which are bounded first, so that none overflows.
#include "storage/domain_layout.h"

#include <fmt/format.h>

#include "storage/bytes.h"
#include "storage/chunk_verifier.h"
#include "storage/file_header.h"

namespace stave {
namespace {

constexpr std::uint64_t kLargestPart = std::uint64_t{1} << 48;

std::uint64_t padded(std::uint64_t bytes) {
  return (bytes + 7) / 8 * 8;
}

bool is_sound(const DomainLayout& layout) {
  const bool is_hash = layout.index_kind == DomainIndexKind::kHash;
  const bool is_text = layout.kind == DictionaryKind::kString;
  const bool kinds_known = is_hash || (layout.index_kind == DomainIndexKind::kDirect && !is_text);
  const bool widths_fit = is_text
                              ? layout.offset_bytes == 4 || layout.offset_bytes == 8
                              : layout.kind == DictionaryKind::kInt64 && layout.offset_bytes == 0;
  // A hash index has an empty slot, at which probing ends.
  const bool index_fits = is_hash ? layout.position_bits <= 32 && layout.slots > layout.count &&
                                        layout.minimum == 0 &&
                                        (std::uint64_t{layout.count} >> layout.position_bits) == 0
                                  : layout.position_bits == 0 && layout.slots >= layout.count;
  return kinds_known && widths_fit && index_fits && layout.count > 0 && layout.first_code > 0 &&
         layout.slots < kLargestPart && layout.text_bytes < kLargestPart &&
         (is_text || layout.text_bytes == 0);
}

}  // namespace

std::uint64_t DomainLayout::values_at() const {
  return kMagicBytes;
}

std::uint64_t DomainLayout::text_at() const {
  const bool is_text = kind == DictionaryKind::kString;
  const std::uint64_t bytes =
      is_text ? (std::uint64_t{count} + 1) * offset_bytes : std::uint64_t{count} * 8;
  return values_at() + padded(bytes);
}

std::uint64_t DomainLayout::index_at() const {
  return text_at() + padded(text_bytes);
}

std::uint64_t DomainLayout::body_bytes() const {
  return index_at() + padded(slots * 4);
}

std::uint64_t DomainLayout::file_bytes() const {
  return body_bytes() + ChunkVerifier::chunks_of(body_bytes()) * 8 + kFooterBytes;
}

std::string encode_domain_footer(const DomainLayout& layout) {
  std::string bytes = new_file_header(kDomainMagic);
  ByteWriter out(bytes);
  out.write_u8(static_cast<std::uint8_t>(layout.kind));
  out.write_u8(static_cast<std::uint8_t>(layout.index_kind));
  out.write_u8(layout.position_bits);
  out.write_u8(layout.offset_bytes);
  out.write_u32(layout.first_code);
  out.write_u32(layout.count);
  out.write_u32(0);
  out.write_u64(layout.slots);
  out.write_i64(layout.minimum);
  out.write_u64(layout.text_bytes);
  return bytes;
}

Result<DomainLayout> decode_domain_footer(std::string_view footer, std::uint64_t file_bytes,
                                          std::string_view origin) {
  ByteReader in(footer.substr(kFileHeaderBytes));
  DomainLayout layout;
  layout.kind = static_cast<DictionaryKind>(in.read_u8());
  layout.index_kind = static_cast<DomainIndexKind>(in.read_u8());
  layout.position_bits = in.read_u8();
  layout.offset_bytes = in.read_u8();
  layout.first_code = in.read_u32();
  layout.count = in.read_u32();
  const std::uint32_t zero = in.read_u32();
  layout.slots = in.read_u64();
  layout.minimum = in.read_i64();
  layout.text_bytes = in.read_u64();
  if (!in.finished() || zero != 0 || !is_sound(layout) || layout.file_bytes() != file_bytes) {
    return fail(
        ErrorCode::kDamaged,
        fmt::format("The footer of a key domain contradicts itself: {} values, {} slots, {} "
                    "bytes of text, {} bytes in the file ({}). Run `stave verify`.",
                    layout.count, layout.slots, layout.text_bytes, file_bytes, origin));
  }
  return layout;
}

}  // namespace stave
