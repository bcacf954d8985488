// Which encoding a text is in, where nobody said.
#pragma once

#include <optional>
#include <string_view>

#include "stave/dump_format.h"
#include "stave/result.h"

namespace stave::loading {

struct ByteOrderMark {
  TextEncoding encoding = TextEncoding::kUtf8;
  std::size_t size = 0;  // 0: there is none
};

ByteOrderMark find_byte_order_mark(std::string_view text);

// UTF-16 without a mark: its zero bytes are all in odd or all in even places, or those beside its
// line feeds are and all of it is text. Nothing for other text.
std::optional<TextEncoding> guess_utf16(std::string_view text);

// `text` begins with the first byte of a file that is not ASCII. UTF-8 where the text has
// characters of it; a few bytes beside them that are not are damage, which rejects their rows.
// Otherwise one byte is one character.
TextEncoding guess_by_first_high_byte(std::string_view text, bool at_end);

// An error that says what the file is, where its beginning is that of a known format which is no
// text, or of none that is text. `given`: by the user, who knows what UTF-16 looks like.
Result<void> check_is_text(std::string_view text, const std::string& path,
                           std::optional<TextEncoding> given);

// Likewise of text that is no table, in UTF-8.
Result<void> check_is_no_page(std::string_view text, const std::string& path);

}  // namespace stave::loading
