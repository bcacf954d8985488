// One column of one segment or dimension: blocks of kBlockRows rows, each with its own codec chain,
// zone map, null count and checksum. Bytes: format-spec/column-file.md.
// Invariant: all columns of a segment have their block borders at the same rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "storage/codec/arena.h"
#include "storage/codec/prediction.h"
#include "storage/file_system.h"
#include "storage/int128.h"
#include "storage/manifest.h"
#include "storage/physical.h"

namespace stave {

inline constexpr std::uint32_t kBlockRows = 16384;

class BlockStretch;  // storage/block_stretch.h
struct ValueTest;    // storage/value_test.h

// A run of values to encode. One span is filled, the one of `physical`; validity bits (bit i of
// word i / 64 set: row i holds a value) are empty where nothing is null, and never used with kCode.
// The value under a null is ignored and written as whatever encodes best.
struct ColumnValues {
  Physical physical = Physical::kInt64;
  std::uint32_t rows = 0;
  std::span<const std::uint32_t> codes;
  std::span<const std::int64_t> int64s;
  std::span<const Int128> int128s;
  std::span<const double> float64s;
  std::span<const std::string_view> strings;
  std::span<const std::uint64_t> validity;
};

// How hard to try: kFast for data that is read back once (spilled pieces of an import), kSmall for
// what stays.
enum class Effort : std::uint8_t { kFast, kSmall };

struct EncodeOptions {
  Effort effort = Effort::kSmall;
  bool code_filter = false;  // of a file of codes: see storage/code_filter.h
};

// Encodes at most kBlockRows values as one self-contained block (used by column files and by
// import's spill pieces) and appends it to `out`. Never fails on valid input.
void encode_block(const ColumnValues& values, const EncodeOptions& options, std::string& out,
                  const Prediction& prediction = {});

// Room for one decoded block; reused from block to block so that memory is touched once.
// After decode: `rows` values in the vector of `physical`, zero or empty under a null; `validity`
// is empty where no row is null. `strings` view into `scratch`, and live until the next decode.
struct DecodedBlock {
  Physical physical = Physical::kInt64;
  std::uint32_t rows = 0;
  std::vector<std::uint32_t> codes;
  std::vector<std::int64_t> int64s;
  std::vector<Int128> int128s;
  std::vector<double> float64s;
  std::vector<std::string_view> strings;
  std::vector<std::uint64_t> validity;
  Arena scratch;
  std::unique_ptr<DecodedBlock> beside;  // of the column that this one is predicted from
};

// Tells what is known of a block's rows before it is read. Thread-safe.
class BlockPredictor {
 public:
  virtual ~BlockPredictor() = default;
  // Of block `block`, which has so many rows; the prediction lives in `room.scratch`. `stretch` is
  // that of the predicted column, or null.
  virtual Result<Prediction> predict(std::uint32_t block, std::uint32_t rows, DecodedBlock& room,
                                     BlockStretch* stretch) const = 0;
  // The same for who asks for these rows alone: guesses of codes may be theirs only.
  virtual Result<Prediction> predict_rows(std::uint32_t block, std::uint32_t rows,
                                          std::span<const std::uint32_t> at, DecodedBlock& room,
                                          BlockStretch* stretch) const;
};

// The bounded, validated way back: any bytes give the values or an error, never a crash, a read out
// of bounds or an allocation beyond what `rows` <= kBlockRows values of the input can need.
// `prediction` is what the block was encoded with.
Result<void> decode_block(std::span<const std::byte> block, Physical physical, std::uint32_t rows,
                          DecodedBlock& out, const Prediction& prediction = {});

// What a block directory says without decoding.
struct BlockSummary {
  std::uint64_t offset = 0;  // in the file
  std::uint32_t size = 0;    // bytes
  std::uint32_t rows = 0;
  std::uint32_t nulls = 0;
  bool has_range = false;  // min and max below are of the non-null values
  // kCode, kInt64: the values; kFloat64: bit patterns of the double (no NaN in the block); kInt128
  // and kString: no range.
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::uint64_t checksum = 0;
  bool is_predicted = false;  // can be read with a predictor only
  std::string codecs;         // ids, outermost first; see codecs_text
  std::uint8_t compression = 0;
};

class BlockMemory;

// Writes one column file. Every block is decoded and compared before `finish` returns.
// Not thread-safe; different writers may run in parallel.
class ColumnFileWriter {
 public:
  ColumnFileWriter(FileSystem& files, std::string path, Physical physical, EncodeOptions options);
  // Keeps the bytes instead, to be put into a pack; `name` is for messages.
  ColumnFileWriter(std::string name, Physical physical, EncodeOptions options);
  ~ColumnFileWriter();
  ColumnFileWriter(ColumnFileWriter&&) noexcept;
  // Begins with the codecs that another file of the column ended with.
  void begin_like(const BlockMemory& memory);
  const BlockMemory& memory() const;
  // So many for long texts, where several blocks are appended at once; the bytes are the same.
  void work_with(int threads);
  // Any number of rows; cut into blocks here.
  Result<void> append(const ColumnValues& values);
  // One whole block with what is known of its rows; only the last may have fewer than kBlockRows.
  Result<void> append_block(const ColumnValues& values, const Prediction& prediction);
  // The file is written and its write-back started, but not yet synced: the transaction syncs all
  // files of a load together.
  Result<FileReference> finish();
  // After `finish`, where no file was made.
  std::string take_bytes();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class OpenPacks;  // storage/open_packs.h

// Reads one column file. `open` reads header and footer; blocks are read and checked one by one.
// Thread-safe: several threads may decode different blocks at once, each with its own DecodedBlock.
class ColumnFileReader {
 public:
  static Result<std::unique_ptr<ColumnFileReader>> open(const FileSystem& files,
                                                        const FileReference& reference,
                                                        Physical physical, OpenPacks& packs,
                                                        const std::string& column = "");
  // `column` is its name, for messages. The same where no other file of the pack is read:
  static Result<std::unique_ptr<ColumnFileReader>> open(const FileSystem& files,
                                                        const FileReference& reference,
                                                        Physical physical);
  // The one that the file was written with; before the first block is read.
  void predict_by(std::unique_ptr<const BlockPredictor> predictor);
  ~ColumnFileReader();
  Physical physical() const;
  std::uint64_t rows() const;
  const std::vector<BlockSummary>& blocks() const;
  // Reads, tests the checksum and decodes. Values of block i are rows [i * kBlockRows, ...).
  // Who reads many blocks hands in a stretch, which must not outlive the file.
  Result<void> read_block(std::uint32_t block, DecodedBlock& out,
                          BlockStretch* stretch = nullptr) const;
  // The same for some rows of the block, ascending and distinct; they are rows 0, 1 .. of `out`.
  Result<void> read_rows(std::uint32_t block, std::span<const std::uint32_t> rows,
                         DecodedBlock& out, BlockStretch* stretch = nullptr) const;
  // The same for rows given as bits; behind those of the block's rows is a word that is 0.
  Result<void> read_kept(std::uint32_t block, const std::uint64_t* bits, std::uint32_t kept,
                         DecodedBlock& out, BlockStretch* stretch = nullptr) const;
  // A bit for each row of a block of codes or 64-bit integers: whether its value passes the test.
  // `room` is what is worked in.
  Result<void> test_block(std::uint32_t block, const ValueTest& test, DecodedBlock& room,
                          std::uint64_t* bits, BlockStretch* stretch = nullptr) const;
  // Whether blocks can be told apart by the codes that they may hold.
  bool has_code_filter() const;
  // Sets the bits, one for each block, of the blocks that may hold the code: all where what says so
  // cannot be read, for then the blocks themselves have to.
  void note_blocks_of(std::uint32_t code, std::vector<bool>& may_hold) const;
  // Whether the code filter, where there is one, is as it was written.
  Result<void> verify_code_filter() const;

 private:
  struct State;
  explicit ColumnFileReader(std::unique_ptr<State> state);
  Result<std::span<const std::byte>> filter_bytes(std::uint64_t offset, std::uint64_t size) const;
  // As they lie in the file.
  Result<std::span<const std::byte>> bytes_of(std::uint32_t block, DecodedBlock& out,
                                              BlockStretch* stretch) const;
  // Calls `decode` with the bytes of a block, tested, and its prediction.
  template <typename Decode>
  Result<void> open_block(std::uint32_t block, DecodedBlock& out, BlockStretch* stretch,
                          const Decode& decode,
                          const std::span<const std::uint32_t>* rows = nullptr) const;
  std::unique_ptr<State> state_;
};

}  // namespace stave
