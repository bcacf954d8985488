// One function for each stage of a pipeline.
#include <fmt/format.h>

#include <charconv>

#include "query/syntax/parser.h"
#include "query/syntax/spelling.h"
#include "stave/program.h"

namespace stave {

const std::vector<std::string>& stage_words() {
  static const std::vector<std::string> words = {
      "where", "derive",   "select", "drop", "rename", "summarize", "sort",    "take",
      "top",   "distinct", "expand", "join", "union",  "expect",    "describe"};
  return words;
}

namespace {

// What people who come from elsewhere write.
std::string foreign_stage(std::string_view word) {
  if (word == "filter" || word == "having") return "did you mean `where`?";
  if (word == "limit" || word == "head") return "did you mean `take`?";
  if (word == "mutate" || word == "extend" || word == "let") return "did you mean `derive`?";
  if (word == "group" || word == "aggregate" || word == "group_by") {
    return "did you mean `summarize ... by ...`?";
  }
  if (word == "order" || word == "arrange") return "did you mean `sort`?";
  if (word == "project") return "did you mean `select`?";
  return "";
}

}  // namespace

void Parser::stage(StageSyntax& stage) {
  const Token word = peek();
  const auto is = [&](std::string_view name) { return accept_word(name); };
  if (is("where")) {
    stage.body = WhereSyntax{expression()};
  } else if (is("derive")) {
    DeriveSyntax derive;
    do derive.assigns.push_back(assign("derive"));
    while (accept_symbol(","));
    stage.body = std::move(derive);
  } else if (is("select")) {
    stage.body = SelectSyntax{items()};
  } else if (is("drop")) {
    stage.body = DropSyntax{names("a column to drop")};
  } else if (is("rename")) {
    stage.body = rename();
  } else if (is("summarize")) {
    stage.body = summarize();
  } else if (is("sort")) {
    stage.body = SortSyntax{keys()};
  } else if (is("take")) {
    TakeSyntax take_stage;
    take_stage.count = number("a number of rows");
    if (accept_word("offset")) take_stage.offset = number("a number of rows to leave out");
    stage.body = std::move(take_stage);
  } else if (is("top")) {
    stage.body = top();
  } else if (is("distinct")) {
    DistinctSyntax distinct;
    if (peek().kind != TokenKind::kEnd && !at_symbol("|") && !at_symbol(";") && !at_symbol(")")) {
      distinct.items = items();
    }
    stage.body = std::move(distinct);
  } else if (is("expand")) {
    stage.body = ExpandSyntax{assign("expand")};
  } else if (is("join")) {
    stage.body = join();
  } else if (is("union")) {
    stage.body = UnionSyntax{source()};
  } else if (is("expect")) {
    ExpectSyntax expect;
    expect.condition = expression();
    if (accept_word("else")) {
      if (peek().kind != TokenKind::kString) stop_unexpected("a string after `else`");
      expect.message = take().text;
    }
    stage.body = std::move(expect);
  } else if (is("describe")) {
    stage.body = DescribeSyntax{};
  } else if (word.kind == TokenKind::kWord) {
    std::string hint = foreign_stage(word.text);
    if (hint.empty()) hint = did_you_mean(word.text, stage_words());
    stop("E007", word.span, fmt::format("no stage `{}`", word.text), hint, stage_words());
  } else {
    stop_unexpected("a stage", "");
  }
}

RenameSyntax Parser::rename() {
  RenameSyntax rename;
  do {
    NameSyntax to = expect_name("the new name of a column");
    expect_symbol("=", "and the column's present name");
    rename.pairs.push_back({std::move(to), expect_name("the column's present name")});
  } while (accept_symbol(","));
  return rename;
}

SummarizeSyntax Parser::summarize() {
  SummarizeSyntax summarize;
  const bool keys_only = at_word("by") && !at_symbol("=", 1);
  if (!keys_only) {
    do {
      if (at_name() && at_symbol("(", 1)) {
        stop("E008", peek().span, "an aggregate needs a name here",
             fmt::format("write `name = {}(...)`", peek().text));
      }
      NameSyntax name = expect_name("a name and an aggregate, e.g. `plays = count()`");
      if (accept_symbol("=")) {
        summarize.parts.push_back({std::move(name), expression()});
      } else {
        summarize.parts.push_back({std::move(name), std::nullopt});
      }
    } while (accept_symbol(","));
  }
  if (accept_word("by")) summarize.by = items();
  return summarize;
}

TopSyntax Parser::top() {
  TopSyntax top;
  top.count = number("a number of rows");
  if (accept_word("with")) {
    if (!accept_word("ties")) stop_unexpected("`ties` after `with`");
    top.with_ties = true;
  }
  if (!accept_word("by")) stop_unexpected("`by` and what to order by");
  top.keys = keys();
  if (accept_word("per")) top.per = items();
  return top;
}

JoinSyntax Parser::join() {
  JoinSyntax join;
  const Token kind = peek();
  if (accept_word("inner")) {
    join.kind = JoinWord::kInner;
  } else if (accept_word("left")) {
    join.kind = JoinWord::kLeft;
  } else if (accept_word("full")) {
    join.kind = JoinWord::kFull;
  } else if (accept_word("semi")) {
    join.kind = JoinWord::kSemi;
  } else if (accept_word("anti")) {
    join.kind = JoinWord::kAnti;
  } else {
    stop_unexpected("the kind of join", "say which: `inner`, `left`, `full`, `semi` or `anti`");
  }
  // A relation may be called `many`: then `on` or `as` follows at once.
  if (at_word("many") && !at_word("on", 1) && !at_word("as", 1)) {
    take();
    join.many = true;
  }
  join.source = source();
  if (!accept_word("on")) stop_unexpected("`on` and the keys of the join");
  const auto ends = [&](std::size_t ahead) {
    return at_symbol(",", ahead) || at_symbol("|", ahead) || at_symbol(";", ahead) ||
           at_symbol(")", ahead) || peek(ahead).kind == TokenKind::kEnd;
  };
  if (at_name() && ends(1)) {
    join.names = names("a column that both sides have");
  } else {
    join.condition = expression();
    if (at_symbol(",")) stop_unexpected("the end of the join", "join conditions with `and`");
  }
  return join;
}

AssignSyntax Parser::assign(const char* stage) {
  if (at_name() && !at_symbol("=", 1)) {
    stop("E008", peek().span, fmt::format("`{}` needs a name for what it makes", stage),
         fmt::format("write `{} name = ...`", stage));
  }
  NameSyntax name = expect_name("a name for the new column");
  expect_symbol("=", "after the new column's name");
  ExpressionSyntax value = expression();
  return {std::move(name), std::move(value)};
}

ItemSyntax Parser::item() {
  ItemSyntax item;
  if (at_name() && at_symbol("=", 1)) {
    item.name = expect_name("a name");
    take();
  }
  item.expression = expression();
  return item;
}

std::vector<ItemSyntax> Parser::items() {
  std::vector<ItemSyntax> list;
  do list.push_back(item());
  while (accept_symbol(","));
  return list;
}

KeySyntax Parser::key() {
  KeySyntax key;
  key.expression = expression();
  if (accept_word("desc")) {
    key.descending = true;
  } else {
    accept_word("asc");
  }
  return key;
}

std::vector<KeySyntax> Parser::keys() {
  std::vector<KeySyntax> list;
  do list.push_back(key());
  while (accept_symbol(","));
  return list;
}

std::vector<NameSyntax> Parser::names(const char* what) {
  std::vector<NameSyntax> list;
  do list.push_back(expect_name(what));
  while (accept_symbol(","));
  return list;
}

NumberSyntax Parser::number(const char* what) {
  NumberSyntax number;
  const Token& token = peek();
  number.span = token.span;
  if (token.kind == TokenKind::kParameter) {
    number.parameter = take().text;
    return number;
  }
  if (token.kind != TokenKind::kInteger) stop_unexpected(what);
  const char* end = token.text.data() + token.text.size();
  if (std::from_chars(token.text.data(), end, number.value).ec != std::errc{} ||
      number.value > static_cast<std::uint64_t>(INT64_MAX)) {
    stop("E004", token.span, "this number is too large");
  }
  take();
  return number;
}

}  // namespace stave
