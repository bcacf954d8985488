// A sheet for each result, its continuation where it has more rows than a sheet can hold. The
// workbook is put together in a temporary file, row by row, and handed on as a whole at the end.
// Invariant: a cell is a number only where Excel's 15 digits hold it; otherwise it is its text.
#include "tools/output/sheet_output.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tools/output/display_width.h"
#include "tools/output/person_text.h"
#include "tools/output/workbook_library.h"

namespace stave {
namespace {

constexpr std::int64_t kExactInteger = 1'000'000'000'000'000;
constexpr std::size_t kExactDigits = 15;
constexpr std::size_t kLongestText = 32'767;
constexpr std::size_t kWidestColumn = 60;
constexpr lxw_row_t kMeasuredRows = 1'000;
constexpr time_t kCreated = 946'684'800;  // 2000-01-01: the same result is the same file
constexpr int kFirstYear = 1900;

struct WorkbookCloser {
  void operator()(lxw_workbook* workbook) const { library->workbook_close(workbook); }
  const WorkbookLibrary* library = nullptr;
};

// A file that is gone when this is.
class TemporaryFile {
 public:
  TemporaryFile() {
    const char* folder = std::getenv("TMPDIR");
    path_ = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/stave-XXXXXX";
    descriptor_ = ::mkstemp(path_.data());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }
  bool is_open() const { return descriptor_ >= 0; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int descriptor_ = -1;
};

Failure not_written(const std::string& reason) {
  return fail(ErrorCode::kIo, "Cannot put the workbook together (" + reason +
                                  "). Free space in the folder for temporary files, or name "
                                  "another one in TMPDIR.");
}

// "2025-05-01 10:00:00.5" or "2025-05-01"; nothing where Excel has no such date.
bool read_instant(const std::string& text, lxw_datetime& instant) {
  instant = {};
  const int fields =
      std::sscanf(text.c_str(), "%4d-%2d-%2d %2d:%2d:%lf", &instant.year, &instant.month,
                  &instant.day, &instant.hour, &instant.min, &instant.sec);
  return (fields == 3 || fields == 6) && instant.year >= kFirstYear && text[4] == '-';
}

class SheetOutput : public Output {
 public:
  explicit SheetOutput(TextSink write) : write_(std::move(write)) {}

  Result<void> begin(const std::vector<ResultColumn>& columns) override {
    if (columns.size() > LXW_COL_MAX) {
      return fail(ErrorCode::kUnsupported, "A sheet has at most " + std::to_string(LXW_COL_MAX) +
                                               " columns; the result has " +
                                               std::to_string(columns.size()) +
                                               ". Select fewer, or write --format csv.");
    }
    if (auto opened = open_workbook(); !opened) return opened;
    columns_ = columns;
    ++result_;
    part_ = 0;
    begin_sheet();
    return {};
  }

  Result<void> batch(const ResultBatch& batch) override {
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
      if (next_row_ == LXW_ROW_MAX) {
        end_sheet();
        begin_sheet();
      }
      for (std::size_t column = 0; column < columns_.size(); ++column) {
        if (auto written = write_cell(batch, row, column); !written) return written;
      }
      ++next_row_;
    }
    return {};
  }

  Result<void> end() override {
    end_sheet();
    return {};
  }

  Result<void> finish() override {
    if (auto opened = open_workbook(); !opened) return opened;
    const lxw_error closed = library_->workbook_close(workbook_.release());
    if (closed != LXW_NO_ERROR) return not_written(library_->lxw_strerror(closed));
    return hand_on();
  }

 private:
  Result<void> open_workbook() {
    if (workbook_) return {};
    const auto library = workbook_library();
    if (!library) return pass(library);
    library_ = *library;
    if (!file_.is_open()) return not_written("no temporary file");
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.use_zip64 = LXW_FALSE;
    workbook_ = {library_->workbook_new_opt(file_.path().c_str(), &options), {library_}};
    if (!workbook_) return not_written("no memory");
    lxw_doc_properties properties{};
    properties.created = kCreated;
    library_->workbook_set_properties(workbook_.get(), &properties);
    heading_ = library_->workbook_add_format(workbook_.get());
    library_->format_set_bold(heading_);
    library_->format_set_bottom(heading_, LXW_BORDER_THIN);
    return {};
  }

  lxw_format* number_format(const std::string& text) {
    lxw_format*& format = formats_[text];
    if (format == nullptr) {
      format = library_->workbook_add_format(workbook_.get());
      library_->format_set_num_format(format, text.c_str());
    }
    return format;
  }

  lxw_format* format_of(Type type) {
    switch (type.kind) {
      case TypeKind::kInt64:
        return number_format("0");
      case TypeKind::kDecimal:
        return number_format(
            type.scale == 0 ? "0" : "0." + std::string(static_cast<std::size_t>(type.scale), '0'));
      case TypeKind::kDate:
        return number_format("yyyy-mm-dd");
      case TypeKind::kTimestamp:
        return number_format("yyyy-mm-dd hh:mm:ss");
      default:
        return nullptr;
    }
  }

