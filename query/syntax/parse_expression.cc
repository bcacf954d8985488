// Expressions by precedence, loosest first: or, and, not, comparison, sum, product, minus, cast.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "query/syntax/parser.h"
#include "query/syntax/spelling.h"

namespace stave {

ExpressionSyntax Parser::node(SyntaxKind kind, Span begin, std::vector<ExpressionSyntax> children) {
  ExpressionSyntax made;
  made.kind = kind;
  made.span = cover(begin, last_span());
  for (const ExpressionSyntax& child : children) made.depth = std::max(made.depth, child.depth + 1);
  made.children = std::move(children);
  if (made.depth > kMaxDepth) {
    stop("E003", made.span, fmt::format("nested deeper than {} levels", kMaxDepth),
         "name a part of it with `derive`");
  }
  return made;
}

namespace {

template <typename... Parts>
std::vector<ExpressionSyntax> list_of(Parts&&... parts) {
  std::vector<ExpressionSyntax> list;
  list.reserve(sizeof...(parts));
  (list.push_back(std::forward<Parts>(parts)), ...);
  return list;
}

}  // namespace

ExpressionSyntax Parser::expression() {
  const Nesting nesting(*this);
  ExpressionSyntax first = conjunction();
  if (!at_word("or")) return first;
  const Span begin = first.span;
  std::vector<ExpressionSyntax> parts = list_of(std::move(first));
  while (accept_word("or")) parts.push_back(conjunction());
  ExpressionSyntax made = node(SyntaxKind::kBinary, begin, std::move(parts));
  made.text = "or";
  return made;
}

ExpressionSyntax Parser::conjunction() {
  ExpressionSyntax first = negation();
  if (!at_word("and")) return first;
  const Span begin = first.span;
  std::vector<ExpressionSyntax> parts = list_of(std::move(first));
  while (accept_word("and")) parts.push_back(negation());
  ExpressionSyntax made = node(SyntaxKind::kBinary, begin, std::move(parts));
  made.text = "and";
  return made;
}

ExpressionSyntax Parser::negation() {
  if (!at_word("not")) return comparison();
  const Nesting nesting(*this);
  const Span begin = take().span;
  return node(SyntaxKind::kNot, begin, list_of(negation()));
}

ExpressionSyntax Parser::comparison() {
  ExpressionSyntax left = sum();
  const Span begin = left.span;
  const auto compares = [&] {
    return at_symbol("==") || at_symbol("!=") || at_symbol("<") || at_symbol("<=") ||
           at_symbol(">") || at_symbol(">=");
  };
  if (compares()) {
    const std::string symbol = take().text;
    ExpressionSyntax right = sum();
    ExpressionSyntax made =
        node(SyntaxKind::kBinary, begin, list_of(std::move(left), std::move(right)));
    made.text = symbol;
    if (compares()) {
      stop("E009", peek().span, "comparisons do not chain", "join two of them with `and`");
    }
    return made;
  }
  if (accept_word("is")) {
    const bool negated = accept_word("not");
    if (accept_word("null")) {
      ExpressionSyntax made = node(SyntaxKind::kIsNull, begin, list_of(std::move(left)));
      made.negated = negated;
      return made;
    }
    ExpressionSyntax right = sum();
    ExpressionSyntax made =
        node(SyntaxKind::kIs, begin, list_of(std::move(left), std::move(right)));
    made.negated = negated;
    return made;
  }
  const bool negated = at_word("not") && (at_word("in", 1) || at_word("like", 1));
  if (negated) take();
  if (at_word("in") || at_word("like")) return membership(std::move(left), negated);
  return left;
}

// Does the bracket after `in` hold a list? Not where its end is followed by more of a bound.
bool Parser::list_follows() const {
  int open = 0;
  for (std::size_t ahead = 0; peek(ahead).kind != TokenKind::kEnd; ++ahead) {
    if (at_symbol("(", ahead)) ++open;
    if (at_symbol(")", ahead) && --open == 0) {
      for (const char* more : {"..", "+", "-", "*", "/", "//", "%", "::"}) {
        if (at_symbol(more, ahead + 1)) return false;
      }
      return true;
    }
    if (at_symbol(";", ahead)) return true;
  }
  return true;
}

ExpressionSyntax Parser::membership(ExpressionSyntax left, bool negated) {
  const Span begin = left.span;
  if (accept_word("like")) {
    if (peek().kind != TokenKind::kString) stop_unexpected("a pattern in quotes after `like`");
    std::string pattern = take().text;
    ExpressionSyntax made = node(SyntaxKind::kLike, begin, list_of(std::move(left)));
    made.text = std::move(pattern);
    made.negated = negated;
    return made;
  }
  take();
  std::vector<ExpressionSyntax> parts = list_of(std::move(left));
  SyntaxKind kind = SyntaxKind::kIn;
  if (at_symbol("(") && list_follows()) {
    take();
    do parts.push_back(expression());
    while (accept_symbol(","));
    expect_symbol(")", "after the list");
  } else {
    kind = SyntaxKind::kBetween;
    parts.push_back(sum());
    expect_symbol("..", "between the two bounds, or a list in parentheses after `in`");
    parts.push_back(sum());
  }
  ExpressionSyntax made = node(kind, begin, std::move(parts));
  made.negated = negated;
  return made;
}

ExpressionSyntax Parser::sum() {
  ExpressionSyntax left = product();
  while (at_symbol("+") || at_symbol("-")) {
    const Span begin = left.span;
    const std::string symbol = take().text;
    ExpressionSyntax right = product();
    left = node(SyntaxKind::kBinary, begin, list_of(std::move(left), std::move(right)));
    left.text = symbol;
  }
  return left;
}

ExpressionSyntax Parser::product() {
  ExpressionSyntax left = unary();
  while (at_symbol("*") || at_symbol("/") || at_symbol("//") || at_symbol("%")) {
    const Span begin = left.span;
    const std::string symbol = take().text;
    ExpressionSyntax right = unary();
    left = node(SyntaxKind::kBinary, begin, list_of(std::move(left), std::move(right)));
    left.text = symbol;
  }
  return left;
}

ExpressionSyntax Parser::unary() {
  if (!at_symbol("-")) return cast();
  const Nesting nesting(*this);
  const Span begin = take().span;
  return node(SyntaxKind::kNegate, begin, list_of(unary()));
}

ExpressionSyntax Parser::cast() {
  ExpressionSyntax value = primary();
  while (accept_symbol("::")) {
    const Span begin = value.span;
    const Type to = type();
    value = node(SyntaxKind::kCast, begin, list_of(std::move(value)));
    value.type = to;
  }
  return value;
}

ExpressionSyntax Parser::primary() {
  const Token& token = peek();
  const auto literal = [&](SyntaxKind kind) {
    std::string text = take().text;
    ExpressionSyntax made = node(kind, last_span(), {});
    made.text = std::move(text);
    return made;
  };
  switch (token.kind) {
    case TokenKind::kInteger:
      return literal(SyntaxKind::kInteger);
    case TokenKind::kDecimal:
      return literal(SyntaxKind::kDecimal);
    case TokenKind::kFloat:
      return literal(SyntaxKind::kFloat);
    case TokenKind::kString:
      return literal(SyntaxKind::kString);
    case TokenKind::kInstant:
      return literal(SyntaxKind::kInstant);
    case TokenKind::kDuration:
      return literal(SyntaxKind::kDuration);
    case TokenKind::kParameter:
      return literal(SyntaxKind::kParameter);
    case TokenKind::kQuoted:
      return path();
    case TokenKind::kWord:
      if (at_symbol("(", 1)) return call();
      if (token.text == "true" || token.text == "false") return literal(SyntaxKind::kBool);
      if (token.text == "null") return literal(SyntaxKind::kNull);
      if (token.text == "case" && at_symbol("{", 1)) return case_arms();
      return path();
    default:
      break;
  }
  if (at_symbol("(")) {
    const Span begin = take().span;
    ExpressionSyntax inner = expression();
    expect_symbol(")", "to close the parenthesis");
    inner.span = cover(begin, last_span());
    return inner;
  }
  stop_unexpected("a value");
}

ExpressionSyntax Parser::path() {
  std::vector<NameSyntax> parts = {expect_name("a name")};
  while (at_symbol(".")) {
    take();
    parts.push_back(expect_name("a name after `.`"));
  }
  if (at_symbol("(")) {
    stop("E002", peek().span, "a function's name has no dots",
         "there are no methods: write `function(value)`");
  }
  ExpressionSyntax made = node(SyntaxKind::kPath, parts.front().span, {});
  made.path = std::move(parts);
  return made;
}

ExpressionSyntax Parser::call() {
  const Token name = take();
  take();
  std::vector<ExpressionSyntax> arguments;
  if (!at_symbol(")")) {
    do arguments.push_back(expression());
    while (accept_symbol(","));
  }
  expect_symbol(")", "after the function's arguments");
  ExpressionSyntax made = node(SyntaxKind::kCall, name.span, std::move(arguments));
  made.text = name.text;
  if (at_word("over") && at_symbol("(", 1)) {
    made.over = over();
    made.span = cover(made.span, last_span());
  }
  return made;
}

ExpressionSyntax Parser::case_arms() {
  const Span begin = take().span;
  take();
  std::vector<ExpressionSyntax> parts;
  bool closed = false;
  while (!closed) {
    if (at_word("else") && at_symbol("=>", 1)) {
      take();
      take();
      parts.push_back(expression());
      accept_symbol(",");
      expect_symbol("}", "after `else`, which comes last");
      break;
    }
    parts.push_back(expression());
    expect_symbol("=>", "and a value after the condition");
    parts.push_back(expression());
    const bool comma = accept_symbol(",");
    closed = accept_symbol("}");
    if (!closed && !comma) stop_unexpected("`,` or `}` after an arm of `case`");
  }
  return node(SyntaxKind::kCase, begin, std::move(parts));
}

std::unique_ptr<OverSyntax> Parser::over() {
  auto over = std::make_unique<OverSyntax>();
  over->span = take().span;
  take();
  if (accept_word("per")) over->per = items();
  if (accept_word("sort")) over->sort = keys();
  if (accept_word("rows")) {
    over->has_rows = true;
    over->rows_from = frame_bound();
    expect_symbol("..", "between the first and the last row of the frame");
    over->rows_to = frame_bound();
  }
  expect_symbol(")", "to close `over (per ... sort ... rows ...)`");
  over->span = cover(over->span, last_span());
  return over;
}

std::optional<std::int64_t> Parser::frame_bound() {
  const bool negative = accept_symbol("-");
  if (peek().kind != TokenKind::kInteger) {
    if (negative) stop_unexpected("a number of rows after `-`");
    return std::nullopt;
  }
  const std::int64_t value = static_cast<std::int64_t>(number("a number of rows").value);
  return negative ? -value : value;
}

Type Parser::type() {
  static const std::vector<std::string> kNames = {"bool", "i64",       "f64",    "string",
                                                  "date", "timestamp", "decimal"};
  const NameSyntax name = expect_name("a type");
  if (name.text == "bool") return kBoolType;
  if (name.text == "i64") return kInt64Type;
  if (name.text == "f64") return kFloat64Type;
  if (name.text == "string") return kStringType;
  if (name.text == "date") return kDateType;
  if (name.text == "timestamp") return kTimestampType;
  if (name.text != "decimal") {
    stop("E010", name.span, fmt::format("no type `{}`", name.text), did_you_mean(name.text, kNames),
         kNames);
  }
  expect_symbol("(", "and the digits of the decimal, e.g. decimal(18,2)");
  const NumberSyntax precision = number("how many digits the decimal has");
  expect_symbol(",", "and how many digits follow the point");
  const NumberSyntax scale = number("how many digits follow the point");
  expect_symbol(")", "after the decimal's digits");
  if (precision.value < 1 || precision.value > kMaxDecimalPrecision ||
      scale.value > precision.value) {
    stop("E010", cover(name.span, last_span()),
         "a decimal has 1 to 38 digits, and at most all of them follow the point");
  }
  return decimal_type(static_cast<std::uint8_t>(precision.value),
                      static_cast<std::uint8_t>(scale.value));
}

}  // namespace stave
