// What block and codec targets do with a block that decoded: it has to encode, and decode to
// itself.
#pragma once

#include <cstdlib>

#include "storage/block_summary.h"
#include "storage/column_file.h"

namespace stave::fuzz {

inline ColumnValues values_of(const DecodedBlock& block) {
  ColumnValues values;
  values.physical = block.physical;
  values.rows = block.rows;
  values.codes = block.codes;
  values.int64s = block.int64s;
  values.int128s = block.int128s;
  values.float64s = block.float64s;
  values.strings = block.strings;
  values.validity = block.validity;
  return values;
}

inline void expect_round_trip(const DecodedBlock& decoded) {
  std::string again;
  encode_block(values_of(decoded), {}, again);
  DecodedBlock twice;
  if (!decode_block(std::as_bytes(std::span<const char>(again)), decoded.physical, decoded.rows,
                    twice) ||
      !holds_same_values(values_of(decoded), twice)) {
    std::abort();
  }
}

}  // namespace stave::fuzz
