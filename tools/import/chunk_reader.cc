// Most chunks need one scan for quotes and one for the last line end. Where quotes are out of place
// the state machine of quoted_text.h finds the border, so that cutting never changes what rows
// there are.
#include "tools/import/chunk_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "tools/import/quoted_text.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

constexpr std::size_t kHeaderBytes = std::size_t{64} << 10;
constexpr std::size_t kMostHeaderBytes = std::size_t{16} << 20;

void pad(std::vector<char>& bytes, std::size_t size) {
  std::memset(bytes.data() + size, 0, kTextPadding);
}

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

ChunkReader::ChunkReader(std::vector<std::string> paths, Dialect dialect, ExtraColumns extra,
                         LoadTable& table, std::size_t chunk_bytes)
    : paths_(std::move(paths)),
      dialect_(dialect),
      extra_(extra),
      table_(table),
      chunk_bytes_(chunk_bytes),
      bytes_total_(size_of_all(paths_)) {}

std::uint64_t ChunkReader::bytes_read() const {
  return bytes_done_ + (source_ == nullptr ? 0 : source_->bytes_read());
}

Result<void> ChunkReader::fill(std::vector<char>& bytes, std::size_t& size, std::size_t wanted) {
  if (bytes.size() < wanted + kTextPadding) bytes.resize(wanted + kTextPadding);
  if (at_end_ || size >= wanted) return {};
  Result<std::size_t> got = source_->read(bytes.data() + size, wanted - size);
  if (!got) return pass(got);
  at_end_ = *got < wanted - size;
  size += *got;
  return {};
}

Result<void> ChunkReader::check_text(std::string_view start) const {
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) {
    return fail(
        ErrorCode::kInvalidData,
        fmt::format("The input is UTF-16, not UTF-8: {}. Convert it first, for example with "
                    "`iconv -f UTF-16 -t UTF-8`.",
                    source_->path()));
  }
  const auto is_control = [](char byte) {
    return static_cast<unsigned char>(byte) < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
  };
  const auto bad = std::find_if(start.begin(), start.end(), is_control);
  if (bad != start.end()) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("The input is not text: {} (byte {} is {:#04x}). Stave imports CSV, "
                            "plain or as .gz, .bz2 or .zst.",
                            source_->path(), bad - start.begin(),
                            static_cast<unsigned>(static_cast<unsigned char>(*bad))));
  }
  return {};
}

Result<void> ChunkReader::read_header() {
  std::size_t size = 0;
  std::size_t wanted = kHeaderBytes;
  while (true) {
    if (Result<void> filled = fill(rest_, size, wanted); !filled) return filled;
    std::size_t begin = 0;
    if (size >= 3 && std::memcmp(rest_.data(), "\xEF\xBB\xBF", 3) == 0) begin = 3;
    header_lines_ = 0;
    while (begin < size && (rest_[begin] == '\n' || rest_[begin] == '\r')) {
      header_lines_ += rest_[begin] == '\n' || begin + 1 == size || rest_[begin + 1] != '\n';
      ++begin;
    }
    const SplitRow row = split_first_row(rest_.data() + begin, size - begin, dialect_, at_end_);
    const std::size_t seen = row.complete ? begin + row.next : size;
    if (Result<void> text = check_text({rest_.data(), seen}); !text) return text;
    if (begin == size && at_end_) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("The input is empty: {}. Its first line must be a header that names "
                              "the columns.",
                              source_->path()));
    }
    if (!row.complete) {
      if (size < wanted || wanted >= kMostHeaderBytes) {
        return fail(ErrorCode::kInvalidData,
                    fmt::format("The header has no end: {} ({} bytes read). Is it CSV?",
                                source_->path(), size));
      }
      wanted *= 4;
      continue;
    }
    const std::string_view line(rest_.data() + begin, row.next);
    if (row.faulty || !is_utf8(line)) {
      return fail(ErrorCode::kInvalidData,
                  fmt::format("The header is not well-formed: {} ({}). Check its quotes, and that "
                              "the file is UTF-8.",
                              source_->path(), row.faulty ? "quotes" : "not UTF-8"));
    }
    header_lines_ += static_cast<std::uint64_t>(
        std::count_if(line.begin(), line.end(), [](char byte) { return byte == '\n'; }));
    if (std::find(line.begin(), line.end(), '\n') == line.end()) {
      header_lines_ += static_cast<std::uint64_t>(std::count(line.begin(), line.end(), '\r'));
    }
    Result<FilePlan> plan = table_.plan_file(static_cast<std::uint32_t>(next_path_ - 1),
                                             source_->path(), row.fields, extra_);
    if (!plan) return pass(plan);
    plan_ = std::make_shared<const FilePlan>(std::move(*plan));
    opened_.push_back({plan_, source_->compression()});
    rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(begin + row.next));
    rest_.resize(size - begin - row.next);
    offset_ = begin + row.next;
    return {};
  }
}

