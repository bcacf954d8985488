// Cuts values into blocks, encodes, verifies and appends them; the footer comes last.
// Bytes: format-spec/column-file.md. Invariant: nothing is appended that did not decode to what was
// meant.
#include <algorithm>

#include "storage/block_summary.h"
#include "storage/checksum.h"
#include "storage/code_filter.h"
#include "storage/codec/block.h"
#include "storage/codec/codec.h"
#include "storage/column_file.h"
#include "storage/column_footer.h"
#include "storage/made_block.h"
#include "storage/row_buffer.h"

namespace stave {

namespace {

// As much is gathered before it is written: a file of a day with few rows takes one call.
constexpr std::size_t kGatheredBytes = std::size_t{256} << 10;
// A block of less text is encoded sooner than a thread for it is worth.
constexpr std::uint64_t kLeastTextOfThread = std::uint64_t{1} << 20;
// Bounds the memory that blocks take which are made at once.
constexpr std::uint64_t kMostTextAtOnce = std::uint64_t{128} << 20;

}  // namespace

struct ColumnFileWriter::State {
  FileSystem* files;  // null: the bytes are kept
  std::string path;
  Physical physical;
  EncodeOptions options;
  bool is_begun = false;
  std::unique_ptr<WritableFile> file;  // made with the first bytes
  std::string gathered;                // and not written yet
  std::uint64_t size = 0;              // what is gathered included
  std::uint64_t rows = 0;
  std::uint64_t blocks = 0;
  RowBuffer waiting;
  std::string entries;
  BlockMemory memory;
  std::vector<MadeBlock> made = std::vector<MadeBlock>(1);
  std::size_t threads = 1;
  CodeFilterBuilder filter;

  State(FileSystem* all_files, std::string file_path, Physical kind, EncodeOptions how)
      : files(all_files), path(std::move(file_path)), physical(kind), options(how), waiting(kind) {
    options.code_filter = options.code_filter && kind == Physical::kCode;
  }

