// One input of a load as UTF-8, whatever its encoding, without byte order mark.
//
// Where nobody names the encoding, text counts as UTF-8 until its first byte that is not ASCII,
// however late: up to there all encodings agree. What follows that byte decides; see
// encoding_guess.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stave/result.h"
#include "tools/import/input_source.h"
#include "tools/import/text_decoder.h"

namespace stave::loading {

// The offset of the first byte that is not ASCII; `size` where there is none.
std::size_t find_high_byte(const char* text, std::size_t size);

class TextSource {
 public:
  // `is_table`: the user says so, even if it begins as a web page does.
  static Result<std::unique_ptr<TextSource>> open(const std::string& path,
                                                  std::optional<TextEncoding> encoding,
                                                  SourceOptions options, bool is_table = false);

  // Fills `out` as far as the input reaches; fewer bytes than asked for only at its end.
  Result<std::size_t> read(char* out, std::size_t size);

  // The file where its bytes are what is read, from input().bytes_read() on; else null.
  std::shared_ptr<const PlainFile> plain_file() const;
  // As `read`, for bytes that were read from there already and are in `out`, which has room for
  // `size`. `first_high_byte`: that is not ASCII.
  Result<std::size_t> take(char* out, std::size_t got, std::size_t size,
                           std::size_t first_high_byte);

  const InputSource& input() const { return *input_; }
  // As far as it is known from what was read.
  TextEncoding encoding() const;
  std::size_t mark_size() const { return mark_size_; }

 private:
  explicit TextSource(std::unique_ptr<InputSource> input) : input_(std::move(input)) {}
  Result<std::size_t> read_raw(char* out, std::size_t size);
  Result<void> fill_raw(std::size_t wanted);
  Result<void> begin(std::optional<TextEncoding> encoding);
  Result<void> check_beginning() const;
  Result<std::size_t> decide(char* out, std::size_t first, std::size_t size);
  Result<std::size_t> decide_if_needed(char* out, std::size_t first, std::size_t got,
                                       std::size_t size);
  Result<std::size_t> read_decoded(char* out, std::size_t size);
  Result<void> decode_more();

  std::unique_ptr<InputSource> input_;
  bool undecided_ = false;
  bool guessed_ = false;
  std::size_t mark_size_ = 0;
  TextEncoding encoding_ = TextEncoding::kUtf8;
  std::vector<char> raw_;  // read from the input, but not yet by the caller
  std::size_t raw_begin_ = 0;
  std::optional<TextDecoder> decoder_;  // nothing: the bytes are handed on
  std::vector<char> decoded_;
  std::size_t decoded_begin_ = 0;
  bool ended_ = false;  // nothing more to decode
};

}  // namespace stave::loading
