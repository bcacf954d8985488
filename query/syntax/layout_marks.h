// What the syntax tree knows about tokens that their text does not tell, by where they begin.
// Words are contextual: whether `by` starts a clause, or `(` a call, only the parser knows.
#pragma once

#include <cstdint>
#include <set>

#include "query/syntax/syntax.h"

namespace stave {

struct LayoutMarks {
  std::set<std::uint32_t> calls;    // names of functions and metrics: `(` follows at once
  std::set<std::uint32_t> signs;    // a minus that belongs to what follows
  std::set<std::uint32_t> types;    // `decimal`, whose digits are written without blanks
  std::set<std::uint32_t> clauses;  // first items after `by`, `per`, `on`, `else`: a line may
                                    // break before the word that precedes them
  std::set<std::uint32_t> terms;    // operands of `and` and `or` but the first: likewise
};

LayoutMarks marks_of(const ProgramSyntax& program);

}  // namespace stave
