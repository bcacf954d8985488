// Values of one block to bytes: the rows that are null, then the values of the others as a tree of
// codecs, then perhaps a compressor around both. Bytes: format-spec/block.md.
#include <vector>

#include "storage/codec/block.h"
#include "storage/codec/codec.h"
#include "storage/codec/positions.h"

namespace stave {
namespace {

// A compressor must save this much of the light encoding to be worth its time at every read.
constexpr double kLz4Saving = 0.10;
constexpr double kZstandardSaving = 0.10;

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

}  // namespace

std::string to_string(const BlockCodecs& codecs) {
  const std::string chain = codecs.chain.empty() ? "nulls" : chain_text(codecs.chain);
  return codecs.compression == Compression::kNone
             ? chain
             : chain + ", " + std::string(name_of(codecs.compression));
}

BlockCodecs encode_block_naming_codecs(const ColumnValues& values, const EncodeOptions& options,
                                       std::string& out) {
  const std::size_t begin = out.size();
  out.push_back(static_cast<char>(Compression::kNone));
  NodeEncoder encoder(out, options.effort);
  if (values.rows > 0) {
    write_body(values, encoder);
  }
  BlockCodecs codecs{encoder.chain(), Compression::kNone};
  if (options.effort == Effort::kFast) {
    return codecs;
  }
  const std::string_view body = std::string_view(out).substr(begin + 1);
  const auto small = compress(Compression::kZstandard, body);
  if (small && static_cast<double>(small->size()) <
                   static_cast<double>(body.size()) * (1 - kZstandardSaving)) {
    std::string head;
    ByteWriter writer(head);
    writer.write_u8(static_cast<std::uint8_t>(Compression::kZstandard));
    writer.write_varint(body.size());
    out.replace(begin, std::string::npos, head + *small);
    codecs.compression = Compression::kZstandard;
  }
  static_cast<void>(kLz4Saving);
  return codecs;
}

void encode_block(const ColumnValues& values, const EncodeOptions& options, std::string& out) {
  encode_block_naming_codecs(values, options, out);
}

}  // namespace stave
