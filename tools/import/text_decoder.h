// Turns text of another encoding into UTF-8, piece by piece.
// Invariant: nothing is lost. What has no meaning in its encoding becomes bytes that are not UTF-8
// either, so that its row is rejected; and from decoded text the size of the original is known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "stave/dump_format.h"

namespace stave::loading {

class TextDecoder {
 public:
  explicit TextDecoder(TextEncoding encoding) : encoding_(encoding) {}

  // Appends what `bytes` mean; the beginning of a character whose end is to come is kept.
  void decode(std::string_view bytes, std::vector<char>& out);
  // After the last piece: whether one byte of UTF-16 is left over.
  bool has_half_unit() const { return has_half_unit_; }
  // Appends what else is left over: a high surrogate alone.
  void finish(std::vector<char>& out);
  // Bytes 0x80 to 0x9F that Windows-1252 has and Latin-1 has not.
  bool saw_windows_bytes() const { return saw_windows_bytes_; }

 private:
  void decode_utf16(std::string_view bytes, std::vector<char>& out);
  void take_unit(std::uint32_t unit, std::vector<char>& out);

  TextEncoding encoding_;
  unsigned char half_unit_ = 0;
  bool has_half_unit_ = false;
  std::uint32_t high_surrogate_ = 0;
  bool saw_windows_bytes_ = false;
};

// The bytes that decoded text had in its own encoding.
std::uint64_t encoded_size(std::string_view text, TextEncoding encoding);

// Whether Windows-1252 gives the byte another meaning than Latin-1.
bool is_windows_byte(unsigned char byte);

}  // namespace stave::loading
