// Opens a column file with one read where it is small, two otherwise, and reads blocks one by one;
// of packs all is mapped once.
// Bytes: format-spec/column-file.md. Invariant: nothing is decoded before its checksum is tested,
// and the checksums are those that the manifest vouches for, so one file never passes for another.
#include <fmt/format.h>

#include <algorithm>

#include "storage/block_stretch.h"
#include "storage/checksum.h"
#include "storage/code_filter.h"
#include "storage/codec/block.h"
#include "storage/column_file.h"
#include "storage/column_footer.h"
#include "storage/open_packs.h"

namespace stave {

struct ColumnFileReader::State {
  std::unique_ptr<ReadableFile> file;
  std::span<const std::byte> mapped;  // the file, where its pack is mapped
  ColumnFileOrigin origin;
  Physical physical = Physical::kInt64;
  ColumnFooter footer;
  std::unique_ptr<const BlockPredictor> predictor;
};

namespace {

// Files up to this size are read whole when they are opened: header and footer come with one call.
constexpr std::uint64_t kReadWholeBytes = std::uint64_t{16} << 10;
// Larger files: how much is read from the end at first; the directory of 100 blocks.
constexpr std::uint64_t kTailBytes = std::uint64_t{8} << 10;

// The processor fetches what is read in order by itself, but begins anew with each page: it is told
// so much of what comes next while it still computes.
constexpr std::uint32_t kAskedAheadBytes = 8 << 10;
constexpr std::uint32_t kCacheLine = 64;

void ask_ahead(std::span<const std::byte> bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += kCacheLine) {
    __builtin_prefetch(bytes.data() + at, 0, 2);
  }
}

// Into memory that is used again: pages that are kept for each file cost more than reading twice.
Result<std::span<const std::byte>> read_part(const ReadableFile& file, std::uint64_t offset,
                                             std::uint64_t size, std::vector<std::byte>& room) {
  if (room.size() < size) {
    room.resize(static_cast<std::size_t>(size));
  }
  const auto bytes = std::span(room).first(static_cast<std::size_t>(size));
  if (auto read = file.read(offset, bytes); !read) {
    return pass(read);
  }
  return bytes;
}

Failure wrong_kind(Physical found, Physical wanted, const ColumnFileOrigin& origin) {
  return fail(ErrorCode::kDamaged, "A column file holds another kind of values than its column: " +
                                       std::to_string(static_cast<int>(found)) + " instead of " +
                                       std::to_string(static_cast<int>(wanted)) + " (" +
                                       origin.text() + "). Run `stave verify`.");
}

Failure wrong_file(std::uint64_t stated, std::uint64_t wanted, const ColumnFileOrigin& origin) {
  return fail(
      ErrorCode::kDamaged,
      fmt::format("A column file is not the one that the manifest means: it states checksum "
                  "{:016x}, {:016x} expected ({}). Run `stave verify`.",
                  stated, wanted, origin.text()));
}

}  // namespace

Result<std::unique_ptr<ColumnFileReader>> ColumnFileReader::open(const FileSystem& files,
                                                                 const FileReference& reference,
                                                                 Physical physical) {
  OpenPacks alone;
  return open(files, reference, physical, alone);
}

