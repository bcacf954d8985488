// Which blocks of a column file may hold a code, without reading them: a Bloom filter of each
// block, laid out so that what all of them say of one code lies together and is read with one call.
// Bytes: format-spec/code-filter.md. Invariant: a block that holds a code is never ruled out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace stave {

// Where the filters of a file lie, and what its footer says of them.
struct CodeFilterPlace {
  std::uint64_t offset = 0;   // in the file
  std::uint32_t buckets = 0;  // of each block; 0: no filter
  std::uint32_t blocks = 0;
  std::uint64_t checksum = 0;  // of all bytes
};

inline constexpr std::uint32_t kMostFilterBuckets = 96;

// Whether a column is worth it: of a domain so large that most blocks lack most codes, in a table
// that takes longer to search than a process to start.
bool pays_for_code_filter(std::uint64_t codes_of_domain, std::uint64_t rows_of_table);

// What the buckets of so many blocks take, checksums and all.
std::uint64_t code_filter_bytes(std::uint32_t buckets, std::uint64_t blocks);
// A row of buckets: those of all blocks for some codes, and their checksum.
std::uint64_t code_filter_row_bytes(std::uint64_t blocks);
std::uint64_t code_filter_row_offset(const CodeFilterPlace& place, std::uint32_t code);

// Sets `may_hold` for the blocks that the row of the code does not rule out; false where the row is
// damaged.
bool note_blocks_of(std::span<const std::byte> row, std::uint32_t code,
                    std::vector<bool>& may_hold);

class CodeFilterBuilder {
 public:
  void add_block(std::span<const std::uint32_t> codes);
  // The bytes of all rows of buckets, in as few buckets as leave half of the fullest block's bits
  // unset; says how many.
  std::string finish(std::uint32_t& buckets) const;

 private:
  std::vector<std::uint64_t> words_;  // by block, then bucket, each of kMostFilterBuckets
};

}  // namespace stave
