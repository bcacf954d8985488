// A whole block of any bytes: compression, nulls and the tree of codecs. The first byte chooses the
// kind, the next two the rows. What decodes encodes and decodes to itself.
#include <cstdlib>

#include "storage/block_summary.h"
#include "storage/column_file.h"

namespace {

stave::ColumnValues values_of(const stave::DecodedBlock& block) {
  stave::ColumnValues values;
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) {
    return 0;
  }
  const auto kind = static_cast<stave::Physical>(1 + data[0] % 5);
  const std::uint32_t rows = (data[1] * 256U + data[2]) % (stave::kBlockRows + 2);
  stave::DecodedBlock decoded;
  if (!stave::decode_block(std::as_bytes(std::span(data + 3, size - 3)), kind, rows, decoded)) {
    return 0;
  }
  std::string again;
  stave::encode_block(values_of(decoded), {}, again);
  stave::DecodedBlock twice;
  if (!stave::decode_block(std::as_bytes(std::span<const char>(again)), kind, rows, twice) ||
      !stave::holds_same_values(values_of(decoded), twice)) {
    std::abort();
  }
  return 0;
}
