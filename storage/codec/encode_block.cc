// Values of one block to bytes: the rows that are null, then the values of the others as a tree of
// codecs, then perhaps a compressor around both. Bytes: format-spec/block.md.
#include <cstring>
#include <optional>
#include <vector>

#include "storage/codec/block.h"
#include "storage/codec/codec.h"
#include "storage/codec/positions.h"
#include "storage/codec/profile.h"

namespace stave {
namespace {

// A compressor must save this share of the light encoding to be worth its time at every read, and
// Zstandard this share of what LZ4 leaves.
constexpr double kCompressorSaving = 0.10;
constexpr double kZstandardSaving = 0.10;
// Blocks below this size are read in no time as they are.
constexpr std::size_t kMinCompressedBytes = 128;

bool saves(std::size_t size, double share, std::size_t of) {
  return static_cast<double>(size) < static_cast<double>(of) * (1 - share);
}

struct Body {
  std::string bytes;
  std::string chain;
};

struct Compressed {
  Compression compression;
  std::string bytes;
};

std::vector<std::uint32_t> null_positions(const ColumnValues& values) {
  std::vector<std::uint32_t> positions;
  for (std::uint32_t row = 0; row < values.rows && !values.validity.empty(); ++row) {
    if (!is_valid(values.validity, row)) {
      positions.push_back(row);
    }
  }
  return positions;
}

// Calls `use` with the values as a span of their own type.
template <typename Use>
void with_values(const ColumnValues& values, Use use) {
  switch (values.physical) {
    case Physical::kCode:
      return use(values.codes);
    case Physical::kInt64:
      return use(values.int64s);
    case Physical::kInt128:
      return use(values.int128s);
    case Physical::kFloat64:
      return use(values.float64s);
    case Physical::kString:
      return use(values.strings);
  }
}

// The values that are not null, side by side: those of the caller, or copies in `room`.
class PresentValues {
 public:
  PresentValues(const ColumnValues& values, std::span<const std::uint32_t> nulls) {
    with_values(values, [&](auto all) {
      using T = std::remove_const_t<typename decltype(all)::element_type>;
      if (nulls.empty()) {
        values_ = all.first(values.rows);
        return;
      }
      room_.resize((values.rows - nulls.size()) * sizeof(T));
      std::size_t at = 0;
      for (std::uint32_t row = 0; row < values.rows; ++row) {
        if (is_valid(values.validity, row)) {
          std::memcpy(room_.data() + at, &all[row], sizeof(T));
          at += sizeof(T);
        }
      }
      values_ = NodeValues(values.physical, values.rows - nulls.size(), room_.data());
    });
  }
  PresentValues(const PresentValues&) = delete;
  PresentValues& operator=(const PresentValues&) = delete;

  const NodeValues& values() const { return values_; }

 private:
  std::vector<std::byte> room_;
  NodeValues values_{std::span<const std::uint32_t>()};
};

// The guesses for the rows that hold a value.
PresentValues present_guesses(const Prediction& prediction, const ColumnValues& values,
                              std::span<const std::uint32_t> nulls) {
  ColumnValues guesses;
  guesses.physical = Physical::kInt64;
  if (prediction.int64s.size() == values.rows) {
    guesses.rows = values.rows;
    guesses.int64s = prediction.int64s;
    guesses.validity = values.validity;
    return PresentValues(guesses, nulls);
  }
  return PresentValues(guesses, {});
}

Body body_for(Aim aim, CodecId root, NodeProfile& profile, std::span<const std::uint32_t> nulls,
              std::uint32_t rows) {
  Body body;
  NodeEncoder encoder(body.bytes, aim);
  write_positions(nulls, rows, encoder);
  if (profile.rows() > 0) {
    encoder.write_node_as(root, profile);
  }
  body.chain = encoder.chain();
  return body;
}

std::optional<Compressed> smallest_compressed(std::string_view body) {
  auto zstandard = compress(Compression::kZstandard, body);
  auto lz4 = compress(Compression::kLz4, body);
  if (!zstandard && !lz4) {
    return std::nullopt;
  }
  if (!lz4 || (zstandard && saves(zstandard->size(), kZstandardSaving, lz4->size()))) {
    return Compressed{Compression::kZstandard, std::move(*zstandard)};
  }
  return Compressed{Compression::kLz4, std::move(*lz4)};
}

}  // namespace

std::string to_string(const BlockCodecs& codecs) {
  const std::string chain = codecs.chain.empty() ? "nulls" : chain_text(codecs.chain);
  return codecs.compression == Compression::kNone
             ? chain
             : chain + ", " + std::string(name_of(codecs.compression));
}

BlockCodecs encode_block_naming_codecs(const ColumnValues& values, const EncodeOptions& options,
                                       std::string& out, const Prediction& prediction) {
  ByteWriter writer(out);
  if (values.rows == 0) {
    writer.write_u8(static_cast<std::uint8_t>(Compression::kNone));
    return {};
  }
  const std::vector<std::uint32_t> nulls = null_positions(values);
  const PresentValues present(values, nulls);
  Prediction of_present = prediction;
  const PresentValues guesses = present_guesses(prediction, values, nulls);
  of_present.int64s = guesses.values().as<std::int64_t>();
  NodeProfile profile(present.values(), options.effort == Effort::kFast ? Aim::kFast : Aim::kLight,
                      &of_present);
  const CodecChoice light_choice =
      profile.rows() > 0 ? choose_codec(profile, 0) : CodecChoice{CodecId::kPlain, 0};
  const Body light = body_for(profile.aim(), light_choice.codec, profile, nulls, values.rows);
  if (options.effort == Effort::kSmall && light.bytes.size() >= kMinCompressedBytes) {
    profile.aim_at(Aim::kCompressor);
    const CodecChoice heavy_choice = choose_codec(profile, 0);
    if (values.physical == Physical::kString ||
        heavy_choice.cost < light_choice.cost * (1 - kCompressorSaving)) {
      const Body heavy =
          body_for(Aim::kCompressor, heavy_choice.codec, profile, nulls, values.rows);
      auto small = smallest_compressed(heavy.bytes);
      if (small && saves(small->bytes.size(), kCompressorSaving, light.bytes.size())) {
        writer.write_u8(static_cast<std::uint8_t>(small->compression));
        writer.write_varint(heavy.bytes.size());
        writer.write_bytes(small->bytes);
        return {heavy.chain, small->compression};
      }
    }
  }
  writer.write_u8(static_cast<std::uint8_t>(Compression::kNone));
  writer.write_bytes(light.bytes);
  return {light.chain, Compression::kNone};
}

void encode_block(const ColumnValues& values, const EncodeOptions& options, std::string& out,
                  const Prediction& prediction) {
  encode_block_naming_codecs(values, options, out, prediction);
}

}  // namespace stave
