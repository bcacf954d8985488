// What the opener of a dump has found out so far, for the parts of the opener alone.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/import/dump_opener.h"

namespace stave::loading {

struct DumpOpener::Beginning {
  OpenedDump dump;
  Dialect dialect;
  std::size_t size = 0;       // of the text in dump.rest
  bool is_cut_off = false;    // JSON, but not yet a whole object
  std::size_t table = 0;      // where it begins, blank lines before it included
  std::size_t first_row = 0;  // behind the header, if there is one
  std::vector<std::string> names;
  SampledRows rows;          // as the dialect reads them
  std::size_t data_row = 0;  // the first of these behind the header
  std::string header_line;   // of a header of one row, where rows that repeat it are none
  bool may_be_repeated = false;
  std::optional<OtherHeader> other_header;  // in the text from the table on
  std::size_t filled = 0;  // columns up to the last that rows hold something in, named or not

  std::string_view text() const { return {dump.rest.data(), size}; }
  // Names stand apart from rows there: whatever a row says, it is one.
  bool is_parquet() const { return dump.source->input().compression() == Compression::kParquet; }
  const std::string& path() const { return dump.source->input().path(); }
};

}  // namespace stave::loading
