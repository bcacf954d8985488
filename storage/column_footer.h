// The fixed parts of a column file: header, block directory, trailer.
// Bytes: format-spec/column-file.md. Invariant: what `decode` accepts is a directory whose blocks
// lie end to end after the header, all but the last with kBlockRows rows, and whose code filter,
// where there is one, fills the rest up to the footer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/code_filter.h"
#include "storage/codec/block.h"
#include "storage/column_file.h"
#include "storage/column_file_origin.h"

namespace stave {

inline constexpr std::size_t kColumnHeaderBytes = 32;
inline constexpr std::size_t kColumnTrailerBytes = 24;

struct ColumnHeader {
  Physical physical = Physical::kInt64;
  bool has_code_filter = false;
};

struct ColumnFooter {
  std::uint64_t rows = 0;
  std::vector<BlockSummary> blocks;
  CodeFilterPlace code_filter;
};

// Where the footer begins and how long it is, trailer aside, and the checksum that is stated for
// it. The footer holds those of all blocks, so the manifest names the file by this one.
struct FooterPlace {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t checksum = 0;
};

std::string encode_column_header(ColumnHeader header);
// Tests magic, checksum, version, features, in this order. `origin` names the file.
Result<ColumnHeader> decode_column_header(std::span<const std::byte> header,
                                          const ColumnFileOrigin& origin);

// One directory entry.
void append_block_entry(const BlockSummary& block, Physical physical, const BlockCodecs& codecs,
                        std::string& out);

// Footer and trailer around `entries`, the entries end to end. `code_filter`: of a file that has
// one.
std::string encode_column_footer(std::uint64_t rows, std::uint64_t blocks,
                                 const std::string& entries,
                                 const CodeFilterPlace* code_filter = nullptr);
// `trailer` is the last kColumnTrailerBytes of the file.
Result<FooterPlace> decode_column_trailer(std::span<const std::byte> trailer,
                                          std::uint64_t file_size, const ColumnFileOrigin& origin);
// `footer` is the footer with the trailer behind it.
Result<ColumnFooter> decode_column_footer(std::span<const std::byte> footer, FooterPlace place,
                                          ColumnHeader header, const ColumnFileOrigin& origin);

}  // namespace stave
