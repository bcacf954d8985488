// Random tables written in random dialects and cut into chunks of every size come back as they
// were, and text of any kind is cut so that no chunk size changes what rows there are.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "tools/import/cell_parser.h"
#include "tools/import/chunk_reader.h"

namespace stave::loading {
namespace {

namespace fs = std::filesystem;

using Cell = std::optional<std::string>;
using Rows = std::vector<std::vector<Cell>>;

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content)
      : path_((fs::temp_directory_path() / fmt::format("stave-chunks-{}", ::getpid())).string()) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { fs::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TableSchema text_table(std::size_t columns) {
  TableSchema schema;
  schema.name = "texts";
  for (std::size_t i = 0; i < columns; ++i) {
    ColumnSchema column;
    column.name = fmt::format("c{}", i);
    column.type = kStringType;
    schema.columns.push_back(column);
  }
  return schema;
}

struct ReadBack {
  Rows rows;
  std::vector<std::uint64_t> bad_rows;  // their bytes in the file
  std::uint64_t line_ends = 0;
};

ReadBack read_in_chunks(const std::string& path, std::size_t columns, Dialect dialect,
                        std::size_t chunk_bytes) {
  ReadBack back;
  LoadTable table(text_table(columns));
  LoadDomains domains;
  domains.by_column.resize(columns, nullptr);
  ChunkReader reader({path}, dialect, ExtraColumns::kKeep, table, chunk_bytes);
  CellParser parser(dialect, TimeParser(*ZoneClock::find("UTC"), DateOrder::kYearFirst));
  Chunk chunk;
  ParsedChunk parsed;
  while (true) {
    const Result<bool> got = reader.next(chunk);
    EXPECT_TRUE(got) << (got ? "" : got.error().message);
    if (!got || !*got) return back;
    parser.parse(chunk, domains, parsed);
    for (std::uint32_t row = 0; row < parsed.rows; ++row) {
      std::vector<Cell> cells;
      for (const ColumnCells& column : parsed.cells) {
        cells.push_back(column.is_null(row) ? Cell() : Cell(std::string(column.strings[row])));
      }
      back.rows.push_back(std::move(cells));
    }
    for (const Reject& reject : parsed.rejects) {
      back.bad_rows.push_back(chunk.offset + reject.bytes.begin);
    }
    back.line_ends += parsed.frame.line_ends();
  }
}

// Cells of few letters, so that structure within them is frequent.
rc::Gen<Cell> any_cell(Dialect dialect) {
  const auto text = rc::gen::container<std::string>(rc::gen::weightedElement<char>(
      {{8, 'x'}, {2, dialect.separator}, {2, dialect.quote}, {1, '\n'}, {1, '\r'}, {1, ' '}}));
  return rc::gen::oneOf(rc::gen::just(Cell()),
                        rc::gen::map(text, [](std::string value) { return Cell(value); }));
}

std::string written(const Cell& cell, Dialect dialect, bool quote_all) {
  if (!cell) return "";
  const std::string special = {dialect.separator, dialect.quote, '\n', '\r'};
  if (!quote_all && !cell->empty() && cell->find_first_of(special) == std::string::npos)
    return *cell;
  std::string out(1, dialect.quote);
  for (const char byte : *cell) {
    if (byte == dialect.quote) out.push_back(byte);
    out.push_back(byte);
  }
  out.push_back(dialect.quote);
  return out;
}

TEST(ImportChunks, TablesInAnyDialectComeBackFromAnyChunkSize) {
  rc::check("rows survive writing, cutting and reading", [] {
    const Dialect dialect{*rc::gen::element(',', ';', '\t', '|'), *rc::gen::element('"', '\'')};
    const auto columns = static_cast<std::size_t>(*rc::gen::inRange(2, 5));
    const Rows table = *rc::gen::container<Rows>(
        rc::gen::container<std::vector<Cell>>(columns, any_cell(dialect)));
    const bool last_line_end = *rc::gen::arbitrary<bool>();
    const std::string header_end = *rc::gen::element<std::string>("\n", "\r\n", "\r");
    std::string text = *rc::gen::element<std::string>("", "\xEF\xBB\xBF");
    for (std::size_t i = 0; i < columns; ++i)
      text += fmt::format("{}c{}", i == 0 ? std::string() : std::string(1, dialect.separator), i);
    text += header_end;
    for (std::size_t row = 0; row < table.size(); ++row) {
      for (std::size_t i = 0; i < columns; ++i) {
        if (i > 0) text.push_back(dialect.separator);
        text += written(table[row][i], dialect, *rc::gen::arbitrary<bool>());
      }
      if (row + 1 < table.size() || last_line_end) {
        text += *rc::gen::element<std::string>("\n", "\r\n", "\r");
      }
    }
    const TemporaryFile file(text);
    const auto most = static_cast<std::size_t>(*rc::gen::inRange(1, 80));
    RC_ASSERT(read_in_chunks(file.path(), columns, dialect, most).rows == table);
    RC_ASSERT(read_in_chunks(file.path(), columns, dialect, 1 << 20).rows == table);
  });
}

TEST(ImportChunks, NoChunkSizeChangesWhatDirtyTextMeans) {
  rc::check("rows, rejects and lines do not depend on chunks", [] {
    const auto body = *rc::gen::container<std::string>(
        200, rc::gen::weightedElement<char>({{6, 'x'}, {4, ','}, {2, '"'}, {2, '\n'}, {1, '\r'}}));
    const TemporaryFile file("c0,c1\n" + body);
    const Dialect dialect;
    const ReadBack whole = read_in_chunks(file.path(), 2, dialect, 1 << 20);
    for (const std::size_t size : {1, 2, 3, 5, 7, 13, 30, 64, 65, 127}) {
      const ReadBack cut = read_in_chunks(file.path(), 2, dialect, size);
      RC_ASSERT(cut.rows == whole.rows);
      RC_ASSERT(cut.bad_rows == whole.bad_rows);
    }
  });
}

}  // namespace
}  // namespace stave::loading
