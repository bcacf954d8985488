// See row_hash.h. Integers, dates and decimals hash as 128-bit integers, codes as their values.
#include "engine/spill/row_hash.h"

#include <xxhash.h>

#include <cmath>
#include <limits>
#include <string_view>

#include "engine/runtime/vector_buffer.h"
#include "storage/int128.h"

namespace stave {

namespace {

constexpr std::uint64_t kNullHash = 0x9E3779B97F4A7C15;

std::uint64_t hash_of(Int128 value, std::uint64_t seed) {
  return XXH3_64bits_withSeed(&value, sizeof(value), seed);
}

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

std::uint64_t hash_of(double value, std::uint64_t seed) {
  const double one_of_equals =
      std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : (value == 0 ? 0.0 : value);
  return XXH3_64bits_withSeed(&one_of_equals, sizeof(one_of_equals), seed);
}

std::uint64_t hash_of(const Vector& vector, std::uint32_t row, std::uint64_t seed) {
  if (is_null_at(vector, row)) {
    return seed ^ kNullHash;
  }
  switch (vector.representation) {
    case Representation::kCode: {
      const std::uint32_t code = vector.values<std::uint32_t>()[row];
      return vector.dictionary->kind() == DictionaryKind::kInt64
                 ? hash_of(Int128{vector.dictionary->int64_at(code)}, seed)
                 : hash_of(vector.dictionary->string_at(code), seed);
    }
    case Representation::kInt64:
      return hash_of(Int128{vector.values<std::int64_t>()[row]}, seed);
    case Representation::kInt128:
      return hash_of(vector.values<Int128>()[row], seed);
    case Representation::kFloat64:
      return hash_of(vector.values<double>()[row], seed);
    case Representation::kBool:
      return hash_of(Int128{vector.values<std::uint8_t>()[row]}, seed);
    case Representation::kString:
      return hash_of(vector.values<std::string_view>()[row], seed);
  }
  return seed;
}

}  // namespace

std::vector<std::uint64_t> row_hashes(std::span<const Vector> keys, std::uint32_t rows,
                                      std::uint64_t seed) {
  std::vector<std::uint64_t> hashes(rows, seed);
  for (const Vector& key : keys) {
    for (std::uint32_t row = 0; row < rows; ++row) {
      hashes[row] = hash_of(key, row, hashes[row]);
    }
  }
  return hashes;
}

}  // namespace stave
