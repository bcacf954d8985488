// Values of one block to bytes: the rows that are null, then the values of the others as a tree of
// codecs, then perhaps a compressor around both. Bytes: format-spec/block.md.
#include <vector>

#include "storage/codec/block.h"
#include "storage/codec/codec.h"
#include "storage/codec/positions.h"

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
  for (std::uint32_t row = 0; row < values.rows; ++row) {
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

void write_body(const ColumnValues& values, NodeEncoder& encoder) {
  const std::vector<std::uint32_t> nulls = null_positions(values);
  write_positions(nulls, values.rows, encoder);
  with_values(values, [&](auto all) {
    using T = typename decltype(all)::value_type;
    if (nulls.empty()) {
      encoder.write_node(all.first(values.rows));
    } else if (nulls.size() < values.rows) {
      std::vector<T> present;
      present.reserve(values.rows - nulls.size());
      for (std::uint32_t row = 0; row < values.rows; ++row) {
        if (is_valid(values.validity, row)) {
          present.push_back(all[row]);
        }
      }
      encoder.write_node(std::span<const T>(present));
    }
  });
}

Body body_for(Aim aim, const ColumnValues& values) {
  Body body;
  NodeEncoder encoder(body.bytes, aim);
  write_body(values, encoder);
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
                                       std::string& out) {
  ByteWriter writer(out);
  if (options.effort == Effort::kFast || values.rows == 0) {
    writer.write_u8(static_cast<std::uint8_t>(Compression::kNone));
    NodeEncoder encoder(out, Aim::kFast);
    if (values.rows > 0) {
      write_body(values, encoder);
    }
    return {encoder.chain(), Compression::kNone};
  }
  const Body light = body_for(Aim::kLight, values);
  if (light.bytes.size() >= kMinCompressedBytes) {
    const Body heavy = body_for(Aim::kCompressor, values);
    const auto small = smallest_compressed(heavy.bytes);
    if (small && saves(small->bytes.size(), kCompressorSaving, light.bytes.size())) {
      writer.write_u8(static_cast<std::uint8_t>(small->compression));
      writer.write_varint(heavy.bytes.size());
      writer.write_bytes(small->bytes);
      return {heavy.chain, small->compression};
    }
  }
  writer.write_u8(static_cast<std::uint8_t>(Compression::kNone));
  writer.write_bytes(light.bytes);
  return {light.chain, Compression::kNone};
}

void encode_block(const ColumnValues& values, const EncodeOptions& options, std::string& out) {
  encode_block_naming_codecs(values, options, out);
}

}  // namespace stave