Result<std::unique_ptr<ColumnFileReader>> ColumnFileReader::open(const FileSystem& files,
                                                                 const FileReference& reference,
                                                                 Physical physical,
                                                                 OpenPacks& packs,
                                                                 const std::string& column) {
  auto opened = packs.open(files, reference);
  if (!opened) {
    return fail(
        opened.error().code == ErrorCode::kNotFound ? ErrorCode::kDamaged : opened.error().code,
        opened.error().message + " The store names it: run `stave verify`.");
  }
  auto state = std::make_unique<State>();
  state->file = std::move(opened->file);
  state->origin = ColumnFileOrigin(reference, column);
  state->physical = physical;
  const std::uint64_t size = state->file->size();
  if (size != reference.size || size < kColumnHeaderBytes + kColumnTrailerBytes) {
    return fail(ErrorCode::kDamaged,
                "A column file has another size than was written: " + std::to_string(size) +
                    " instead of " + std::to_string(reference.size) + " bytes (" +
                    state->origin.text() + "). Run `stave verify`.");
  }
  const bool is_mapped = opened->is_to_map;
  if (is_mapped) {
    const auto mapped = state->file->map();
    if (!mapped) {
      return pass(mapped);
    }
    state->mapped = *mapped;
  }
  thread_local std::vector<std::byte> head_room;
  thread_local std::vector<std::byte> tail_room;
  const bool is_whole = is_mapped || size <= kReadWholeBytes;
  const std::uint64_t tail_size = is_whole ? size : kTailBytes;
  auto tail = is_mapped ? Result<std::span<const std::byte>>(state->mapped)
                        : read_part(*state->file, size - tail_size, tail_size, tail_room);
  if (!tail) {
    return pass(tail);
  }
  const auto head = is_whole ? tail : read_part(*state->file, 0, kColumnHeaderBytes, head_room);
  if (!head) {
    return pass(head);
  }
  const auto found = decode_column_header(head->first(kColumnHeaderBytes), state->origin);
  if (!found) {
    return pass(found);
  }
  const auto place = decode_column_trailer(tail->last(kColumnTrailerBytes), size, state->origin);
  if (!place) {
    return pass(place);
  }
  const std::uint64_t footer_size = size - place->offset;
  if (footer_size > tail->size()) {
    tail = read_part(*state->file, place->offset, footer_size, tail_room);
    if (!tail) {
      return pass(tail);
    }
  }
  auto footer = decode_column_footer(tail->last(static_cast<std::size_t>(footer_size)), *place,
                                     *found, state->origin);
  if (!footer) {
    return pass(footer);
  }
  if (place->checksum != reference.checksum) {
    return wrong_file(place->checksum, reference.checksum, state->origin);
  }
  if (found->physical != physical) {
    return wrong_kind(found->physical, physical, state->origin);
  }
  state->footer = std::move(*footer);
  return std::unique_ptr<ColumnFileReader>(new ColumnFileReader(std::move(state)));
}

Result<Prediction> BlockPredictor::predict_rows(std::uint32_t block, std::uint32_t rows,
                                                std::span<const std::uint32_t>, DecodedBlock& room,
                                                BlockStretch* stretch) const {
  return predict(block, rows, room, stretch);
}

ColumnFileReader::ColumnFileReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ColumnFileReader::~ColumnFileReader() = default;

void ColumnFileReader::predict_by(std::unique_ptr<const BlockPredictor> predictor) {
  state_->predictor = std::move(predictor);
}

Physical ColumnFileReader::physical() const {
  return state_->physical;
}
std::uint64_t ColumnFileReader::rows() const {
  return state_->footer.rows;
}
const std::vector<BlockSummary>& ColumnFileReader::blocks() const {
  return state_->footer.blocks;
}

bool ColumnFileReader::has_code_filter() const {
  return state_->footer.code_filter.buckets > 0;
}

Result<std::span<const std::byte>> ColumnFileReader::filter_bytes(std::uint64_t offset,
                                                                  std::uint64_t size) const {
  if (!state_->mapped.empty()) {
    return state_->mapped.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
  }
  thread_local std::vector<std::byte> room;
  return read_part(*state_->file, offset, size, room);
}

void ColumnFileReader::note_blocks_of(std::uint32_t code, std::vector<bool>& may_hold) const {
  const CodeFilterPlace& place = state_->footer.code_filter;
  may_hold.resize(state_->footer.blocks.size());
  if (has_code_filter()) {
    const auto row =
        filter_bytes(code_filter_row_offset(place, code), code_filter_row_bytes(place.blocks));
    if (row && stave::note_blocks_of(*row, code, may_hold)) {
      return;
    }
  }
  may_hold.assign(may_hold.size(), true);
}

Result<void> ColumnFileReader::verify_code_filter() const {
  const CodeFilterPlace& place = state_->footer.code_filter;
  if (!has_code_filter()) {
    return {};
  }
  const auto bytes = filter_bytes(place.offset, code_filter_bytes(place.buckets, place.blocks));
  if (!bytes) {
    return pass(bytes);
  }
  if (checksum_of(*bytes) != place.checksum) {
    return fail(ErrorCode::kDamaged, "The code filter of a column file fails its checksum (" +
                                         state_->origin.text() + "). Run `stave verify`.");
  }
  return {};
}

