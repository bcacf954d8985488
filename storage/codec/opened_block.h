// What every way of reading a block begins with: its bytes decompressed, its kind's vector, its
// nulls. Bytes: format-spec/block.md.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "storage/codec/block.h"
#include "storage/codec/codec.h"
#include "storage/codec/selection.h"

namespace stave {

inline Failure block_damaged(const std::string& problem) {
  return fail(ErrorCode::kDamaged, "A block does not decode. " + problem);
}

inline Failure too_many_rows(std::uint32_t rows) {
  return block_damaged("It would have " + std::to_string(rows) + " rows; the most is " +
                       std::to_string(kBlockRows) + ".");
}

// Calls `use` with the vector of the kind.
template <typename Use>
bool with_vector(DecodedBlock& block, Use use) {
  switch (block.physical) {
    case Physical::kCode:
      return use(block.codes);
    case Physical::kInt64:
      return use(block.int64s);
    case Physical::kInt128:
      return use(block.int128s);
    case Physical::kFloat64:
      return use(block.float64s);
    case Physical::kString:
      return use(block.strings);
  }
  return false;
}

// Sets the bits of the rows that are not null.
inline void mark_valid(std::span<const std::uint32_t> nulls, std::uint32_t rows,
                       std::uint64_t* valid) {
  fill_bits(valid, rows, true);
  for (const std::uint32_t null : nulls) valid[null / 64] &= ~(std::uint64_t{1} << null % 64);
}

inline void set_validity(std::span<const std::uint32_t> nulls, std::uint32_t rows,
                         std::vector<std::uint64_t>& validity) {
  validity.resize(words_of(rows));
  mark_valid(nulls, rows, validity.data());
  if (rows % 64 != 0) validity.back() &= (std::uint64_t{1} << rows % 64) - 1;
}

// The first `stored` values move to the rows that hold one; zero under a null.
template <typename T>
void spread_over_valid(std::size_t stored, const DecodedBlock& block, std::vector<T>& values) {
  for (std::size_t row = block.rows, next = stored; next < row && row-- > 0;) {
    const bool valid = is_valid(block.validity, static_cast<std::uint32_t>(row));
    values[row] = valid ? values[--next] : T{};
  }
}

// Where a block of `rows` rows has nulls. The prediction becomes that of the others, and the
// decoder knows it from here on: it must live as long.
std::optional<std::span<const std::uint32_t>> read_nulls(NodeDecoder& decoder, std::uint32_t rows,
                                                         Physical physical, Prediction& prediction);

// Calls `read` with a decoder of what is inside, decompressed; not where there are no rows.
template <typename Read>
Result<void> open_block(std::span<const std::byte> block, std::uint32_t rows, Arena& arena,
                        const Read& read) {
  ByteReader outer(block);
  const std::uint8_t compression = outer.read_u8();
  if (!outer.ok() || !is_compression(compression)) {
    return block_damaged("Its compression is unknown.");
  }
  std::span<const std::byte> body = block.subspan(1);
  const bool compressed = compression != static_cast<std::uint8_t>(Compression::kNone);
  if (compressed) {
    const std::uint64_t size = outer.read_varint();
    const auto inside = outer.read_bytes(outer.remaining());
    const auto whole = outer.ok()
                           ? decompress(static_cast<Compression>(compression), inside, size, arena)
                           : std::nullopt;
    if (!whole) {
      return block_damaged("It does not decompress.");
    }
    body = *whole;
  }
  ByteReader in(body);
  if (rows == 0) {
    return in.finished() ? Result<void>() : block_damaged("Bytes are left over.");
  }
  NodeDecoder decoder(in, arena, compressed);
  if (!read(decoder)) {
    return block_damaged(decoder.problem());
  }
  return {};
}

}  // namespace stave
