// A run of complete rows on its way from text to columns, and what was wrong with some of them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tools/import/column_values.h"
#include "tools/import/load_table.h"
#include "tools/import/read_block.h"
#include "tools/import/row_frame.h"
#include "tools/import/text_arena.h"

namespace stave::loading {

// JSON as CSV in the usual dialect, and which bytes of the chunk each row comes from.
struct ConvertedText {
  std::vector<char> text;
  std::size_t size = 0;  // without padding
  std::vector<Span> rows;
};

// Lines of a block of JSON that were converted before its turn came, [begin, end) of the block;
// their rows are counted from its beginning too. Their objects have no keys but those of the plan
// that the block was expected to have.
struct ConvertedBlock {
  std::size_t begin = 0;
  std::size_t end = 0;
  ConvertedText json;
};

// Text as the reader cut it: `size` bytes of complete rows, then kTextPadding more.
struct Chunk {
  const char* text() const { return bytes.data() + begin; }
  // Whether the text has lines that were converted ahead, and which bytes of it they are.
  bool has_converted() const {
    return block.size > 0 && block.json_plan != nullptr && converted.end > converted.begin;
  }
  std::size_t converted_begin() const { return block.begin - begin + converted.begin; }
  std::size_t converted_end() const { return block.begin - begin + converted.end; }

  std::uint64_t number = 0;  // from 0, over all files
  std::shared_ptr<const FilePlan> plan;
  std::vector<char> bytes;
  std::size_t begin = 0;  // of the text in these
  std::size_t size = 0;
  ReadBlock block;  // read ahead, behind room for the beginning of its first row
  ConvertedBlock converted;
  // Of the file before it was decoded. `offset` is that of the chunk's first byte in the
  // decompressed file.
  TextEncoding encoding = TextEncoding::kUtf8;
  std::uint64_t offset = 0;
  std::uint64_t lines_before = 0;  // header lines; chunks add theirs when they are resolved
  bool starts_file = false;
  std::vector<std::uint32_t> json_ends;  // behind its objects, where these are not lines
  std::uint64_t input_bytes = 0;         // of all inputs as on disk, read up to here
};

struct Reject {
  std::uint32_t row = 0;  // good rows: to mark it; others: rows before it
  bool framed = true;     // false: the row never had the right number of fields
  Span bytes;
  std::string column;
  const char* code = "";
  std::string reason;
  std::uint32_t empty_rows_before = 0;  // of one that is not framed: rows passed over
};

// How a coded column's cells are held until its keys are resolved.
enum class KeyForm : std::uint8_t {
  kIntegers,  // int64s; codes looked up, 0 where still unknown
  kStrings,   // strings; codes looked up
  kTexts,     // strings: some are no integers though the domain held integers; nothing looked up
};

struct KeyCells {
  KeyForm form = KeyForm::kIntegers;
  bool looked_up = false;              // `unknown` lists all rows without code
  std::vector<std::uint32_t> unknown;  // rows that hold a value without code yet
};

struct ParsedChunk {
  RowFrame frame;
  ConvertedText json;  // what `frame` is of, where the chunk is JSON
  TextArena arena;
  std::uint32_t rows = 0;
  std::vector<ColumnCells> cells;  // by column of the load
  std::vector<KeyCells> keys;      // likewise; for coded columns
  std::vector<std::uint8_t> rejected;
  std::vector<Reject> rejects;
  std::uint64_t line_ends = 0;  // of the chunk, as an editor counts them

  // Which bytes of the chunk a row is.
  Span row_bytes(std::uint32_t row) const {
    return json.rows.empty() ? frame.row(row) : json.rows[row];
  }
  void reject(std::uint32_t row, const std::string& column, const char* code, std::string reason) {
    if (rejected[row] != 0) return;
    rejected[row] = 1;
    rejects.push_back({row, true, row_bytes(row), column, code, std::move(reason)});
  }
};

}  // namespace stave::loading
