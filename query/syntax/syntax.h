// The syntax tree of a program, as written: no names resolved, no types known.
// Invariant: every node has the span of its text; no tree is deeper than kMaxDepth (parser.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "query/syntax/source_text.h"
#include "stave/type.h"

namespace stave {

struct NameSyntax {
  std::string text;
  Span span;
  bool quoted = false;  // in backticks: never a keyword
};

struct OverSyntax;
struct PipelineSyntax;

enum class SyntaxKind : std::uint8_t {
  kNull,
  kBool,       // text "true" or "false"
  kInteger,    // text
  kDecimal,    // text
  kFloat,      // text
  kString,     // text: its value
  kInstant,    // text: date or timestamp
  kDuration,   // text
  kParameter,  // text: name without $
  kPath,       // path
  kCall,       // text: function; children; over
  kNegate,
  kNot,
  kBinary,   // text: operator, "and" and "or" included; children: two, and/or: two or more
  kIs,       // children: two; negated
  kIsNull,   // child; negated
  kIn,       // children: x, then the list; negated
  kBetween,  // children: x, low, high; negated
  kLike,     // children: x; text: the pattern; negated
  kCase,     // children: when, then, ..., [else]
  kCast,     // child; type
};

struct ExpressionSyntax {
  SyntaxKind kind = SyntaxKind::kNull;
  Span span;
  std::string text;
  std::vector<NameSyntax> path;
  std::vector<ExpressionSyntax> children;
  std::unique_ptr<OverSyntax> over;
  Type type;
  bool negated = false;
  int depth = 1;
};

struct ItemSyntax {
  std::optional<NameSyntax> name;
  ExpressionSyntax expression;
};

struct AssignSyntax {
  NameSyntax name;
  ExpressionSyntax expression;
};

struct KeySyntax {
  ExpressionSyntax expression;
  bool descending = false;
};

struct OverSyntax {
  Span span;
  std::vector<ItemSyntax> per;
  std::vector<KeySyntax> sort;
  bool has_rows = false;
  std::optional<std::int64_t> rows_from;
  std::optional<std::int64_t> rows_to;
};

// `take 5` or `take $n`.
struct NumberSyntax {
  Span span;
  std::uint64_t value = 0;
  std::string parameter;  // not empty: `$` and this name
};

struct SourceSyntax {
  Span span;
  NameSyntax name;                           // empty where there is a pipeline
  std::shared_ptr<PipelineSyntax> pipeline;  // in parentheses
  std::optional<NameSyntax> alias;
};

struct WhereSyntax {
  ExpressionSyntax condition;
};
struct DeriveSyntax {
  std::vector<AssignSyntax> assigns;
};
struct SelectSyntax {
  std::vector<ItemSyntax> items;
};
struct DropSyntax {
  std::vector<NameSyntax> names;
};
struct RenameSyntax {
  struct Pair {
    NameSyntax to;
    NameSyntax from;
  };
  std::vector<Pair> pairs;
};
struct SummarizeSyntax {
  struct Part {
    NameSyntax name;
    std::optional<ExpressionSyntax> expression;  // absent: the name is a metric
  };
  std::vector<Part> parts;
  std::vector<ItemSyntax> by;
};
struct SortSyntax {
  std::vector<KeySyntax> keys;
};
struct TakeSyntax {
  NumberSyntax count;
  std::optional<NumberSyntax> offset;
};
struct TopSyntax {
  NumberSyntax count;
  bool with_ties = false;
  std::vector<KeySyntax> keys;
  std::vector<ItemSyntax> per;
};
struct DistinctSyntax {
  std::vector<ItemSyntax> items;
};
struct ExpandSyntax {
  AssignSyntax assign;
};
enum class JoinWord : std::uint8_t { kInner, kLeft, kFull, kSemi, kAnti };
struct JoinSyntax {
  JoinWord kind = JoinWord::kInner;
  bool many = false;
  SourceSyntax source;
  std::vector<NameSyntax> names;              // `on a, b`
  std::optional<ExpressionSyntax> condition;  // else
};
struct UnionSyntax {
  SourceSyntax source;
};
struct ExpectSyntax {
  ExpressionSyntax condition;
  std::optional<std::string> message;
};
struct DescribeSyntax {};

struct StageSyntax {
  Span span;
  Span word;
  std::variant<WhereSyntax, DeriveSyntax, SelectSyntax, DropSyntax, RenameSyntax, SummarizeSyntax,
               SortSyntax, TakeSyntax, TopSyntax, DistinctSyntax, ExpandSyntax, JoinSyntax,
               UnionSyntax, ExpectSyntax, DescribeSyntax>
      body;
};

struct PipelineSyntax {
  Span span;
  SourceSyntax source;
  std::vector<StageSyntax> stages;
};

struct ParamSyntax {
  NameSyntax name;
  Type type;
  Span type_span;
  std::optional<ExpressionSyntax> value;
};
struct SetSyntax {
  NameSyntax name;
  ExpressionSyntax value;
};
struct LetSyntax {
  NameSyntax name;
  PipelineSyntax pipeline;
};
struct MetricSyntax {
  NameSyntax name;
  std::vector<NameSyntax> parameters;
  ExpressionSyntax body;
};
using DeclarationSyntax = std::variant<ParamSyntax, SetSyntax, LetSyntax, MetricSyntax>;

struct ProgramSyntax {
  std::vector<DeclarationSyntax> declarations;
  std::vector<PipelineSyntax> pipelines;
};

}  // namespace stave
