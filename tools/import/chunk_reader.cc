// Most chunks need one scan for quotes and one for the last line end. Where quotes are out of place
// the state machine of row_scanner.h finds the border, so that cutting never changes what rows
// there are.
#include "tools/import/chunk_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "tools/import/quoted_text.h"

namespace stave::loading {

namespace {

// Offsets in a chunk have 32 bits, and memory has its limit.
constexpr std::size_t kMostChunkBytes = 4 * kMaxRowBytes;
// Before a block that was read ahead: longer beginnings of a row make it useless.
constexpr std::size_t kRowRoom = std::size_t{16} << 10;

// 0 where a size is not known: of a pipe, or of a file that cannot be opened, as is found out
// later.
std::uint64_t size_of_all(const std::vector<std::string>& paths) {
  std::uint64_t bytes = 0;
  for (const std::string& path : paths) {
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(path, error);
    if (error) return 0;
    bytes += size;
  }
  return bytes;
}

}  // namespace

ChunkReader::ChunkReader(std::vector<std::string> paths, DumpFormat format, ExtraColumns extra,
                         LoadTable& table, std::size_t chunk_bytes)
    : paths_(std::move(paths)),
      opener_(std::move(format), extra, table),
      chunk_bytes_(chunk_bytes),
      bytes_total_(size_of_all(paths_)) {}

std::uint64_t ChunkReader::bytes_read() const {
  return bytes_done_ + (dump_.source == nullptr ? 0 : dump_.source->input().bytes_read());
}

void ChunkReader::claim(Chunk& out) {
  const std::lock_guard<std::mutex> lock(claims_mutex_);
  out.number = claims_++;
  out.block = expected_;
  if (out.block.file == nullptr) return;
  // Each of the chunks before it will have read as much.
  out.block.offset += (out.number - expected_number_) * chunk_bytes_;
  if (out.block.offset >= out.block.file->size()) out.block = {};
}

void ChunkReader::read_ahead(Chunk& out) const {
  ReadBlock& block = out.block;
  if (block.file == nullptr) return;
  const std::size_t room = kRowRoom + chunk_bytes_ + kTextPadding;
  if (out.bytes.size() < room) out.bytes.resize(room);
  char* const text = out.bytes.data() + kRowRoom;
  block.begin = kRowRoom;
  block.size = block.file->read_at(block.offset, text, chunk_bytes_).value_or(0);
  block.first_high_byte = find_high_byte(text, block.size);
  block.has_quote = std::memchr(text, block.quote, block.size) != nullptr;
}

void ChunkReader::tell_position() {
  ReadBlock expected;
  // While more is held than a chunk, the next one reads less, or nothing.
  if (dump_.source != nullptr && !dump_.at_end && rest_size() < chunk_bytes_) {
    expected.file = dump_.source->plain_file();
    expected.offset = dump_.source->input().bytes_read();
    expected.quote = dump_.plan->dialect.quote;
    if (dump_.plan->json == JsonLayout::kLines) expected.json_plan = dump_.plan;
  }
  const std::lock_guard<std::mutex> lock(claims_mutex_);
  expected_ = std::move(expected);
  expected_number_ = next_number_;
}

bool ChunkReader::is_next(const Chunk& chunk) const {
  return chunk.block.size > 0 && !dump_.at_end && rest_size() <= std::min(kRowRoom, chunk_bytes_) &&
         chunk.block.file == dump_.source->plain_file() &&
         chunk.block.offset == dump_.source->input().bytes_read();
}

Result<void> ChunkReader::take_block(Chunk& out) {
  const std::size_t rest = rest_size();
  out.begin = kRowRoom - rest;
  std::copy_n(dump_.rest.begin() + static_cast<std::ptrdiff_t>(rest_begin_), rest,
              out.bytes.begin() + static_cast<std::ptrdiff_t>(out.begin));
  rest_begin_ += rest;
  Result<std::size_t> got = dump_.source->take(out.bytes.data() + kRowRoom, out.block.size,
                                               chunk_bytes_, out.block.first_high_byte);
  if (!got) return pass(got);
  dump_.at_end = *got < chunk_bytes_;
  out.size = rest + *got;
  // Text of another encoding was decoded behind it.
  if (dump_.source->plain_file() == nullptr) out.block = {};
  return {};
}

// As much is read for each chunk, so that where the next ones will read can be told beforehand.
Result<void> ChunkReader::fill_first(Chunk& out) {
  out.size = 0;
  if (is_next(out)) return take_block(out);
  out.begin = 0;
  out.block = {};
  const std::size_t rest = rest_size();
  return fill(out,
              rest < chunk_bytes_ ? rest + chunk_bytes_ : std::max(chunk_bytes_, cut_off_ + 1));
}

Result<void> ChunkReader::fill(Chunk& out, std::size_t wanted) {
  if (out.bytes.size() < out.begin + wanted + kTextPadding) {
    out.bytes.resize(out.begin + wanted + kTextPadding);
  }
  char* const text = out.bytes.data() + out.begin;
  const std::size_t from_rest = std::min(wanted - std::min(wanted, out.size), rest_size());
  std::copy_n(dump_.rest.begin() + static_cast<std::ptrdiff_t>(rest_begin_), from_rest,
              text + out.size);
  out.size += from_rest;
  rest_begin_ += from_rest;
  if (dump_.at_end || out.size >= wanted) return {};
  Result<std::size_t> got = dump_.source->read(text + out.size, wanted - out.size);
  if (!got) return pass(got);
  dump_.at_end = *got < wanted - out.size;
  out.size += *got;
  return {};
}

Result<void> ChunkReader::open_next() {
  const std::size_t file = next_path_++;
  Result<OpenedDump> opened = opener_.open(static_cast<std::uint32_t>(file), paths_[file]);
  if (!opened) return pass(opened);
  dump_ = std::move(*opened);
  inputs_.push_back({dump_.source->input().compression(), dump_.format, dump_.plan});
  starts_file_ = true;
  rest_begin_ = 0;
  cut_off_ = 0;
  return {};
}

void ChunkReader::close() {
  const InputSource& source = dump_.source->input();
  inputs_.back().format.encoding = dump_.source->encoding();
  files_.push_back({source.path(), source.bytes_read(), source.content_hash()});
  bytes_done_ += source.bytes_read();
  dump_.source.reset();
}

void ChunkReader::put_back(const Chunk& chunk, std::size_t border) {
  std::vector<char>& rest = dump_.rest;
  rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(rest_begin_));
  rest.insert(rest.begin(), chunk.text() + border, chunk.text() + chunk.size);
  rest_begin_ = 0;
  cut_off_ = chunk.size - border;
}

