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

DumpFormat format_of(const Dialect& dialect) {
  DumpFormat format;
  format.encoding = TextEncoding::kUtf8;
  describe(dialect, format);
  format.header = true;
  return format;
}

ReadBack read_in_chunks(const std::string& path, std::size_t columns, const Dialect& dialect,
                        std::size_t chunk_bytes, StrayQuotes stray_quotes = StrayQuotes::kReject) {
  ReadBack back;
  LoadTable table(text_table(columns));
  LoadDomains domains;
  domains.by_column.resize(columns, nullptr);
  DumpFormat format = format_of(dialect);
  format.stray_quotes = stray_quotes;
  ChunkReader reader({path}, format, ExtraColumns::kKeep, table, chunk_bytes);
  CellParser parser(TimeParser(*ZoneClock::find("UTC"), DateOrder::kYearFirst));
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
rc::Gen<Cell> any_cell(const Dialect& dialect) {
  const std::string& separator = dialect.separator;
  const std::string half = separator == "\xC2\xA7" ? separator : separator.substr(0, 1);
  const auto piece = rc::gen::weightedOneOf<std::string>(
      {{8, rc::gen::just<std::string>("x")},
       {2, rc::gen::just(separator)},
       {1, rc::gen::just(half)},
       {2, rc::gen::just(std::string(dialect.has_quote() ? 1 : 0, dialect.quote))},
       {1, rc::gen::just(std::string(dialect.comment == '\0' ? 0 : 1, dialect.comment))},
       {1, rc::gen::element<std::string>("\n", "\r", "\\", " ", "\xC3\xA9")}});
  const auto text =
      rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const auto& pieces) {
        std::string all;
        for (const std::string& one : pieces) all += one;
        return Cell(all);
      });
  return rc::gen::oneOf(rc::gen::just(Cell()), text);
}

// As a careful program would write it in the dialect.
std::string written(const Cell& cell, const Dialect& dialect, bool quote_all) {
  if (!cell) return "";
  std::string special = dialect.separator + "\n\r ";
  if (dialect.has_quote()) special += dialect.quote;
  if (dialect.has_backslash()) special += '\\';
  if (dialect.comment != '\0') special += dialect.comment;
  const bool plain = !cell->empty() && cell->find_first_of(special) == std::string::npos;
  if (plain && !quote_all) return *cell;
  std::string out(1, dialect.quote);
  for (const char byte : *cell) {
    if (dialect.has_backslash() && (byte == dialect.quote || byte == '\\')) {
      out.push_back('\\');
    } else if (byte == dialect.quote) {
      out.push_back(byte);
    }
    out.push_back(byte);
  }
  out.push_back(dialect.quote);
  return out;
}

Dialect any_dialect() {
  Dialect dialect;
  dialect.separator =
      *rc::gen::element<std::string>(",", ";", "\t", "|", " ", "||", "<>", "\xC2\xA7", "\x1F");
  dialect.quote = *rc::gen::element('"', '\'');
  dialect.escape = *rc::gen::element(QuoteEscape::kDoubled, QuoteEscape::kBackslash);
  dialect.line_end = *rc::gen::element(LineEnd::kAny, LineEnd::kNewline, LineEnd::kLineFeed,
                                       LineEnd::kCarriageReturn, LineEnd::kCarriageReturnLineFeed);
  dialect.comment = *rc::gen::element('\0', '#');
  dialect.blanks_around_quotes = dialect.separator != " " && *rc::gen::arbitrary<bool>();
  return dialect;
}

std::string any_line_end(const Dialect& dialect) {
  switch (dialect.line_end) {
    case LineEnd::kLineFeed:
      return "\n";
    case LineEnd::kCarriageReturn:
      return "\r";
    case LineEnd::kCarriageReturnLineFeed:
      return "\r\n";
    case LineEnd::kNewline:
      return *rc::gen::element<std::string>("\n", "\r\n");
    case LineEnd::kAny:
      break;
  }
  return *rc::gen::element<std::string>("\n", "\r\n", "\r");
}

std::string any_blanks(const Dialect& dialect) {
  return dialect.blanks_around_quotes ? *rc::gen::element<std::string>("", " ", "  ") : "";
}

std::string any_text_of(const Rows& table, std::size_t columns, const Dialect& dialect) {
  std::string text = *rc::gen::element<std::string>("", "\xEF\xBB\xBF");
  for (std::size_t i = 0; i < columns; ++i)
    text += fmt::format("{}c{}", i == 0 ? "" : dialect.separator, i);
  text += any_line_end(dialect);
  const bool last_line_end = *rc::gen::arbitrary<bool>();
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (dialect.comment != '\0' && *rc::gen::inRange(0, 5) == 0) {
      text += "#" + std::string(1, dialect.quote) + dialect.separator + any_line_end(dialect);
    }
    for (std::size_t i = 0; i < columns; ++i) {
      if (i > 0) text += dialect.separator;
      const std::string cell = written(table[row][i], dialect, *rc::gen::arbitrary<bool>());
      const bool quoted = !cell.empty() && cell.front() == dialect.quote;
      // Of a first cell the blanks would hide that it is no comment, of others nothing.
      text += quoted ? any_blanks(dialect) + cell + any_blanks(dialect) : cell;
    }
    if (row + 1 < table.size() || last_line_end) text += any_line_end(dialect);
  }
  return text;
}

