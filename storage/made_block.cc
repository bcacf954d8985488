// Blocks begin with what was chosen for those before. Mostly that fits, so the next blocks are
// begun with it too before it is known.
#include "storage/made_block.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <vector>

#include "storage/block_summary.h"
#include "storage/checksum.h"
#include "storage/codec/codec.h"
#include "storage/guarded.h"

namespace stave {

std::uint64_t text_bytes(const ColumnValues& values) {
  std::uint64_t bytes = 0;
  for (std::uint32_t row = 0; row < values.strings.size() && row < values.rows; ++row) {
    bytes += is_valid(values.validity, row) ? values.strings[row].size() : 0;
  }
  return bytes;
}

Result<void> make_block(const ColumnValues& values, const EncodeOptions& options,
                        const Prediction& prediction, const BlockPlace& place, MadeBlock& made) {
  if (text_bytes(values) > kMaxBlockText) {
    return fail(ErrorCode::kInvalidData,
                "The strings of one block are too long: " + std::to_string(values.rows) +
                    " rows from row " + std::to_string(place.rows) + " on have more than " +
                    std::to_string(kMaxBlockText) + " bytes (" + place.path + "). Shorten them.");
  }
  made.bytes.clear();
  made.codecs = encode_block_naming_codecs(values, options, made.bytes, prediction, &made.memory);
  const auto bytes = std::as_bytes(std::span<const char>(made.bytes));
  auto back = decode_block(bytes, values.physical, values.rows, made.back, prediction);
  if (!back && back.error().code == ErrorCode::kOutOfMemory) {
    return back;
  }
  if (!back || !holds_same_values(values, made.back)) {
    return fail(ErrorCode::kInternal, "An encoded block does not decode to its values: block " +
                                          std::to_string(place.blocks) + ", codecs " +
                                          to_string(made.codecs) + " (" + place.path +
                                          "). Nothing was committed; please report it." +
                                          (back ? "" : " " + back.error().message));
  }
  made.summary = summarize(values);
  made.summary.size = static_cast<std::uint32_t>(made.bytes.size());
  made.summary.checksum = checksum_of(bytes);
  return {};
}

Result<std::size_t> make_blocks(std::span<const ColumnValues> values, const EncodeOptions& options,
                                const BlockPlace& place, const BlockMemory& memory,
                                std::span<MadeBlock> made) {
  const bool is_foreseen = memory.recall(values.front().rows) != nullptr;
  const std::size_t count = is_foreseen ? std::min(values.size(), made.size()) : 1;
  std::vector<Result<void>> outcomes(count);
  const auto make = [&](std::size_t i) {
    outcomes[i] = guarded("a block was encoded", [&] {
      made[i].memory = memory;
      const BlockPlace at{place.path, place.rows + i * kBlockRows, place.blocks + i};
      return make_block(values[i], options, {}, at, made[i]);
    });
  };
  std::size_t begun = 1;
  {
    std::vector<std::jthread> others;
    try {
      others.reserve(count);
      for (; begun < count; ++begun) others.emplace_back(make, begun);
    } catch (const std::exception&) {
      // No more threads to be had: what they would have made is left to the next call.
    }
    make(0);
  }
  for (std::size_t i = 0; i < begun; ++i) {
    if (!outcomes[i]) {
      return pass(outcomes[i]);
    }
    if (made[i].memory.choices() != memory.choices()) {
      return i + 1;
    }
  }
  return begun;
}

}  // namespace stave
