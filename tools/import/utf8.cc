// By the table of well-formed byte sequences of the Unicode standard: no overlong forms, no
// surrogates.
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

struct Sequence {
  std::size_t more = 0;  // bytes that follow the first
  unsigned char low = 0x80;
  unsigned char high = 0xBF;  // bounds of the second byte
};

bool sequence_of(unsigned char first, Sequence& sequence) {
  if (first >= 0xC2 && first <= 0xDF) {
    sequence.more = 1;
  } else if (first >= 0xE0 && first <= 0xEF) {
    sequence.more = 2;
    if (first == 0xE0) sequence.low = 0xA0;
    if (first == 0xED) sequence.high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    sequence.more = 3;
    if (first == 0xF0) sequence.low = 0x90;
    if (first == 0xF4) sequence.high = 0x8F;
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::size_t utf8_sequence_size(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return 1;
  Sequence sequence;
  if (!sequence_of(first, sequence) || text.size() <= sequence.more) return 0;
  for (std::size_t i = 0; i < sequence.more; ++i) {
    const auto byte = static_cast<unsigned char>(text[i + 1]);
    const unsigned char low = i == 0 ? sequence.low : 0x80;
    const unsigned char high = i == 0 ? sequence.high : 0xBF;
    if (byte < low || byte > high) return 0;
  }
  return sequence.more + 1;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const std::size_t size = utf8_sequence_size(text.substr(at));
    if (size == 0) return false;
    at += size;
  }
  return true;
}

}  // namespace stave::loading