Result<void> ChunkReader::open_next() {
  Result<std::unique_ptr<InputSource>> source =
      InputSource::open(paths_[next_path_++], source_options_);
  if (!source) return pass(source);
  source_ = std::move(*source);
  at_end_ = false;
  rest_.clear();
  starts_file_ = true;
  return read_header();
}

// Most chunks of most dumps have no quote at all: then the last line end is a border.
std::size_t ChunkReader::border_without_quotes(const Chunk& chunk, std::size_t size) const {
  const char* text = chunk.bytes.data();
  if (std::memchr(text, dialect_.quote, size) != nullptr) return 0;
  for (std::size_t at = size; at > 0; --at) {
    if (text[at - 1] == '\n' || text[at - 1] == '\r') return at;
  }
  return 0;
}

Result<std::size_t> ChunkReader::find_border(Chunk& out) {
  if (at_end_) return out.size;
  while (true) {
    // A carriage return at the very end may be half of a line end.
    const std::size_t known = out.size - (out.bytes[out.size - 1] == '\r' ? 1 : 0);
    if (const std::size_t plain = border_without_quotes(out, known); plain > 0) return plain;
    const RowBorder border = find_row_border(out.bytes.data(), known, dialect_);
    const bool too_long = border.last_row_end == 0 && out.size > kMaxRowBytes;
    std::size_t end = border.last_row_end;
    if (!border.well_quoted || too_long) {
      end = find_quoted_row_border(out.bytes.data(), out.size, dialect_);
    }
    if (end > 0) return end;
    if (Result<void> more = fill(out.bytes, out.size, 2 * out.size + chunk_bytes_); !more) {
      return pass(more);
    }
    if (at_end_) return out.size;
  }
}

Result<bool> ChunkReader::next(Chunk& out) {
  if (failed_) return false;
  Result<bool> got = cut_next(out);
  failed_ = !got;
  return got;
}

Result<bool> ChunkReader::cut_next(Chunk& out) {
  while (true) {
    if (source_ == nullptr) {
      if (next_path_ == paths_.size()) return false;
      if (Result<void> opened = open_next(); !opened) return pass(opened);
    }
    out.size = rest_.size();
    if (out.bytes.size() < rest_.size() + kTextPadding)
      out.bytes.resize(rest_.size() + kTextPadding);
    std::copy(rest_.begin(), rest_.end(), out.bytes.begin());
    const std::size_t wanted = std::max(chunk_bytes_, rest_.size() + 1);
    if (Result<void> filled = fill(out.bytes, out.size, wanted); !filled) return pass(filled);
    if (out.size > 0) break;
    files_.push_back({source_->path(), source_->bytes_read(), source_->content_hash()});
    bytes_done_ += source_->bytes_read();
    source_.reset();
  }
  Result<std::size_t> border = find_border(out);
  if (!border) return pass(border);
  rest_.assign(out.bytes.begin() + static_cast<std::ptrdiff_t>(*border),
               out.bytes.begin() + static_cast<std::ptrdiff_t>(out.size));
  out.size = *border;
  pad(out.bytes, out.size);
  out.number = next_number_++;
  out.plan = plan_;
  out.offset = offset_;
  out.starts_file = starts_file_;
  out.lines_before = header_lines_;
  out.input_bytes = bytes_read();
  starts_file_ = false;
  offset_ += *border;
  return true;
}

}  // namespace stave::loading