  Result<void> write(std::string_view bytes);
  Result<void> write_gathered();
  Result<void> write_header();
  Result<void> write_block(const ColumnValues& values, const Prediction& prediction = {});
  std::size_t blocks_at_once(std::span<const ColumnValues> all) const;
  Result<void> write_blocks(std::span<const ColumnValues> all);
  Result<void> take(const ColumnValues& values, const MadeBlock& block);
  Result<void> write_waiting();
  Result<void> write_code_filter(CodeFilterPlace& place);
};

namespace {

// Rows [first, first + count), where `first` is a multiple of 64.
ColumnValues part_of(const ColumnValues& values, std::uint32_t first, std::uint32_t count) {
  ColumnValues part;
  part.physical = values.physical;
  part.rows = count;
  const auto cut = [&](auto all) { return all.empty() ? all : all.subspan(first, count); };
  part.codes = cut(values.codes);
  part.int64s = cut(values.int64s);
  part.int128s = cut(values.int128s);
  part.float64s = cut(values.float64s);
  part.strings = cut(values.strings);
  if (!values.validity.empty()) {
    part.validity = values.validity.subspan(first / 64, (count + 63) / 64);
  }
  return part;
}

}  // namespace

Result<void> ColumnFileWriter::State::write(std::string_view bytes) {
  size += bytes.size();
  gathered += bytes;
  return files == nullptr || gathered.size() < kGatheredBytes ? Result<void>() : write_gathered();
}

Result<void> ColumnFileWriter::State::write_gathered() {
  auto written = file->append(std::as_bytes(std::span<const char>(gathered)));
  gathered.clear();
  return written;
}

Result<void> ColumnFileWriter::State::write_header() {
  is_begun = true;
  if (files != nullptr) {
    auto created = files->create(path);
    if (!created) {
      return pass(created);
    }
    file = std::move(*created);
  }
  return write(encode_column_header({physical, options.code_filter}));
}

Result<void> ColumnFileWriter::State::write_block(const ColumnValues& values,
                                                  const Prediction& prediction) {
  made.front().memory = memory;
  const BlockPlace place{path, rows, blocks};
  if (auto whole = make_block(values, options, prediction, place, made.front()); !whole) {
    return whole;
  }
  return take(values, made.front());
}

// How many of the first ones to make at once.
std::size_t ColumnFileWriter::State::blocks_at_once(std::span<const ColumnValues> all) const {
  std::uint64_t bytes = 0;
  std::size_t count = 0;
  for (; count < std::min(threads, all.size()) && bytes < kMostTextAtOnce; ++count) {
    bytes += text_bytes(all[count]);
  }
  return bytes < count * kLeastTextOfThread ? 1 : count;
}

Result<void> ColumnFileWriter::State::write_blocks(std::span<const ColumnValues> all) {
  while (!all.empty()) {
    const std::size_t count = threads == 1 ? 1 : blocks_at_once(all);
    made.resize(std::max(made.size(), count));
    const auto got =
        make_blocks(all, options, {path, rows, blocks}, memory, std::span(made).first(count));
    if (!got) {
      return pass(got);
    }
    for (std::size_t i = 0; i < *got; ++i) {
      if (auto taken = take(all[i], made[i]); !taken) {
        return taken;
      }
    }
    all = all.subspan(*got);
  }
  return {};
}

// Puts it into the file.
Result<void> ColumnFileWriter::State::take(const ColumnValues& values, const MadeBlock& block) {
  memory = block.memory;
  if (!is_begun) {
    if (auto started = write_header(); !started) {
      return started;
    }
  }
  append_block_entry(block.summary, physical, block.codecs, entries);
  if (options.code_filter) {
    filter.add_block(values.codes.first(values.rows));
  }
  rows += values.rows;
  ++blocks;
  return write(block.bytes);
}

Result<void> ColumnFileWriter::State::write_code_filter(CodeFilterPlace& place) {
  const std::string bytes = filter.finish(place.buckets);
  place.checksum = checksum_of(bytes);
  return write(bytes);
}

Result<void> ColumnFileWriter::State::write_waiting() {
  auto written = write_block(waiting.values());
  waiting.clear();
  return written;
}

ColumnFileWriter::ColumnFileWriter(FileSystem& files, std::string path, Physical physical,
                                   EncodeOptions options)
    : state_(std::make_unique<State>(&files, std::move(path), physical, options)) {}

ColumnFileWriter::ColumnFileWriter(std::string name, Physical physical, EncodeOptions options)
    : state_(std::make_unique<State>(nullptr, std::move(name), physical, options)) {}

ColumnFileWriter::~ColumnFileWriter() = default;
ColumnFileWriter::ColumnFileWriter(ColumnFileWriter&&) noexcept = default;

void ColumnFileWriter::begin_like(const BlockMemory& memory) {
  state_->memory = memory;
}

void ColumnFileWriter::work_with(int threads) {
  state_->threads = static_cast<std::size_t>(std::max(threads, 1));
}

const BlockMemory& ColumnFileWriter::memory() const {
  return state_->memory;
}

Result<void> ColumnFileWriter::append(const ColumnValues& values) {
  if (values.physical != state_->physical) {
    return fail(ErrorCode::kInternal,
                "Values of another kind than the column's were appended (" + state_->path + ").");
  }
  std::uint32_t row = 0;
  while (row < values.rows) {
    const std::uint32_t left = values.rows - row;
    if (state_->waiting.rows() == 0 && left >= kBlockRows && row % 64 == 0) {
      std::vector<ColumnValues> whole;
      for (; values.rows - row >= kBlockRows; row += kBlockRows) {
        whole.push_back(part_of(values, row, kBlockRows));
      }
      if (auto written = state_->write_blocks(whole); !written) {
        return written;
      }
      continue;
    }
    const std::uint32_t count = std::min(left, kBlockRows - state_->waiting.rows());
    state_->waiting.add(values, row, count);
    row += count;
    if (state_->waiting.rows() == kBlockRows) {
      if (auto written = state_->write_waiting(); !written) {
        return written;
      }
    }
  }
  return {};
}

Result<void> ColumnFileWriter::append_block(const ColumnValues& values,
                                            const Prediction& prediction) {
  const bool fits = values.physical == state_->physical && values.rows > 0 &&
                    values.rows <= kBlockRows && state_->waiting.rows() == 0 &&
                    state_->rows == state_->blocks * kBlockRows;
  if (!fits) {
    return fail(ErrorCode::kInternal,
                "A block was appended that is none, or not at its place (" + state_->path + ").");
  }
  return state_->write_block(values, prediction);
}

Result<FileReference> ColumnFileWriter::finish() {
  if (state_->waiting.rows() > 0) {
    if (auto written = state_->write_waiting(); !written) {
      return pass(written);
    }
  }
  if (!state_->is_begun) {
    if (auto started = state_->write_header(); !started) {
      return pass(started);
    }
  }
  CodeFilterPlace filter;
  if (state_->options.code_filter) {
    if (auto written = state_->write_code_filter(filter); !written) {
      return pass(written);
    }
  }
  const std::string footer = encode_column_footer(state_->rows, state_->blocks, state_->entries,
                                                  state_->options.code_filter ? &filter : nullptr);
  if (auto written = state_->write(footer); !written) {
    return pass(written);
  }
  if (state_->file != nullptr) {
    if (auto written = state_->write_gathered(); !written) {
      return pass(written);
    }
  }
  const auto place = decode_column_trailer(
      std::as_bytes(std::span(footer)).last(kColumnTrailerBytes), state_->size, state_->path);
  if (!place) {
    return pass(place);
  }
  if (state_->file == nullptr) {
    return FileReference{"", state_->size, place->checksum};
  }
  state_->file->start_writeback();
  return FileReference{state_->path, state_->size, place->checksum};
}

std::string ColumnFileWriter::take_bytes() {
  return std::move(state_->gathered);
}

}  // namespace stave
