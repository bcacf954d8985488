// Tokens, recovery, declarations and pipelines.
#include "query/syntax/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "query/syntax/spelling.h"

namespace stave {
namespace {

std::string describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd:
      return "the end of the program";
    case TokenKind::kString:
      return "a string";
    case TokenKind::kInstant:
      return "a date";
    case TokenKind::kParameter:
      return "`$" + token.text + "`";
    default:
      return "`" + token.text + "`";
  }
}

}  // namespace

ProgramSyntax parse(const SourceText& source, Diagnostics& diagnostics) {
  return Parser(source, diagnostics).program();
}

Parser::Nesting::Nesting(Parser& parser) : parser_(parser) {
  if (parser_.depth_ >= kMaxDepth) {
    parser_.stop("E003", parser_.peek().span,
                 fmt::format("nested deeper than {} levels", kMaxDepth),
                 "name a part of it with `derive` or `let`");
  }
  ++parser_.depth_;
}

const Token& Parser::peek(std::size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

const Token& Parser::take() {
  const Token& token = peek();
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

bool Parser::at_symbol(std::string_view symbol, std::size_t ahead) const {
  return peek(ahead).kind == TokenKind::kSymbol && peek(ahead).text == symbol;
}
bool Parser::at_word(std::string_view word, std::size_t ahead) const {
  return peek(ahead).kind == TokenKind::kWord && peek(ahead).text == word;
}
bool Parser::at_name(std::size_t ahead) const {
  return peek(ahead).kind == TokenKind::kWord || peek(ahead).kind == TokenKind::kQuoted;
}
bool Parser::accept_symbol(std::string_view symbol) {
  const bool found = at_symbol(symbol);
  if (found) take();
  return found;
}
bool Parser::accept_word(std::string_view word) {
  const bool found = at_word(word);
  if (found) take();
  return found;
}

void Parser::expect_symbol(std::string_view symbol, const char* where) {
  if (!accept_symbol(symbol)) stop_unexpected(fmt::format("`{}` {}", symbol, where));
}

NameSyntax Parser::expect_name(const char* what) {
  if (!at_name()) stop_unexpected(what);
  const Token& token = take();
  return {token.text, token.span, token.kind == TokenKind::kQuoted};
}

Span Parser::last_span() const {
  return at_ > 0 ? tokens_[at_ - 1].span : tokens_[0].span;
}

void Parser::stop(const char* code, Span span, std::string message, std::string hint,
                  std::vector<std::string> available) {
  diagnostics_.add({code, span, std::move(message), std::move(hint), std::move(available)});
  throw Stop{};
}

void Parser::stop_unexpected(const std::string& wanted, std::string hint) {
  const Token& token = peek();
  if (token.kind == TokenKind::kBad) stop("E001", token.span, token.message, token.hint);
  if (hint.empty() && token.text == "|" && at_symbol("|", 1)) hint = "for a logical or write `or`";
  if (hint.empty() && token.text == "&") hint = "for a logical and write `and`";
  if (hint.empty() && token.text == "=") hint = "to compare write `==`";
  if (hint.empty() && token.text == "!") hint = "to negate write `not`";
  if (hint.empty() && token.text == "<>") hint = "for unequal write `!=`";
  stop("E002", token.span, fmt::format("expected {}, found {}", wanted, describe(token)), hint);
}

void Parser::skip_to_stage_end() {
  int open = 0;
  for (; peek().kind != TokenKind::kEnd; take()) {
    if (at_symbol("(") || at_symbol("{")) ++open;
    if (at_symbol(")") || at_symbol("}")) --open;
    if (open < 0 && source_parentheses_ > 0) return;
    open = std::max(open, 0);  // the end of a parenthesis that the fault was in
    if (at_symbol(";") || (open == 0 && at_symbol("|"))) return;
  }
}

void Parser::skip_to_semicolon() {
  while (peek().kind != TokenKind::kEnd && !at_symbol(";")) take();
}

bool Parser::at_declaration() const {
  static constexpr std::array<std::string_view, 4> kWords = {"param", "set", "let", "metric"};
  for (const std::string_view word : kWords) {
    if (at_word(word) && at_name(1)) return true;
  }
  return false;
}

// Metrics that are kept in a file of their own.
void Parser::prelude(ProgramSyntax& program) {
  while (peek().kind != TokenKind::kEnd && !diagnostics_.full()) {
    try {
      if (!at_word("metric") || !at_name(1)) {
        stop_unexpected("`metric` and a name",
                        "a file of metrics holds nothing else, e.g. `metric plays = count();`");
      }
      declaration(program);
    } catch (const Stop&) {
      skip_to_semicolon();
    }
    accept_symbol(";");
  }
  take();
}

ProgramSyntax Parser::program() {
  ProgramSyntax program;
  if (has_prelude_) prelude(program);
  while (peek().kind != TokenKind::kEnd && !diagnostics_.full()) {
    try {
      if (at_declaration()) {
        if (!program.pipelines.empty()) {
          stop("E006", peek().span, "declarations come before the first pipeline",
               "move it to the top");
        }
        declaration(program);
      } else {
        if (!at_word("from")) {
          const std::vector<std::string> words = {"from", "param", "set", "let", "metric"};
          stop_unexpected("`from`, or a declaration (`param`, `set`, `let`, `metric`)",
                          did_you_mean(peek().text, words));
        }
        program.pipelines.push_back(pipeline());
        if (peek().kind != TokenKind::kEnd && !at_symbol(";")) {
          stop_unexpected("`|` and a stage, or `;`");
        }
      }
    } catch (const Stop&) {
      skip_to_semicolon();
    }
    accept_symbol(";");
  }
  if (program.pipelines.empty() && diagnostics_.empty()) {
    diagnostics_.add({"E002", peek().span, "the program has no pipeline",
                      "begin one with `from` and a table, e.g. `from streams | take 10`"});
  }
  return program;
}

void Parser::declaration(ProgramSyntax& program) {
  const std::string word = take().text;
  if (word == "param") {
    program.declarations.emplace_back(param());
  } else if (word == "set") {
    NameSyntax name = expect_name("the name of a setting");
    expect_symbol("=", "after the setting's name");
    ExpressionSyntax value = expression();
    program.declarations.emplace_back(SetSyntax{std::move(name), std::move(value)});
  } else if (word == "let") {
    NameSyntax name = expect_name("a name for the relation");
    expect_symbol("=", "after the relation's name");
    if (!at_word("from")) stop_unexpected("`from`", "`let` names a pipeline");
    PipelineSyntax relation = pipeline();
    program.declarations.emplace_back(LetSyntax{std::move(name), std::move(relation)});
  } else {
    program.declarations.emplace_back(metric());
  }
  if (!at_symbol(";")) stop_unexpected("`;` at the end of the declaration");
}

ParamSyntax Parser::param() {
  ParamSyntax param;
  param.name = expect_name("a name for the parameter");
  expect_symbol(":", "and a type after the parameter's name");
  const Span begin = peek().span;
  param.type = type();
  param.type_span = cover(begin, last_span());
  if (accept_symbol("=")) param.value = expression();
  return param;
}

MetricSyntax Parser::metric() {
  MetricSyntax metric;
  metric.name = expect_name("a name for the metric");
  if (accept_symbol("(")) {
    metric.parameters = names("a name for the metric's parameter");
    expect_symbol(")", "after the metric's parameters");
  }
  expect_symbol("=", "and an aggregate after the metric's name");
  metric.body = expression();
  return metric;
}

PipelineSyntax Parser::pipeline() {
  const Nesting nesting(*this);
  PipelineSyntax pipeline;
  const Span begin = peek().span;
  if (!accept_word("from")) stop_unexpected("`from`");
  pipeline.source = source();
  stages(pipeline);
  pipeline.span = cover(begin, last_span());
  return pipeline;
}

SourceSyntax Parser::source() {
  SourceSyntax source;
  const Span begin = peek().span;
  if (accept_symbol("(")) {
    ++source_parentheses_;
    try {
      source.pipeline = std::make_shared<PipelineSyntax>(pipeline());
    } catch (const Stop&) {
      --source_parentheses_;
      throw;
    }
    --source_parentheses_;
    expect_symbol(")", "after the pipeline");
  } else {
    source.name = expect_name("a table, a `let` relation or a pipeline in parentheses");
    // A report's name has a dot; it needs no backticks here.
    while (at_symbol(".") && at_name(1)) {
      take();
      const Token& part = take();
      source.name.text += "." + part.text;
      source.name.span = cover(source.name.span, part.span);
    }
  }
  source.span = cover(begin, last_span());
  if (at_word("as")) {
    take();
    source.alias = expect_name("a name after `as`");
  }
  return source;
}

void Parser::stages(PipelineSyntax& pipeline) {
  while (at_symbol("|")) {
    take();
    if (++stage_count_ > kMaxStages) {
      stop("E003", peek().span, fmt::format("the program has more than {} stages", kMaxStages));
    }
    StageSyntax next;
    const Span begin = peek().span;
    try {
      next.word = begin;
      stage(next);
      next.span = cover(begin, last_span());
      pipeline.stages.push_back(std::move(next));
      if (peek().kind != TokenKind::kEnd && !at_symbol("|") && !at_symbol(";") && !at_symbol(")")) {
        stop_unexpected("`|` and the next stage, or the end");
      }
    } catch (const Stop&) {
      if (diagnostics_.full()) throw;
      skip_to_stage_end();
    }
  }
}

}  // namespace stave
