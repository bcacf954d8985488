// The lexer: one pass over the bytes, one function for each kind of token.
#include "query/syntax/lexer.h"

#include <array>
#include <iterator>
#include <string_view>

namespace stave {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

constexpr std::array<std::string_view, 9> kLongSymbols = {"==", "!=", "<=", ">=", "//",
                                                          "::", "..", "=>", "<>"};
constexpr std::string_view kShortSymbols = "|;,.()=<>+-*/%{}:&!";

class Lexer {
 public:
  // The tokens of `text` from `begin` on.
  Lexer(std::string_view text, std::size_t begin) : text_(text), begin_(begin), at_(begin) {}

  std::vector<Token> run() {
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) next();
    add(TokenKind::kEnd, text_.size(), "");
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
      } else if (at_ == begin_ && text_.substr(at_, 3) == "\xEF\xBB\xBF") {
        at_ += 3;  // a byte order mark
      } else {
        return;
      }
    }
  }

  // Ends the token that began at `at_` before `end`.
  void add(TokenKind kind, std::size_t end, std::string value) {
    tokens_.push_back({kind, span_to(end), std::move(value)});
    at_ = end;
  }
  void add_bad(std::size_t end, std::string message, std::string hint = "") {
    tokens_.push_back({TokenKind::kBad, span_to(end), std::string(text_.substr(at_, end - at_)),
                       std::move(message), std::move(hint)});
    at_ = end;
  }
  Span span_to(std::size_t end) const {
    return {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end)};
  }

  // End of the word that begins at `from`: letters, digits and any valid non-ASCII character.
  std::size_t word_end(std::size_t from) const {
    while (from < text_.size()) {
      const char c = text_[from];
      if (is_letter(c) || is_digit(c)) {
        ++from;
      } else if (static_cast<unsigned char>(c) >= 0x80 && utf8_length(text_, from) > 1) {
        from += utf8_length(text_, from);
      } else {
        break;
      }
    }
    return from;
  }

  void next() {
    const char c = peek();
    if (is_digit(c)) return number();
    if (c == '"' || c == '\'') return quoted(c);
    if (c == '`') return backticks();
    if (c == '@') return instant();
    if (c == '$') return parameter();
    const std::size_t end = word_end(at_);
    if (end > at_) return add(TokenKind::kWord, end, std::string(text_.substr(at_, end - at_)));
    symbol();
  }

  void number() {
    std::size_t end = at_;
    const auto digits = [&] {
      while (end < text_.size() && is_digit(text_[end])) ++end;
    };
    const auto digit_at = [&](std::size_t i) { return i < text_.size() && is_digit(text_[i]); };
    digits();
    TokenKind kind = TokenKind::kInteger;
    if (end < text_.size() && text_[end] == '.' && digit_at(end + 1)) {
      kind = TokenKind::kDecimal;
      ++end;
      digits();
    }
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      const bool sign = end + 1 < text_.size() && (text_[end + 1] == '+' || text_[end + 1] == '-');
      if (digit_at(end + (sign ? 2 : 1))) {
        kind = TokenKind::kFloat;
        end += sign ? 2 : 1;
        digits();
      }
    }
    const std::size_t unit_end = word_end(end);
    if (unit_end == end) return add(kind, end, std::string(text_.substr(at_, end - at_)));
    if (kind == TokenKind::kInteger) {
      return add(TokenKind::kDuration, unit_end, std::string(text_.substr(at_, unit_end - at_)));
    }
    add_bad(unit_end, "a number runs into a word", "put a blank between them");
  }

  void quoted(char quote) {
    std::string value;
    std::size_t end = at_ + 1;
    bool valid = true;
    while (end < text_.size() && text_[end] != '\n') {
      const char c = text_[end];
      const char after = end + 1 < text_.size() ? text_[end + 1] : '\0';
      if (c == quote && after != quote) {
        if (!valid) return add_bad(end + 1, "this string is not valid UTF-8");
        return add(TokenKind::kString, end + 1, std::move(value));
      }
      if (c == quote) {
        value += quote;
        end += 2;
      } else if (c == '\\' && escape(after, value)) {
        end += 2;
      } else {
        const std::size_t length = utf8_length(text_, end);
        valid = valid && length > 0;
        value.append(text_.substr(end, length == 0 ? 1 : length));
        end += length == 0 ? 1 : length;
      }
    }
    add_bad(end, "this string does not end on its line", std::string("close it with ") + quote);
  }

  // Escapes are few; any other backslash stands for itself, so that `like` patterns stay readable.
  static bool escape(char c, std::string& value) {
    switch (c) {
      case 'n':
        value += '\n';
        return true;
      case 't':
        value += '\t';
        return true;
      case 'r':
        value += '\r';
        return true;
      case '\\':
      case '"':
      case '\'':
        value += c;
        return true;
      default:
        return false;
    }
  }

  void backticks() {
    const std::size_t close = text_.find_first_of("`\n", at_ + 1);
    if (close == std::string_view::npos || text_[close] != '`') {
      return add_bad(close == std::string_view::npos ? text_.size() : close,
                     "this quoted name does not end on its line", "close it with `");
    }
    const std::string_view name = text_.substr(at_ + 1, close - at_ - 1);
    for (std::size_t i = 0; i < name.size(); i += utf8_length(name, i)) {
      if (utf8_length(name, i) == 0) return add_bad(close + 1, "this name is not valid UTF-8");
    }
    if (name.empty()) return add_bad(close + 1, "a quoted name cannot be empty");
    add(TokenKind::kQuoted, close + 1, std::string(name));
  }

  // Does the text from `from` look like `pattern`, where 0 stands for any digit?
  bool matches(std::size_t from, std::string_view pattern) const {
    if (from + pattern.size() > text_.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const char c = text_[from + i];
      if (pattern[i] == '0' ? !is_digit(c) : c != pattern[i]) return false;
    }
    return true;
  }

  void instant() {
    std::size_t end = at_ + 1;
    if (!matches(end, "0000-00-00")) {
      while (end < text_.size() && (is_digit(text_[end]) || is_letter(text_[end]) ||
                                    text_[end] == '-' || text_[end] == ':')) {
        ++end;
      }
      return add_bad(end, "this is not a date", "write it like @2025-05-01");
    }
    end += 10;
    const char gap = end < text_.size() ? text_[end] : '\0';
    if ((gap == 'T' || gap == ' ') && matches(end + 1, "00:00")) {
      end += 6;
      if (matches(end, ":00")) end += 3;
      if (matches(end, ".0")) {
        ++end;
        while (end < text_.size() && is_digit(text_[end])) ++end;
      }
      if (end < text_.size() && text_[end] == 'Z') {
        ++end;
      } else if (matches(end, "+00:00") || matches(end, "-00:00")) {
        end += 6;
      }
    }
    if (word_end(end) != end) {
      return add_bad(word_end(end), "a date runs into a word", "put a blank between them");
    }
    add(TokenKind::kInstant, end, std::string(text_.substr(at_ + 1, end - at_ - 1)));
  }

  void parameter() {
    const std::size_t end = word_end(at_ + 1);
    if (end == at_ + 1) return add_bad(end, "a parameter's name must follow `$`");
    add(TokenKind::kParameter, end, std::string(text_.substr(at_ + 1, end - at_ - 1)));
  }

  void symbol() {
    for (const std::string_view symbol : kLongSymbols) {
      if (text_.substr(at_, symbol.size()) == symbol) {
        return add(TokenKind::kSymbol, at_ + symbol.size(), std::string(symbol));
      }
    }
    const char c = peek();
    if (kShortSymbols.find(c) != std::string_view::npos) {
      return add(TokenKind::kSymbol, at_ + 1, std::string(1, c));
    }
    // A run of bytes that are no UTF-8 is one fault.
    std::size_t end = at_ + 1;
    if (utf8_length(text_, at_) == 0) {
      while (end < text_.size() && utf8_length(text_, end) == 0) ++end;
      return add_bad(end, "these bytes are not valid UTF-8");
    }
    add_bad(end, "this character means nothing here");
  }

  std::string_view text_;
  std::size_t begin_;
  std::size_t at_;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(const SourceText& source) {
  const std::string_view text = source.text();
  std::vector<Token> tokens = Lexer(text, source.program_begin()).run();
  if (source.program_begin() > 0) {
    std::vector<Token> prelude = Lexer(text.substr(0, source.program_begin() - 1), 0).run();
    tokens.insert(tokens.begin(), std::make_move_iterator(prelude.begin()),
                  std::make_move_iterator(prelude.end()));
  }
  return tokens;
}

}  // namespace stave