// Most chunks of most dumps have no quote at all: then the last line end is a border.
std::size_t ChunkReader::border_without_quotes(const Chunk& chunk, std::size_t size) const {
  const char* text = chunk.text();
  const Dialect& dialect = dump_.plan->dialect;
  // What stands before the block, or all of it.
  const std::size_t unknown = chunk.block.size == 0 ? size : chunk.size - chunk.block.size;
  if (dialect.has_quote() && (std::memchr(text, dialect.quote, unknown) != nullptr ||
                              (chunk.block.size > 0 && chunk.block.has_quote))) {
    return 0;
  }
  for (std::size_t at = size; at > 0; --at) {
    if (text[at - 1] == '\n' || (text[at - 1] == '\r' && dialect.has_lone_returns())) return at;
  }
  return 0;
}

// 0: none, or not to be found this way.
std::size_t ChunkReader::border_with_masks(const Chunk& chunk) const {
  const Dialect& dialect = dump_.plan->dialect;
  // A carriage return at the very end may be half of a line end.
  const std::size_t known = chunk.size - (chunk.text()[chunk.size - 1] == '\r' ? 1 : 0);
  if (const std::size_t plain = border_without_quotes(chunk, known); plain > 0) return plain;
  const RowBorder border = find_row_border(chunk.text(), known, dialect);
  if (border.well_quoted && (border.last_row_end > 0 || chunk.size <= kMaxRowBytes)) {
    return border.last_row_end;
  }
  return find_quoted_row_border(chunk.text(), chunk.size, dialect);
}

