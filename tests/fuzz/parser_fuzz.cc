// Any bytes are a program with faults at worst: the parser never crashes, hangs or runs out of
// stack.
#include <cstddef>
#include <cstdint>
#include <string>

#include "query/syntax/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const stave::SourceText source(std::string(data, data + size), "fuzz.stq");
  stave::Diagnostics diagnostics(source);
  stave::parse(source, diagnostics);
  for (const stave::Diagnostic& diagnostic : diagnostics.sorted()) {
    if (diagnostic.line < 1 || diagnostic.column < 1 || diagnostic.text.empty()) __builtin_trap();
  }
  return 0;
}
