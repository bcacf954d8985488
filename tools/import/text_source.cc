// See text_source.h. UTF-8 is read straight into the caller's buffer.
#include "tools/import/text_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "tools/import/encoding_guess.h"

namespace stave::loading {

namespace {

constexpr std::size_t kFirstBytes = std::size_t{4} << 10;
constexpr std::size_t kSampleBytes = std::size_t{1} << 20;
constexpr std::size_t kDecodeBytes = std::size_t{256} << 10;

}  // namespace

std::size_t find_high_byte(const char* text, std::size_t size) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t at = 0;
  std::array<std::uint64_t, 8> words{};
  for (; size - at >= sizeof(words); at += sizeof(words)) {
    std::memcpy(words.data(), text + at, sizeof(words));
    std::uint64_t all = 0;
    for (const std::uint64_t word : words) all |= word;
    if ((all & kHighBits) != 0) break;
  }
  while (at < size && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

Result<std::unique_ptr<TextSource>> TextSource::open(const std::string& path,
                                                     std::optional<TextEncoding> encoding,
                                                     SourceOptions options, bool is_table) {
  Result<std::unique_ptr<InputSource>> input = InputSource::open(path, options);
  if (!input) return pass(input);
  if ((*input)->compression() == Compression::kParquet) encoding = TextEncoding::kUtf8;
  std::unique_ptr<TextSource> source(new TextSource(std::move(*input)));
  if (Result<void> begun = source->begin(encoding); !begun) return pass(begun);
  if (is_table) return source;
  if (Result<void> checked = source->check_beginning(); !checked) return pass(checked);
  return source;
}

Result<void> TextSource::check_beginning() const {
  std::string_view start(raw_.data(), raw_.size());
  start.remove_prefix(mark_size_);
  std::vector<char> decoded;
  if (decoder_) {
    TextDecoder(encoding_).decode(start, decoded);
    start = {decoded.data(), decoded.size()};
  }
  return check_is_no_page(start, input_->path());
}

Result<void> TextSource::begin(std::optional<TextEncoding> encoding) {
  if (Result<void> filled = fill_raw(kFirstBytes); !filled) return filled;
  const std::string_view start(raw_.data(), raw_.size());
  if (Result<void> text = check_is_text(start, input_->path(), encoding); !text) return text;
  const ByteOrderMark mark = find_byte_order_mark(start);
  if (mark.size > 0 && (!encoding || *encoding == mark.encoding)) {
    mark_size_ = mark.size;
    raw_begin_ = mark.size;
    encoding = mark.encoding;
  }
  if (!encoding) encoding = guess_utf16(start);
  undecided_ = !encoding;
  encoding_ = encoding.value_or(TextEncoding::kUtf8);
  if (encoding_ != TextEncoding::kUtf8) decoder_.emplace(encoding_);
  return {};
}

TextEncoding TextSource::encoding() const {
  if (guessed_ && decoder_ && !decoder_->saw_windows_bytes()) return TextEncoding::kLatin1;
  return encoding_;
}

Result<void> TextSource::fill_raw(std::size_t wanted) {
  const std::size_t had = raw_.size() - raw_begin_;
  if (had >= wanted) return {};
  raw_.erase(raw_.begin(), raw_.begin() + static_cast<std::ptrdiff_t>(raw_begin_));
  raw_begin_ = 0;
  raw_.resize(wanted);
  Result<std::size_t> got = input_->read(raw_.data() + had, wanted - had);
  raw_.resize(had + got.value_or(0));
  if (!got) return pass(got);
  return {};
}

Result<std::size_t> TextSource::read_raw(char* out, std::size_t size) {
  const std::size_t kept = std::min(size, raw_.size() - raw_begin_);
  std::copy_n(raw_.begin() + static_cast<std::ptrdiff_t>(raw_begin_), kept, out);
  raw_begin_ += kept;
  if (kept == size) return size;
  Result<std::size_t> got = input_->read(out + kept, size - kept);
  if (!got) return got;
  return kept + *got;
}

// `out` holds `size` bytes of which the one at `first` is the file's first that is not ASCII.
// Gives how many of them stand: all, or those before it, where the others are to be decoded.
Result<std::size_t> TextSource::decide(char* out, std::size_t first, std::size_t size) {
  std::vector<char> sample(out + first, out + size);
  sample.insert(sample.end(), raw_.begin() + static_cast<std::ptrdiff_t>(raw_begin_), raw_.end());
  raw_ = std::move(sample);
  raw_begin_ = 0;
  if (Result<void> filled = fill_raw(kSampleBytes); !filled) return pass(filled);
  undecided_ = false;
  const bool at_end = raw_.size() < kSampleBytes;
  encoding_ = guess_by_first_high_byte({raw_.data(), raw_.size()}, at_end);
  if (encoding_ == TextEncoding::kUtf8) {
    raw_begin_ = size - first;
    return size;
  }
  // Late bytes that only Windows-1252 has are read as it has them.
  guessed_ = true;
  encoding_ = TextEncoding::kWindows1252;
  decoder_.emplace(encoding_);
  return first;
}

Result<std::size_t> TextSource::read(char* out, std::size_t size) {
  if (decoder_) return read_decoded(out, size);
  Result<std::size_t> got = read_raw(out, size);
  if (!got || !undecided_) return got;
  return decide_if_needed(out, find_high_byte(out, *got), *got, size);
}

std::shared_ptr<const PlainFile> TextSource::plain_file() const {
  return decoder_ || raw_begin_ < raw_.size() ? nullptr : input_->plain_file();
}

Result<std::size_t> TextSource::take(char* out, std::size_t got, std::size_t size,
                                     std::size_t first_high_byte) {
  if (Result<void> taken = input_->take(out, got, size); !taken) return pass(taken);
  return undecided_ ? decide_if_needed(out, first_high_byte, got, size) : got;
}

// Of `got` bytes in `out` the one at `first` is the file's first that is not ASCII, if there is
// one.
Result<std::size_t> TextSource::decide_if_needed(char* out, std::size_t first, std::size_t got,
                                                 std::size_t size) {
  if (first == got) return got;
  Result<std::size_t> stands = decide(out, first, got);
  if (!stands || !decoder_) return stands;
  Result<std::size_t> decoded = read_decoded(out + *stands, size - *stands);
  if (!decoded) return decoded;
  return *stands + *decoded;
}

Result<void> TextSource::decode_more() {
  decoded_.clear();
  decoded_begin_ = 0;
  std::vector<char> bytes(kDecodeBytes);
  Result<std::size_t> got = read_raw(bytes.data(), bytes.size());
  if (!got) return pass(got);
  decoder_->decode({bytes.data(), *got}, decoded_);
  if (*got == bytes.size()) return {};
  ended_ = true;
  if (decoder_->has_half_unit()) {
    return fail(ErrorCode::kInvalidData,
                fmt::format("The UTF-16 text ends in the middle of a character: {} (an odd number "
                            "of bytes). Fetch it again, or name another `--encoding`.",
                            input_->path()));
  }
  decoder_->finish(decoded_);
  return {};
}

Result<std::size_t> TextSource::read_decoded(char* out, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const std::size_t count = std::min(size - done, decoded_.size() - decoded_begin_);
    std::copy_n(decoded_.begin() + static_cast<std::ptrdiff_t>(decoded_begin_), count, out + done);
    decoded_begin_ += count;
    done += count;
    if (done == size || (ended_ && count == 0)) break;
    if (decoded_begin_ == decoded_.size() && !ended_) {
      if (Result<void> decoded = decode_more(); !decoded) return pass(decoded);
    }
  }
  return done;
}

}  // namespace stave::loading