  void begin_sheet() {
    ++part_;
    std::string name = "Result " + std::to_string(result_);
    if (part_ > 1) name += " (" + std::to_string(part_) + ")";
    sheet_ = library_->workbook_add_worksheet(workbook_.get(), name.c_str());
    widths_.clear();
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      const std::string& title = columns_[column].name;
      library_->worksheet_write_string(sheet_, 0, at(column), title.c_str(), heading_);
      widths_.push_back(display_width(title));
    }
    library_->worksheet_freeze_panes(sheet_, 1, 0);
    next_row_ = 1;
  }

  void end_sheet() {
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      const double width = static_cast<double>(std::min(widths_[column], kWidestColumn)) + 2;
      library_->worksheet_set_column(sheet_, at(column), at(column), width, nullptr);
    }
    if (!columns_.empty()) {
      library_->worksheet_autofilter(sheet_, 0, 0, next_row_ - 1, at(columns_.size() - 1));
    }
  }

  Result<void> write_cell(const ResultBatch& batch, std::uint32_t row, std::size_t column) {
    if (batch.is_null(row, column)) return {};
    const Type type = columns_[column].type;
    text_.clear();
    batch.append_text(row, column, text_);
    if (next_row_ <= kMeasuredRows) {
      widths_[column] = std::max(widths_[column], display_width(text_));
    }
    lxw_error written = LXW_NO_ERROR;
    lxw_datetime instant;
    if (type.kind == TypeKind::kBool) {
      written = library_->worksheet_write_boolean(sheet_, next_row_, at(column),
                                                  batch.bool_at(row, column) ? 1 : 0, nullptr);
    } else if (is_number(type) && is_exact(batch, row, column, type)) {
      written = library_->worksheet_write_number(
          sheet_, next_row_, at(column), std::strtod(text_.c_str(), nullptr), format_of(type));
    } else if ((type.kind == TypeKind::kDate || type.kind == TypeKind::kTimestamp) &&
               read_instant(text_, instant)) {
      lxw_format* const format = text_.find('.') == std::string::npos
                                     ? format_of(type)
                                     : number_format("yyyy-mm-dd hh:mm:ss.000");
      written = library_->worksheet_write_datetime(sheet_, next_row_, at(column), &instant, format);
    } else {
      return write_text(column);
    }
    return written == LXW_NO_ERROR ? Result<void>{} : not_written(library_->lxw_strerror(written));
  }

  bool is_exact(const ResultBatch& batch, std::uint32_t row, std::size_t column, Type type) const {
    switch (type.kind) {
      case TypeKind::kInt64: {
        const std::int64_t value = batch.int64_at(row, column);
        return value > -kExactInteger && value < kExactInteger;
      }
      case TypeKind::kFloat64:
        return std::isfinite(batch.float64_at(row, column));
      default: {
        const auto digits =
            std::count_if(text_.begin(), text_.end(), [](char c) { return c >= '0' && c <= '9'; });
        return static_cast<std::size_t>(digits) <= kExactDigits;
      }
    }
  }

  Result<void> write_text(std::size_t column) {
    for (std::size_t nul = text_.find('\0'); nul != std::string::npos; nul = text_.find('\0')) {
      text_.replace(nul, 1, "_x0000_");  // as Excel writes it
    }
    const lxw_error written =
        library_->worksheet_write_string(sheet_, next_row_, at(column), text_.c_str(), nullptr);
    if (written == LXW_NO_ERROR) return {};
    if (written != LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
      return not_written(library_->lxw_strerror(written));
    return fail(ErrorCode::kUnsupported,
                "A text is too long for a cell of a workbook: column " + columns_[column].name +
                    ", row " + std::to_string(next_row_) + ", " + std::to_string(text_.size()) +
                    " bytes; a cell holds " + std::to_string(kLongestText) +
                    " characters. Leave the column out, or write --format csv.");
  }

  Result<void> hand_on() {
    std::FILE* const file = std::fopen(file_.path().c_str(), "rb");
    if (file == nullptr) return not_written("the temporary file is gone");
    std::array<char, 1U << 16> piece;
    Result<void> written;
    while (written) {
      const std::size_t size = std::fread(piece.data(), 1, piece.size(), file);
      if (size == 0) break;
      written = write_(std::string_view(piece.data(), size));
    }
    std::fclose(file);
    return written;
  }

  static lxw_col_t at(std::size_t column) { return static_cast<lxw_col_t>(column); }

  TextSink write_;
  const WorkbookLibrary* library_ = nullptr;  // from the first sheet on
  TemporaryFile file_;
  std::unique_ptr<lxw_workbook, WorkbookCloser> workbook_;
  lxw_format* heading_ = nullptr;
  std::map<std::string, lxw_format*> formats_;
  std::vector<ResultColumn> columns_;
  std::vector<std::size_t> widths_;
  lxw_worksheet* sheet_ = nullptr;
  lxw_row_t next_row_ = 0;
  int result_ = 0;
  int part_ = 0;
  std::string text_;
};

}  // namespace

std::unique_ptr<Output> make_sheet_output(TextSink write) {
  return std::make_unique<SheetOutput>(std::move(write));
}

}  // namespace stave
