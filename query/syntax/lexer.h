// Cuts a program into tokens.
// Invariant: any bytes give tokens, ending with kEnd, as does a prelude before them; what cannot be
// a token is one of kind kBad whose `message` says why. Token spans are in order and do not
// overlap.
#pragma once

#include <string>
#include <vector>

#include "query/syntax/source_text.h"

namespace stave {

enum class TokenKind {
  kEnd,
  kWord,       // an identifier or keyword; `text` is it
  kQuoted,     // `name` in backticks; `text` is the name
  kInteger,    // digits
  kDecimal,    // 1.5
  kFloat,      // 1e3
  kDuration,   // 10min: `text` as written
  kString,     // `text` is the value, escapes resolved
  kInstant,    // @2025-05-01 or @2025-05-01T10:00:00Z; `text` without the @
  kParameter,  // $name; `text` is the name
  kSymbol,     // an operator or a bracket; `text` is it
  kBad,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Span span;
  std::string text;
  std::string message = {};  // kBad
  std::string hint = {};     // kBad
};

std::vector<Token> tokenize(const SourceText& source);

}  // namespace stave
