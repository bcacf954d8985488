// All columns of a row group are read side by side, a page of each at a time.
#include "tools/import/parquet/parquet_text.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "storage/posix_error.h"
#include "storage/posix_file.h"
#include "tools/import/parquet/parquet_cells.h"
#include "tools/parquet/file_reader.h"

namespace stave::loading {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10;

// A column of the row group that is being read; does not move, since pages look into it.
struct Cursor {
  Cursor(const ReadableFile& file, const parquet::SchemaElement& column,
         const parquet::ColumnChunk& chunk, std::uint64_t rows)
      : reader(file, column, chunk, rows) {}

  parquet::ColumnReader reader;
  parquet::ColumnPage page;
  std::uint64_t row = 0;  // in the page
  std::size_t value = 0;  // in the page
};

class ParquetText final : public ByteStream {
 public:
  explicit ParquetText(std::unique_ptr<parquet::FileReader> file) : file_(std::move(file)) {}

  Result<void> begin();
  std::vector<Type> types() const {
    std::vector<Type> types;
    for (const ParquetCells& cells : cells_) types.push_back(cells.type());
    return types;
  }
  Result<std::size_t> read(char* out, std::size_t size) override;

 private:
  Result<bool> more();
  void open_row_group();
  Result<void> append_row();
  Result<void> append_cell(std::size_t column);
  // A row of one column that is null would be an empty line, which is none.
  bool ends_with_comma() const { return cells_.size() == 1; }

  std::unique_ptr<parquet::FileReader> file_;
  std::vector<ParquetCells> cells_;
  std::size_t next_group_ = 0;
  std::int64_t rows_left_ = 0;  // of the row group
  std::vector<std::unique_ptr<Cursor>> cursors_;
  std::string text_;
  std::size_t taken_ = 0;  // of `text_`
};

Result<void> ParquetText::begin() {
  for (const parquet::SchemaElement& column : file_->columns()) {
    auto cells = ParquetCells::of(column, file_->file().path());
    if (!cells) return pass(cells);
    if (!cells_.empty()) text_ += ',';
    append_quoted(column.name, text_);
    cells_.push_back(std::move(*cells));
  }
  text_ += ends_with_comma() ? ",\n" : "\n";
  return {};
}

void ParquetText::open_row_group() {
  const parquet::RowGroup& group = file_->row_groups()[next_group_++];
  rows_left_ = group.rows;
  cursors_.clear();
  for (std::size_t column = 0; column < cells_.size(); ++column) {
    cursors_.push_back(std::make_unique<Cursor>(file_->file(), file_->columns()[column],
                                                group.columns[column],
                                                static_cast<std::uint64_t>(group.rows)));
  }
}

Result<void> ParquetText::append_cell(std::size_t column) {
  Cursor& cursor = *cursors_[column];
  if (cursor.row == cursor.page.rows) {
    cursor.row = 0;
    cursor.value = 0;
    if (auto read = cursor.reader.next(cursor.page); !read) {
      return fail(read.error().code,
                  fmt::format("Column `{}` of {} cannot be read: {}", file_->columns()[column].name,
                              file_->file().path(), read.error().message));
    }
  }
  const std::uint64_t row = cursor.row++;
  if (cursor.page.levels.empty() || cursor.page.levels[row] != 0) {
    cells_[column].append(cursor.page.values, cursor.value++, text_);
  }
  return {};
}

Result<void> ParquetText::append_row() {
  for (std::size_t column = 0; column < cells_.size(); ++column) {
    if (column > 0) text_ += ',';
    if (auto appended = append_cell(column); !appended) return appended;
  }
  text_ += ends_with_comma() ? ",\n" : "\n";
  return {};
}

// False at the end of the file.
Result<bool> ParquetText::more() {
  text_.erase(0, taken_);
  taken_ = 0;
  while (text_.size() < kPieceBytes) {
    if (rows_left_ == 0) {
      if (next_group_ == file_->row_groups().size()) return !text_.empty();
      open_row_group();
      continue;
    }
    if (auto appended = append_row(); !appended) return pass(appended);
    --rows_left_;
  }
  return true;
}

Result<std::size_t> ParquetText::read(char* out, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    if (taken_ == text_.size()) {
      const auto has_more = more();
      if (!has_more) return pass(has_more);
      if (!*has_more) break;
    }
    const std::size_t piece = std::min(size - done, text_.size() - taken_);
    std::memcpy(out + done, text_.data() + taken_, piece);
    taken_ += piece;
    done += piece;
  }
  return done;
}

}  // namespace

Result<ParquetDump> parquet_text(std::unique_ptr<ReadableFile> file) {
  auto reader = parquet::FileReader::open(std::move(file));
  if (!reader) return pass(reader);
  auto text = std::make_unique<ParquetText>(std::move(*reader));
  if (auto begun = text->begin(); !begun) return pass(begun);
  ParquetDump dump;
  dump.types = text->types();
  dump.text = std::move(text);
  return dump;
}

Result<ParquetDump> parquet_text(const std::string& path) {
  const Descriptor here(AT_FDCWD);
  Descriptor descriptor = open_at(here, path, O_RDONLY);
  if (!descriptor.is_open()) return system_failure("Could not open a file", path, errno);
  auto file = posix_readable_file(std::move(descriptor), path);
  if (!file) return pass(file);
  return parquet_text(std::move(*file));
}

DumpFormat parquet_text_format() {
  DumpFormat format;
  format.format = InputFormat::kCsv;
  format.encoding = TextEncoding::kUtf8;
  format.separator = ",";
  format.quote = '"';
  format.escape = QuoteEscape::kDoubled;
  format.blanks_around_quotes = false;
  format.line_end = LineEnd::kNewline;
  format.comment = '\0';
  format.header = true;
  return format;
}

}  // namespace stave::loading
