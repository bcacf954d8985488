// Escapes what JSON requires and keeps everything else, byte for byte.
#include "engine/runtime/json_text.h"

#include "engine/runtime/utf8.h"

namespace stave {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

void append_control(unsigned char c, std::string& out) {
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHexDigits[c >> 4U];
      out += kHexDigits[c & 15U];
  }
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text.front();
    } else if (c < 0x20) {
      append_control(c, out);
    } else if (c < 0x80) {
      out += text.front();
    } else {
      const std::size_t length = utf8_sequence_length(text);
      out += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
      text.remove_prefix(length == 0 ? 1 : length);
      continue;
    }
    text.remove_prefix(1);
  }
  out += '"';
}

}  // namespace stave
