// Recursive descent over tokens.
// Invariant: never fails on any token sequence: faults go to the diagnostics, and parsing goes on
// at the next stage or declaration. Recursion is bounded by kMaxDepth, a program's stages by
// kMaxStages, so that no later pass can run out of stack.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "query/syntax/diagnostics.h"
#include "query/syntax/lexer.h"
#include "query/syntax/syntax.h"

namespace stave {

inline constexpr int kMaxDepth = 200;
inline constexpr std::size_t kMaxStages = 400;

// Check `diagnostics.empty()` before using the tree.
ProgramSyntax parse(const SourceText& source, Diagnostics& diagnostics);

// One recursive-descent pass; `parse` is the way to use it.
class Parser {
 public:
  Parser(const SourceText& source, Diagnostics& diagnostics)
      : tokens_(tokenize(source)),
        has_prelude_(source.program_begin() > 0),
        diagnostics_(diagnostics) {}
  ProgramSyntax program();

 private:
  struct Stop {};  // thrown to the nearest recovery point, after the fault was noted

  // Tokens (parser.cc).
  const Token& peek(std::size_t ahead = 0) const;
  const Token& take();
  bool at_symbol(std::string_view symbol, std::size_t ahead = 0) const;
  bool at_word(std::string_view word, std::size_t ahead = 0) const;
  bool at_name(std::size_t ahead = 0) const;
  bool accept_symbol(std::string_view symbol);
  bool accept_word(std::string_view word);
  void expect_symbol(std::string_view symbol, const char* where);
  NameSyntax expect_name(const char* what);
  Span last_span() const;
  [[noreturn]] void stop(const char* code, Span span, std::string message, std::string hint = "",
                         std::vector<std::string> available = {});
  [[noreturn]] void stop_unexpected(const std::string& wanted, std::string hint = "");
  void skip_to_stage_end();
  void skip_to_semicolon();

  // Declarations and pipelines (parser.cc).
  void prelude(ProgramSyntax& program);
  bool at_declaration() const;
  void declaration(ProgramSyntax& program);
  ParamSyntax param();
  MetricSyntax metric();
  PipelineSyntax pipeline();
  SourceSyntax source();
  void stages(PipelineSyntax& pipeline);

  // Stages (parse_stage.cc).
  void stage(StageSyntax& stage);
  RenameSyntax rename();
  SummarizeSyntax summarize();
  TopSyntax top();
  JoinSyntax join();
  AssignSyntax assign(const char* stage);
  ItemSyntax item();
  std::vector<ItemSyntax> items();
  KeySyntax key();
  std::vector<KeySyntax> keys();
  std::vector<NameSyntax> names(const char* what);
  NumberSyntax number(const char* what);

  // Expressions (parse_expression.cc).
  ExpressionSyntax expression();
  ExpressionSyntax conjunction();
  ExpressionSyntax negation();
  ExpressionSyntax comparison();
  ExpressionSyntax membership(ExpressionSyntax left, bool negated);
  ExpressionSyntax sum();
  ExpressionSyntax product();
  ExpressionSyntax unary();
  ExpressionSyntax cast();
  ExpressionSyntax primary();
  ExpressionSyntax call();
  ExpressionSyntax case_arms();
  ExpressionSyntax path();
  std::unique_ptr<OverSyntax> over();
  std::optional<std::int64_t> frame_bound();
  Type type();
  bool list_follows() const;
  ExpressionSyntax node(SyntaxKind kind, Span begin, std::vector<ExpressionSyntax> children);

  // Counts nesting for as long as it lives.
  class Nesting {
   public:
    explicit Nesting(Parser& parser);
    ~Nesting() { --parser_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Parser& parser_;
  };

  std::vector<Token> tokens_;
  bool has_prelude_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int source_parentheses_ = 0;  // that the present stage is inside of
  std::size_t stage_count_ = 0;
};

}  // namespace stave
