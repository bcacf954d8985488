// Each column is folded into the hash of those before it, so their order counts.
#include "tools/import/row_hash.h"

#include <xxhash.h>

#include <bit>

namespace stave::loading {

namespace {

// Nothing else is hashed with this seed.
constexpr std::uint64_t kNullSeed = 1;

bool is_null(const ColumnValues& values, std::size_t row) {
  if (values.physical == Physical::kCode) return values.codes[row] == 0;
  return !values.validity.empty() && (values.validity[row / 64] >> (row % 64) & 1) == 0;
}

}  // namespace

void RowHashes::start(std::size_t rows) {
  hashes_.assign(rows, {});
  has_value_.assign(rows, 0);
}

void RowHashes::add_null(std::size_t row) {
  RowHash& hash = hashes_[row];
  const XXH128_hash_t folded = XXH3_128bits_withSeed(&hash, sizeof(hash), kNullSeed);
  hash = {folded.low64, folded.high64};
}

void RowHashes::add_words(std::size_t row, std::uint64_t first, std::uint64_t second) {
  RowHash& hash = hashes_[row];
  const std::uint64_t words[] = {hash.low, hash.high, first, second};
  const XXH128_hash_t folded = XXH3_128bits(words, sizeof(words));
  hash = {folded.low64, folded.high64};
  has_value_[row] = 1;
}

void RowHashes::add_nulls() {
  for (std::size_t row = 0; row < hashes_.size(); ++row) add_null(row);
}

void RowHashes::add(const ColumnValues& values) {
  for (std::size_t row = 0; row < hashes_.size(); ++row) {
    if (is_null(values, row)) {
      add_null(row);
      continue;
    }
    switch (values.physical) {
      case Physical::kCode:
        add_words(row, values.codes[row], 0);
        break;
      case Physical::kInt64:
        add_words(row, static_cast<std::uint64_t>(values.int64s[row]), 0);
        break;
      case Physical::kInt128: {
        const Int128 value = values.int128s[row];
        add_words(row, static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(value >> 64));
        break;
      }
      case Physical::kFloat64: {
        const double value = values.float64s[row];
        // Minus zero equals zero.
        add_words(row, value == 0 ? 0 : std::bit_cast<std::uint64_t>(value), 0);
        break;
      }
      case Physical::kString: {
        const XXH128_hash_t text =
            XXH3_128bits(values.strings[row].data(), values.strings[row].size());
        add_words(row, text.low64, text.high64);
        break;
      }
    }
  }
}

}  // namespace stave::loading
