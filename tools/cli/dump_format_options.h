// The options of `stave import` that say how dumps are written: a word each, read into a DumpFormat
// and a sentence where a word means nothing.
#pragma once

#include <string>

#include "stave/dump_format.h"
#include "stave/result.h"
#include "tools/cli/cli11.h"

namespace stave::cli {

struct DumpFormatArguments {
  std::string format;
  std::string encoding;
  std::string separator;
  std::string quote;
  std::string escape;
  std::string line_end;
  std::string comment;
  std::string header;
  std::string columns;
  std::string ragged;
  std::string stray_quotes;
};

void add_dump_format_options(CLI::App& parser, DumpFormatArguments& arguments, DumpFormat& format);

Result<void> read_dump_format(const DumpFormatArguments& arguments, DumpFormat& format);

}  // namespace stave::cli
