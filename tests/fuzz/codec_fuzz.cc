// One codec under any bytes: its id is put before them, so that every input reaches it. The first
// two bytes choose kind and rows. What decodes must encode and decode to itself.
#include <cstdlib>

#include "storage/codec/codec.h"
#include "tests/fuzz/round_trip.h"

namespace {

using stave::Physical;

const stave::Codec& fuzzed_codec() {
  for (const stave::Codec& codec : stave::all_codecs()) {
    if (codec.name == STAVE_FUZZED_CODEC) {
      return codec;
    }
  }
  std::abort();
}

// Guesses and lists of no meaning: what a predictor's file may hold is not the codec's concern.
struct Known {
  std::vector<std::uint32_t> codes;
  std::vector<std::int64_t> int64s;
  std::vector<std::uint32_t> list;
  std::vector<stave::RankedRun> runs;

  explicit Known(std::uint32_t rows) {
    for (std::uint32_t row = 0; row < rows; ++row) {
      codes.push_back(row % 7);
      int64s.push_back(std::int64_t{row} * 1000);
    }
    list = {5, 9, 0xFFFFFFFE, 2};
    runs = {{rows / 2, list}, {rows - rows / 2, {}}};
  }
  stave::Prediction prediction() const {
    stave::Prediction all;
    all.codes = codes;
    all.int64s = int64s;
    all.runs = runs;
    return all;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) {
    return 0;
  }
  const stave::Codec& codec = fuzzed_codec();
  const auto kind = static_cast<Physical>(1 + data[0] % 5);
  const std::uint32_t rows = 1 + (data[1] * 256U + data[2]) % stave::kBlockRows;
  std::string block("\0\1\0", 3);  // no compression, no nulls
  block.push_back(static_cast<char>(codec.id));
  block.append(reinterpret_cast<const char*>(data) + 3, size - 3);
  stave::DecodedBlock decoded;
  const Known known(rows);
  if (!stave::decode_block(std::as_bytes(std::span<const char>(block)), kind, rows, decoded,
                           known.prediction())) {
    return 0;
  }
  stave::fuzz::expect_round_trip(decoded);
  return 0;
}
