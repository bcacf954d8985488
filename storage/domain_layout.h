// Where the parts of a key domain segment lie. Bytes: format-spec/key-domain.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "stave/result.h"
#include "storage/dictionary.h"

namespace stave {

// Written to disk; numbers are never reused.
enum class DomainIndexKind : std::uint8_t {
  kHash = 1,    // slots by hash, see domain_hash.h
  kDirect = 2,  // slot value - minimum holds position + 1: integers that lie close together
};

struct DomainLayout {
  static constexpr std::uint64_t kFooterBytes = 72;

  DictionaryKind kind = DictionaryKind::kEmpty;
  DomainIndexKind index_kind = DomainIndexKind::kHash;
  std::uint8_t position_bits = 0;  // hash index
  std::uint8_t offset_bytes = 0;   // strings: 4 or 8
  std::uint32_t first_code = 0;
  std::uint32_t count = 0;
  std::uint64_t slots = 0;
  std::int64_t minimum = 0;      // direct index
  std::uint64_t text_bytes = 0;  // strings

  // Offsets from the start of the file; each part begins at a multiple of 8.
  std::uint64_t values_at() const;  // i64 values, or the offsets of strings
  std::uint64_t text_at() const;
  std::uint64_t index_at() const;
  std::uint64_t body_bytes() const;  // all that chunks cover
  std::uint64_t file_bytes() const;
};

// The footer, its checksum still zero.
std::string encode_domain_footer(const DomainLayout& layout);
// `footer` is the last 72 bytes of a file of `file_bytes` bytes, checksum and version tested.
// Everything but the values themselves is validated: parts fit the file, kinds and widths are
// known.
Result<DomainLayout> decode_domain_footer(std::string_view footer, std::uint64_t file_bytes,
                                          std::string_view origin);

}  // namespace stave
