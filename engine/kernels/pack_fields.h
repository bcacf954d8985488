// Several narrow columns of one row in one word, so that one addition adds to the sums of all of
// them. Invariant: a field is below its neighbour as long as the caller adds up no more rows than
// leave its sum room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace stave::kernels {

struct PackedField {
  const std::int64_t* values = nullptr;
  std::uint64_t mask = 0;  // what of a value is taken
  std::uint32_t shift = 0;
};

// `start` and the fields of each row, added up.
void pack_fields(std::span<const PackedField> fields, std::uint64_t start, std::size_t rows,
                 std::uint64_t* words);

namespace scalar {

inline std::uint64_t packed_fields(std::span<const PackedField> fields, std::uint64_t start,
                                   std::size_t row) {
  for (const PackedField& field : fields) {
    start += (static_cast<std::uint64_t>(field.values[row]) & field.mask) << field.shift;
  }
  return start;
}

}  // namespace scalar
}  // namespace stave::kernels
