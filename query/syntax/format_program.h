// Lays a program out anew.
// Invariant: the tokens and comments stay as they are written and in their order, so that the
// syntax tree stays what it was; the layout depends on them alone, so that doing it twice changes
// nothing.
#pragma once

#include <string>

#include "query/syntax/source_text.h"
#include "query/syntax/syntax.h"

namespace stave {

// `program` is the tree of `source`, parsed without a fault.
std::string lay_out(const SourceText& source, const ProgramSyntax& program);

}  // namespace stave
