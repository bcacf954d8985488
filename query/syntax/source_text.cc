// Lines, columns and UTF-8 of a program.
#include "query/syntax/source_text.h"

#include <algorithm>

namespace stave {

SourceText::SourceText(std::string_view text, std::string origin, Prelude prelude)
    : text_(std::move(prelude.text)),
      origin_(std::move(origin)),
      prelude_origin_(std::move(prelude.origin)) {
  if (!text_.empty()) text_ += '\n';
  program_begin_ = static_cast<std::uint32_t>(text_.size());
  text_ += text;
  line_begins_.push_back(0);
  for (std::uint32_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_begins_.push_back(i + 1);
  }
}

const std::string& SourceText::origin_at(std::uint32_t offset) const {
  return offset < program_begin_ ? prelude_origin_ : origin_;
}

std::string_view SourceText::slice(Span span) const {
  const std::size_t begin = std::min<std::size_t>(span.begin, text_.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text_.size());
  return std::string_view(text_).substr(begin, end - begin);
}

std::size_t SourceText::line_index(std::uint32_t offset) const {
  const auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
  return static_cast<std::size_t>(after - line_begins_.begin()) - 1;
}

Place SourceText::place(std::uint32_t offset) const {
  const std::size_t first = offset < program_begin_ ? 0 : line_index(program_begin_);
  const std::size_t line = line_index(offset);
  const Span before{line_begins_[line], offset};
  return {static_cast<int>(line - first) + 1,
          static_cast<int>(count_characters(slice(before))) + 1};
}

std::string_view SourceText::line_at(std::uint32_t offset) const {
  const std::uint32_t begin = line_begins_[line_index(offset)];
  std::size_t end = text_.find('\n', begin);
  if (end == std::string::npos) end = text_.size();
  if (end > begin && text_[end - 1] == '\r') --end;
  return std::string_view(text_).substr(begin, end - begin);
}

std::size_t utf8_length(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte(at + 1);
  // Overlong forms, surrogates and beyond U+10FFFF.
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count)
    i += std::max<std::size_t>(1, utf8_length(text, i));
  return count;
}

}  // namespace stave
