// What fits on a line stays on one; what does not is broken first at its stages, then at its
// clauses, then at its commas, `and`s and `or`s, then inside its brackets.
#include "query/syntax/format_program.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "query/syntax/layout_marks.h"
#include "query/syntax/lexer.h"

namespace stave {
namespace {

constexpr std::size_t kShortPipeline = 80;  // columns of a pipeline that stays on one line
constexpr std::size_t kLine = 100;
constexpr std::size_t kStep = 2;

struct Comment {
  std::string_view text;  // with its `#`
  bool after_blank_line = false;
};

// A token and what stands around it.
struct Piece {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // as written
  std::vector<Comment> before;
  std::string_view behind;  // a comment on the token's line
  bool after_blank_line = false;
  bool is_call = false;
  bool is_sign = false;
  bool is_type = false;
  bool opens_clause = false;  // the word itself
  bool opens_term = false;
};

struct Range {
  std::size_t begin;
  std::size_t end;
};

// Comments and blank lines of the text between two tokens.
void note_gap(std::string_view gap, bool at_start, Piece* before, Piece& after) {
  bool same_line = !at_start;
  int line_ends = 0;
  for (std::size_t at = 0; at < gap.size();) {
    if (gap[at] == '#') {
      std::size_t end = std::min(gap.find('\n', at), gap.size());
      std::string_view text = gap.substr(at, end - at);
      while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
        text.remove_suffix(1);
      }
      if (same_line && before != nullptr) {
        before->behind = text;
      } else {
        after.before.push_back({text, line_ends > 1});
      }
      line_ends = 0;
      at = end;
    } else {
      if (gap[at] == '\n') {
        ++line_ends;
        same_line = false;
      }
      ++at;
    }
  }
  after.after_blank_line = line_ends > 1;
}

class Layout {
 public:
  Layout(const SourceText& source, const ProgramSyntax& program) {
    const std::vector<Token> tokens = tokenize(source);
    pieces_.resize(tokens.size());
    std::uint32_t last = source.text().starts_with("\xEF\xBB\xBF") ? 3 : 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      pieces_[i].kind = tokens[i].kind;
      pieces_[i].text = source.slice(tokens[i].span);
      note_gap(source.slice({last, tokens[i].span.begin}), i == 0,
               i == 0 ? nullptr : &pieces_[i - 1], pieces_[i]);
      last = tokens[i].span.end;
    }
    mark(tokens, marks_of(program));
  }