TEST(ImportChunks, TablesInAnyDialectComeBackFromAnyChunkSize) {
  rc::check("rows survive writing, cutting and reading", [] {
    const Dialect dialect = any_dialect();
    const auto columns = static_cast<std::size_t>(*rc::gen::inRange(2, 5));
    const Rows table = *rc::gen::container<Rows>(
        rc::gen::container<std::vector<Cell>>(columns, any_cell(dialect)));
    const std::string text = any_text_of(table, columns, dialect);
    const TemporaryFile file(text);
    const auto most = static_cast<std::size_t>(*rc::gen::inRange(1, 80));
    RC_ASSERT(read_in_chunks(file.path(), columns, dialect, most).rows == table);
    RC_ASSERT(read_in_chunks(file.path(), columns, dialect, 1 << 20).rows == table);
  });
}

TEST(ImportChunks, ATableCutAtEveryByteComesBack) {
  rc::check("no place to cut changes a table", [] {
    const Dialect dialect = any_dialect();
    const Rows table =
        *rc::gen::container<Rows>(6, rc::gen::container<std::vector<Cell>>(3, any_cell(dialect)));
    const std::string text = any_text_of(table, 3, dialect);
    const TemporaryFile file(text);
    for (std::size_t size = 1; size <= text.size(); ++size) {
      RC_ASSERT(read_in_chunks(file.path(), 3, dialect, size).rows == table);
    }
  });
}

TEST(ImportChunks, NoChunkSizeChangesWhatDirtyTextMeans) {
  rc::check("rows, rejects and lines do not depend on chunks", [] {
    const auto body = *rc::gen::container<std::string>(
        200, rc::gen::weightedElement<char>({{6, 'x'}, {4, ','}, {2, '"'}, {2, '\n'}, {1, '\r'}}));
    const TemporaryFile file("c0,c1\n" + body);
    const Dialect dialect;
    for (const StrayQuotes stray : {StrayQuotes::kReject, StrayQuotes::kText}) {
      const ReadBack whole = read_in_chunks(file.path(), 2, dialect, 1 << 20, stray);
      for (const std::size_t size : {1U, 2U, 3U, 5U, 7U, 13U, 30U, 64U, 65U, 127U}) {
        const ReadBack cut = read_in_chunks(file.path(), 2, dialect, size, stray);
        RC_ASSERT(cut.rows == whole.rows);
        RC_ASSERT(cut.bad_rows == whole.bad_rows);
      }
    }
  });
}

struct CutChunk {
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
  TextEncoding encoding = TextEncoding::kUtf8;
  std::string text;

  bool operator==(const CutChunk&) const = default;
};

// As workers by turns, each of which reads its block before it is its turn; of none of them nothing
// is read ahead.
std::vector<CutChunk> cut(const std::string& path, std::size_t chunk_bytes, std::size_t workers,
                          std::size_t& blocks) {
  LoadTable table(text_table(2));
  ChunkReader reader({path}, DumpFormat(), ExtraColumns::kKeep, table, chunk_bytes);
  std::vector<Chunk> chunks(std::max<std::size_t>(workers, 1));
  const auto begin = [&](Chunk& chunk) {
    reader.claim(chunk);
    reader.read_ahead(chunk);
  };
  for (Chunk& chunk : chunks) {
    if (workers > 0) begin(chunk);
  }
  std::vector<CutChunk> all;
  while (true) {
    Chunk& chunk = chunks[all.size() % chunks.size()];
    const Result<bool> got = reader.next(chunk);
    EXPECT_TRUE(got) << (got ? "" : got.error().message);
    if (!got || !*got) return all;
    blocks += chunk.block.size > 0 ? 1 : 0;
    all.push_back({chunk.number, chunk.offset, chunk.encoding, {chunk.text(), chunk.size}});
    if (workers > 0) begin(chunk);
  }
}

TEST(ImportChunks, BlocksThatAreReadAheadChangeNothing) {
  std::string rows;
  for (int i = 0; i < 200'000; ++i) rows += fmt::format("row {},{}\n", i, i * 7919);
  const std::string quoted = "\"a\nb\",\"c,\"\"d\"\n";
  std::string many_quotes;
  for (int i = 0; i < 100'000; ++i) many_quotes += i % 3 == 0 ? quoted : "plain,text of a row\n";
  const std::string long_row = std::string(40'000, 'x') + "," + std::string(300'000, 'y') + "\n";
  const std::string texts[] = {
      rows,
      rows + quoted + rows,
      many_quotes,
      rows + "Beyonc\xC3\xA9,1\n" + rows,
      rows + "Beyonc\xE9,1\n" + rows,
      rows + long_row + rows,
      rows + "without,end",
      std::string(quoted).append(rows).append("\"open"),
  };
  for (const std::string& text : texts) {
    const TemporaryFile file("c0,c1\n" + text);
    for (const std::size_t chunk_bytes : {20'000U, 65'536U, 300'000U}) {
      std::size_t blocks = 0;
      const std::vector<CutChunk> expected = cut(file.path(), chunk_bytes, 0, blocks);
      ASSERT_EQ(blocks, 0U);
      for (const std::size_t workers : {1U, 2U, 5U}) {
        EXPECT_TRUE(cut(file.path(), chunk_bytes, workers, blocks) == expected)
            << "text " << &text - texts << ", chunks of " << chunk_bytes << ", " << workers;
      }
      EXPECT_GT(blocks, 0U) << &text - texts;
    }
  }
}

}  // namespace
}  // namespace stave::loading
