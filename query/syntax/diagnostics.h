// Collects the faults of one program and words them for people.
// Invariant: at most kMaxErrors are kept, each with a place; a second fault at the same place is a
// consequence of the first and left out.
#pragma once

#include <string>
#include <vector>

#include "query/syntax/source_text.h"
#include "stave/query.h"

namespace stave {

inline constexpr std::size_t kMaxErrors = 5;

struct Fault {
  const char* code;
  Span span;
  std::string message;
  std::string hint = {};                    // behind the caret, e.g. "did you mean `x`?"
  std::vector<std::string> available = {};  // names that would do; shown where no hint says better
  std::vector<std::string> notes = {};      // lines of their own, e.g. where a name was lost
};

class Diagnostics {
 public:
  explicit Diagnostics(const SourceText& source) : source_(source) {}

  void add(const Fault& fault);
  bool empty() const { return list_.empty(); }
  bool full() const { return list_.size() >= kMaxErrors; }
  std::size_t size() const { return list_.size(); }
  const SourceText& source() const { return source_; }
  // In the order of their places.
  std::vector<Diagnostic> sorted() const;

 private:
  const SourceText& source_;
  struct Kept {
    std::uint32_t begin;  // of its span
    Diagnostic diagnostic;
  };
  std::vector<Kept> list_;
};

std::string render_all(const std::vector<Diagnostic>& diagnostics);

}  // namespace stave
