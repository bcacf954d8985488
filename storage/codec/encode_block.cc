// Values of one block to bytes: the rows that are null, then the values of the others as a tree of
// codecs, then perhaps a compressor around both. Bytes: format-spec/block.md.
#include <cstring>
#include <optional>
#include <vector>

#include "storage/codec/block.h"
#include "storage/codec/codec.h"
#include "storage/codec/positions.h"
#include "storage/codec/profile.h"
#include "storage/codec/valid_runs.h"

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
  ChosenNode root;
};

struct Compressed {
  Compression compression;
  std::string bytes;
};

std::vector<std::uint32_t> null_positions(const ColumnValues& values) {
  std::vector<std::uint32_t> positions;
  for (std::uint32_t row = 0; row < values.rows && !values.validity.empty(); ++row) {
    row = find_bit(values.validity, row, values.rows, false);
    if (row < values.rows) {
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
      visit_valid_runs(values.validity, values.rows, [&](std::uint32_t first, std::uint32_t count) {
        std::memcpy(room_.data() + at, &all[first], count * sizeof(T));
        at += count * sizeof(T);
      });
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

Body body_for(CodecId root, const NodeProfile& profile, std::span<const std::uint32_t> nulls,
              std::uint32_t rows, const ChosenNode* earlier = nullptr) {
  Body body;
  NodeEncoder encoder(body.bytes, profile.aim());
  write_positions(nulls, rows, encoder);
  if (profile.rows() > 0) {
    body.root = encoder.write_node_as(root, profile, earlier);
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

namespace {

// One block on its way: what it holds, and how it is written once that is settled.
class BlockEncoder {
 public:
  BlockEncoder(const ColumnValues& values, const EncodeOptions& options,
               const Prediction& prediction)
      : values_(values),
        nulls_(null_positions(values)),
        present_(values, nulls_),
        guesses_(present_guesses(prediction, values, nulls_)),
        prediction_(prediction),
        profile_(present_.values(), options.effort == Effort::kFast ? Aim::kFast : Aim::kLight,
                 &prediction_) {
    prediction_.int64s = guesses_.values().as<std::int64_t>();
  }

  // As a block before; false where that is not possible, or does not compress.
  bool encode_as(const BlockMemory::Choice& choice) {
    profile_.aim_at(choice.aim);
    if (profile_.rows() == 0 || !can_repeat(choice.root, profile_, 0)) {
      return false;
    }
    take(choice.aim, body_for(choice.root.codec, profile_, nulls_, values_.rows, &choice.root));
    if (choice.compression == Compression::kNone) {
      return true;
    }
    auto small = compress(choice.compression, body_.bytes);
    if (!small) {
      return false;
    }
    compressed_ = {choice.compression, *std::move(small)};
    return true;
  }

  // `memory`: of the blocks before; may be null.
  void choose_and_encode(Effort effort, const BlockMemory* memory) {
    profile_.forget();
    profile_.aim_at(effort == Effort::kFast ? Aim::kFast : Aim::kLight);
    const CodecChoice light_choice =
        profile_.rows() > 0 ? choose_codec(profile_, 0) : CodecChoice{CodecId::kPlain, 0};
    take(profile_.aim(), body_for(light_choice.codec, profile_, nulls_, values_.rows));
    if (effort == Effort::kFast || profile_.rows() == 0 ||
        body_.bytes.size() < kMinCompressedBytes ||
        (memory != nullptr && !memory->may_compress(body_.bytes.size(), values_.rows))) {
      return;
    }
    profile_.aim_at(Aim::kCompressor);
    const CodecChoice heavy_choice = choose_codec(profile_, 0);
    if (values_.physical != Physical::kString &&
        heavy_choice.cost >= light_choice.cost * (1 - kCompressorSaving)) {
      return;
    }
    Body heavy = body_for(heavy_choice.codec, profile_, nulls_, values_.rows);
    auto small = smallest_compressed(heavy.bytes);
    if (small && saves(small->bytes.size(), kCompressorSaving, body_.bytes.size())) {
      take(Aim::kCompressor, std::move(heavy));
      compressed_ = *std::move(small);
    }
  }

  std::size_t size() const {
    return compressed_.compression == Compression::kNone ? body_.bytes.size()
                                                         : compressed_.bytes.size();
  }
  bool has_root() const { return profile_.rows() > 0; }
  BlockMemory::Choice choice() const { return {aim_, compressed_.compression, body_.root}; }

  BlockCodecs write(std::string& out) const {
    ByteWriter writer(out);
    writer.write_u8(static_cast<std::uint8_t>(compressed_.compression));
    if (compressed_.compression == Compression::kNone) {
      writer.write_bytes(body_.bytes);
    } else {
      writer.write_varint(body_.bytes.size());
      writer.write_bytes(compressed_.bytes);
    }
    return {body_.chain, compressed_.compression};
  }

 private:
  void take(Aim aim, Body body) {
    aim_ = aim;
    body_ = std::move(body);
    compressed_ = {Compression::kNone, {}};
  }

  const ColumnValues& values_;
  const std::vector<std::uint32_t> nulls_;
  const PresentValues present_;
  const PresentValues guesses_;
  Prediction prediction_;
  NodeProfile profile_;
  Aim aim_ = Aim::kLight;
  Body body_;
  Compressed compressed_{Compression::kNone, {}};
};

}  // namespace

BlockCodecs encode_block_naming_codecs(const ColumnValues& values, const EncodeOptions& options,
                                       std::string& out, const Prediction& prediction,
                                       BlockMemory* memory) {
  if (values.rows == 0) {
    ByteWriter(out).write_u8(static_cast<std::uint8_t>(Compression::kNone));
    return {};
  }
  BlockEncoder block(values, options, prediction);
  const BlockMemory::Choice* earlier = memory == nullptr ? nullptr : memory->recall(values.rows);
  std::size_t recalled_size = 0;
  if (earlier != nullptr && block.encode_as(*earlier)) {
    recalled_size = block.size();
    if (memory->is_alike(recalled_size, values.rows)) {
      return block.write(out);
    }
  }
  block.choose_and_encode(options.effort, memory);
  if (memory != nullptr && block.has_root()) {
    memory->remember(block.choice(), block.size(), values.rows, recalled_size);
  }
  return block.write(out);
}

void encode_block(const ColumnValues& values, const EncodeOptions& options, std::string& out,
                  const Prediction& prediction) {
  encode_block_naming_codecs(values, options, out, prediction);
}

}  // namespace stave