  std::string run() {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (is(i, ";") || pieces_[i].kind == TokenKind::kEnd) {
        if (begin < i || is(i, ";")) statement({begin, is(i, ";") ? i + 1 : i});
        begin = i + 1;
      }
    }
    separate_ = true;
    comments_before(pieces_.size() - 1);
    return std::move(out_);
  }

 private:
  bool is(std::size_t i, std::string_view symbol) const {
    return pieces_[i].kind == TokenKind::kSymbol && pieces_[i].text == symbol;
  }
  bool is_word(std::size_t i, std::string_view word) const {
    return pieces_[i].kind == TokenKind::kWord && pieces_[i].text == word;
  }
  bool opens(std::size_t i) const { return is(i, "(") || is(i, "{"); }
  bool closes(std::size_t i) const { return is(i, ")") || is(i, "}"); }

  void mark(const std::vector<Token>& tokens, const LayoutMarks& marks) {
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      const std::uint32_t begin = tokens[i].span.begin;
      if (marks.types.count(begin) > 0 || (i > 0 && is(i - 1, "::"))) pieces_[i].is_type = true;
      if (i > 0 && marks.clauses.count(begin) > 0) pieces_[i - 1].opens_clause = true;
      if (i > 0 && marks.terms.count(begin) > 0) pieces_[i - 1].opens_term = true;
      // An expression in parentheses begins with them.
      std::size_t inner = i;
      while (is(inner, "(")) ++inner;
      if (marks.calls.count(begin) > 0) pieces_[inner].is_call = true;
      if (marks.signs.count(begin) > 0) pieces_[inner].is_sign = true;
      if (is(i, "-") && i > 0 && (is_word(i - 1, "rows") || is(i - 1, ".."))) {
        pieces_[i].is_sign = true;
      }
    }
  }

  bool blank_between(std::size_t left, std::size_t right) const {
    if (opens(left) || closes(right)) return is(left, "{") || is(right, "}");
    if (is(right, ",") || is(right, ";") || is(right, ":")) return false;
    if (is(left, ".") || is(right, ".") || is(left, "::") || is(right, "::")) return false;
    if (pieces_[left].is_sign) return false;
    if (is(left, ",")) return !in_type_digits(left);
    if (is(right, "(")) return !pieces_[left].is_call && !pieces_[left].is_type;
    return true;
  }
  // The comma of `decimal(18,2)`.
  bool in_type_digits(std::size_t comma) const {
    return comma >= 3 && is(comma - 2, "(") && pieces_[comma - 3].is_type;
  }

  // Columns of the range on one line; more than any line where a comment stands in it.
  std::size_t width(Range range) const {
    std::size_t sum = 0;
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (i > range.begin && !pieces_[i].before.empty()) return kTooWide;
      if (i + 1 < range.end && !pieces_[i].behind.empty()) return kTooWide;
      sum += count_characters(pieces_[i].text);
      if (i > range.begin && blank_between(i - 1, i)) ++sum;
    }
    return sum;
  }

  void new_line(std::size_t indent) {
    if (!at_line_begin_) out_ += '\n';
    at_line_begin_ = true;
    indent_ = indent;
    column_ = 0;
  }
  void comments_before(std::size_t i) {
    for (const Comment& comment : pieces_[i].before) {
      new_line(indent_);
      if (separate_ && comment.after_blank_line && !out_.empty()) out_ += '\n';
      out_.append(indent_, ' ').append(comment.text) += '\n';
    }
  }
  void put(std::size_t i) {
    comments_before(i);
    const Piece& piece = pieces_[i];
    if (at_line_begin_) {
      if (separate_ && piece.after_blank_line && !out_.empty()) out_ += '\n';
      out_.append(indent_, ' ');
      column_ = indent_;
    } else if (blank_between(i - 1, i)) {
      out_ += ' ';
      ++column_;
    }
    separate_ = false;
    at_line_begin_ = false;
    out_ += piece.text;
    column_ += count_characters(piece.text);
    if (!piece.behind.empty()) {
      out_.append("  ").append(piece.behind);
      new_line(indent_);
    }
  }
  bool fits(Range range) const {
    const std::size_t begin = at_line_begin_ ? indent_ : column_ + 1;
    const std::size_t wide = width(range);
    return wide != kTooWide && begin + wide <= kLine;
  }
  void flat(Range range) {
    for (std::size_t i = range.begin; i < range.end; ++i) put(i);
  }

  void statement(Range range) {
    new_line(0);
    separate_ = true;
    pipeline(range, 0, is_word(range.begin, "let") ? kStep : 0);
    new_line(0);
  }

  // A source and its stages, with what precedes them on their first line.
  void pipeline(Range range, std::size_t indent, std::size_t more) {
    const std::size_t wide = width(range);
    if (wide != kTooWide && indent + wide <= kShortPipeline) return flat(range);
    std::size_t begin = range.begin;
    for_parts(
        range, [&](std::size_t i) { return is(i, "|"); },
        [&](Range part) {
          if (part.begin != begin) new_line(indent + more);
          clauses(part, part.begin == begin ? indent : indent + more);
        });
  }

  // Calls `take` for the parts of a range that begin where `splits` says, outside of brackets.
  template <typename Splits, typename Take>
  void for_parts(Range range, const Splits& splits, const Take& take) {
    std::size_t begin = range.begin;
    int open = 0;
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (closes(i)) --open;
      if (open == 0 && i > begin && splits(i)) {
        take(Range{begin, i});
        begin = i;
      }
      if (opens(i)) ++open;
    }
    take(Range{begin, range.end});
  }

  void clauses(Range range, std::size_t indent) {
    if (fits(range)) return flat(range);
    for_parts(
        range, [&](std::size_t i) { return pieces_[i].opens_clause; },
        [&](Range part) {
          if (part.begin != range.begin) new_line(indent + kStep);
          std::size_t first = indent + kStep;
          if (part.begin == range.begin && is_list(part)) {
            put(part.begin);
            put(part.begin + 1);
            first = indent + 2 * kStep;
            new_line(first);
            part.begin += 2;
          }
          terms(part, first, indent + 2 * kStep);
        });
  }

  // A stage of several items: `| summarize a = ..., b = ...`.
  bool is_list(Range range) const {
    if (!is(range.begin, "|") || fits(range)) return false;
    int open = 0;
    for (std::size_t i = range.begin; i < range.end; ++i) {
      if (opens(i)) ++open;
      if (closes(i)) --open;
      if (open == 0 && is(i, ",")) return true;
    }
    return false;
  }

  // Parts behind commas and before `and`s and `or`s, each on a line of `indent`; the first stays
  // where it is, on a line of indent `first`.
  void terms(Range range, std::size_t first, std::size_t indent) {
    if (fits(range)) return flat(range);
    for_parts(
        range, [&](std::size_t i) { return pieces_[i].opens_term || (i > 0 && is(i - 1, ",")); },
        [&](Range part) {
          if (part.begin != range.begin) new_line(indent);
          brackets(part, part.begin == range.begin ? first : indent);
        });
  }

  // The first outermost brackets that hold more than a line has room for are opened up.
  void brackets(Range range, std::size_t indent) {
    if (fits(range)) return flat(range);
    std::size_t i = range.begin;
    while (i < range.end) {
      const std::size_t close = opens(i) ? match(i, range.end) : i;
      if (close > i + 1 && !fits({i, std::min(close + 2, range.end)})) {
        put(i);
        new_line(indent + kStep);
        inside({i + 1, close}, indent + kStep);
        new_line(indent);
        put(close);
        i = close + 1;
      } else {
        for (; i <= close && i < range.end; ++i) put(i);
      }
    }
  }
  void inside(Range range, std::size_t indent) {
    if (is_word(range.begin, "from") && range.end - range.begin > 1) {
      pipeline(range, indent, 0);
    } else {
      terms(range, indent, indent);
    }
  }
  std::size_t match(std::size_t open, std::size_t end) const {
    int depth = 0;
    for (std::size_t i = open; i < end; ++i) {
      if (opens(i)) ++depth;
      if (closes(i) && --depth == 0) return i;
    }
    return open;
  }

  static constexpr std::size_t kTooWide = static_cast<std::size_t>(-1);

  std::vector<Piece> pieces_;
  std::string out_;
  std::size_t indent_ = 0;
  std::size_t column_ = 0;
  bool at_line_begin_ = true;
  bool separate_ = false;  // between statements: a blank line there is kept
};

}  // namespace

std::string lay_out(const SourceText& source, const ProgramSyntax& program) {
  return Layout(source, program).run();
}

}  // namespace stave