Result<std::span<const std::byte>> ColumnFileReader::bytes_of(std::uint32_t block,
                                                              DecodedBlock& out,
                                                              BlockStretch* stretch) const {
  const BlockSummary& summary = state_->footer.blocks[block];
  if (!state_->mapped.empty()) {
    return state_->mapped.subspan(static_cast<std::size_t>(summary.offset), summary.size);
  }
  // Texts stay where they were read.
  if (stretch != nullptr && state_->physical != Physical::kString) {
    return stretch->read(*state_->file, state_->footer.blocks, block);
  }
  const auto room = out.scratch.take<std::byte>(summary.size);
  if (auto read = state_->file->read(summary.offset, room); !read) {
    return pass(read);
  }
  return room;
}

template <typename Decode>
Result<void> ColumnFileReader::open_block(std::uint32_t block, DecodedBlock& out,
                                          BlockStretch* stretch, const Decode& decode,
                                          const std::span<const std::uint32_t>* rows) const {
  if (block >= state_->footer.blocks.size()) {
    return fail(ErrorCode::kInternal, "A column file has no such block: " + std::to_string(block) +
                                          " (" + state_->origin.text() + ").");
  }
  const BlockSummary& summary = state_->footer.blocks[block];
  out.scratch.reset();
  const auto bytes = bytes_of(block, out, stretch);
  if (!bytes) {
    return pass(bytes);
  }
  const auto where = [&] {
    return " (" + state_->origin.text() + ", block " + std::to_string(block) +
           "). Run `stave verify`.";
  };
  if (checksum_of(*bytes) != summary.checksum) {
    return fail(ErrorCode::kDamaged, "A block of a column file fails its checksum" + where());
  }
  const bool goes_on = stretch != nullptr && stretch->blocks_ahead() > 0;
  if (goes_on && !state_->mapped.empty() && block + 1 < state_->footer.blocks.size()) {
    const BlockSummary& next = state_->footer.blocks[block + 1];
    ask_ahead(state_->mapped.subspan(static_cast<std::size_t>(next.offset),
                                     std::min(next.size, kAskedAheadBytes)));
  }
  Prediction prediction;
  if (summary.is_predicted && state_->predictor != nullptr) {
    auto predicted =
        rows == nullptr ? state_->predictor->predict(block, summary.rows, out, stretch)
                        : state_->predictor->predict_rows(block, summary.rows, *rows, out, stretch);
    if (!predicted) {
      return pass(predicted);
    }
    prediction = *predicted;
  }
  auto decoded = decode(*bytes, summary.rows, prediction);
  if (!decoded) {
    return fail(decoded.error().code, decoded.error().message + where());
  }
  return {};
}

Result<void> ColumnFileReader::read_block(std::uint32_t block, DecodedBlock& out,
                                          BlockStretch* stretch) const {
  return open_block(
      block, out, stretch,
      [&](std::span<const std::byte> bytes, std::uint32_t rows, const Prediction& prediction) {
        return decode_block_beside(bytes, state_->physical, rows, out, prediction);
      });
}

Result<void> ColumnFileReader::read_rows(std::uint32_t block, std::span<const std::uint32_t> rows,
                                         DecodedBlock& out, BlockStretch* stretch) const {
  return open_block(
      block, out, stretch,
      [&](std::span<const std::byte> bytes, std::uint32_t all_rows, const Prediction& prediction) {
        return pick_block_beside(bytes, state_->physical, {all_rows, rows}, out, prediction);
      },
      &rows);
}

Result<void> ColumnFileReader::read_kept(std::uint32_t block, const std::uint64_t* bits,
                                         std::uint32_t kept, DecodedBlock& out,
                                         BlockStretch* stretch) const {
  return open_block(
      block, out, stretch,
      [&](std::span<const std::byte> bytes, std::uint32_t rows, const Prediction& prediction) {
        return keep_block_beside(bytes, state_->physical, {rows, bits, kept}, out, prediction);
      });
}

Result<void> ColumnFileReader::test_block(std::uint32_t block, const ValueTest& test,
                                          DecodedBlock& room, std::uint64_t* bits,
                                          BlockStretch* stretch) const {
  return open_block(
      block, room, stretch,
      [&](std::span<const std::byte> bytes, std::uint32_t rows, const Prediction& prediction) {
        return test_block_beside(bytes, state_->physical, rows, test, room, prediction, bits);
      });
}

}  // namespace stave
