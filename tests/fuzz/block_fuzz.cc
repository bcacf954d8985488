// A whole block of any bytes: compression, nulls and the tree of codecs. The first byte chooses the
// kind, the next two the rows. What decodes encodes and decodes to itself.
#include "tests/fuzz/round_trip.h"

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
  stave::fuzz::expect_round_trip(decoded);
  return 0;
}