std::size_t ChunkReader::border_of(Chunk& out) {
  const Dialect& dialect = dump_.plan->dialect;
  if (dump_.json != nullptr) {
    return dump_.json->find_border({out.text(), out.size}, out.json_ends);
  }
  if (dialect.has_masks_for({out.text(), out.size})) return border_with_masks(out);
  return find_quoted_row_border(out.text(), out.size, dialect);
}

Result<std::size_t> ChunkReader::find_border(Chunk& out) {
  while (!ended()) {
    const std::size_t border = border_of(out);
    if (border > 0) return border;
    if (out.size >= kMostChunkBytes) {
      return fail(
          ErrorCode::kInvalidData,
          fmt::format("A row has no end: {} (row at byte {}, {} bytes read). Is it CSV, and "
                      "are its line ends what `--line-end` says?",
                      dump_.source->input().path(), dump_.offset, out.size));
    }
    out.block = {};
    if (Result<void> more = fill(out, 2 * out.size + chunk_bytes_); !more) return pass(more);
  }
  if (dump_.json == nullptr) return out.size;
  border_of(out);
  if (dump_.json->is_open()) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("The JSON array has no end: {} ({} bytes read). The file seems to be "
                            "cut off: fetch it again.",
                            dump_.source->input().path(), dump_.offset + out.size));
  }
  return out.size;
}

Result<void> ChunkReader::take_new_keys(const Chunk& chunk) {
  // What was converted ahead has none.
  const bool is_ahead = chunk.has_converted();
  const std::size_t first_end = is_ahead ? chunk.converted_begin() : 0;
  const std::size_t rest_begin = is_ahead ? chunk.converted_end() : 0;
  bool any_new = dump_.json->gather_keys({chunk.text(), first_end}, chunk.json_ends);
  any_new |= dump_.json->gather_keys({chunk.text() + rest_begin, chunk.size - rest_begin},
                                     chunk.json_ends);
  if (!any_new) return {};
  if (Result<void> planned = opener_.plan_again(dump_); !planned) return planned;
  inputs_.back().plan = dump_.plan;
  return {};
}

// Cells that a short row lacks stand behind it, see RowFrame.
void ChunkReader::pad(Chunk& out) const {
  const FilePlan& plan = *dump_.plan;
  std::size_t padding = kTextPadding;
  if (plan.ragged == RaggedRows::kFill) {
    padding = std::max(padding, plan.fields.size() * plan.dialect.separator.size());
  }
  const std::size_t end = out.begin + out.size;
  if (out.bytes.size() < end + padding) out.bytes.resize(end + padding);
  std::memset(out.bytes.data() + end, 0, padding);
}

Result<bool> ChunkReader::next(Chunk& out) {
  if (failed_) return false;
  Result<bool> got = cut_next(out);
  failed_ = !got;
  if (got) tell_position();
  return got;
}

Result<bool> ChunkReader::cut_next(Chunk& out) {
  while (true) {
    if (dump_.source == nullptr) {
      if (next_path_ == paths_.size()) return false;
      if (Result<void> opened = open_next(); !opened) return pass(opened);
    }
    if (Result<void> filled = fill_first(out); !filled) return pass(filled);
    if (out.size > 0) break;
    close();
  }
  Result<std::size_t> border = find_border(out);
  if (!border) return pass(border);
  put_back(out, *border);
  out.size = *border;
  pad(out);
  if (dump_.json != nullptr) {
    if (Result<void> taken = take_new_keys(out); !taken) return pass(taken);
  }
  out.number = next_number_++;
  out.plan = dump_.plan;
  out.offset = dump_.offset;
  out.encoding = dump_.source->encoding();
  out.starts_file = starts_file_;
  out.lines_before = dump_.lines;
  out.input_bytes = bytes_read();
  starts_file_ = false;
  dump_.offset += encoded_size({out.text(), out.size}, out.encoding);
  return true;
}

}  // namespace stave::loading
