// Widths come from the C library's tables.
#include "tools/output/display_width.h"

#include <locale.h>
#include <wchar.h>

#include "engine/runtime/utf8.h"

namespace stave {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// The C library's character widths are those of the thread's locale.
class Utf8Locale {
 public:
  Utf8Locale() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) before_ = uselocale(locale_);
  }
  ~Utf8Locale() {
    if (locale_ == nullptr) return;
    uselocale(before_);
    freelocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

wchar_t code_point(std::string_view sequence) {
  if (sequence.size() == 1) return static_cast<wchar_t>(byte_at(sequence, 0));
  unsigned value = byte_at(sequence, 0) & (0xFFU >> (sequence.size() + 1));
  for (std::size_t at = 1; at < sequence.size(); ++at) {
    value = (value << 6U) | (byte_at(sequence, at) & 0x3FU);
  }
  return static_cast<wchar_t>(value);
}

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0x80U) != 0) return false;
  }
  return true;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  if (is_ascii(text)) return text.size();
  const Utf8Locale locale;
  std::size_t width = 0;
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    const int columns = length == 0 ? 1 : wcwidth(code_point(text.substr(0, length)));
    width += columns < 0 ? 1 : static_cast<std::size_t>(columns);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return width;
}

}  // namespace stave
