// Bytes that are no UTF-8 are written as U+FFFD: left as they were they would make the whole file
// one of another encoding. rejects.csv has them.
#include "tools/import/correction_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "tools/import/correction_origin.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

std::string line_end_of(const Dialect& dialect) {
  if (dialect.line_end == LineEnd::kCarriageReturn) return "\r";
  return dialect.line_end == LineEnd::kCarriageReturnLineFeed ? "\r\n" : "\n";
}

// What a letter behind a backslash writes of a cell; 0: itself.
char letter_of(char byte) {
  switch (byte) {
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return '\0';
  }
}

// Where backslashes escape. Between quotes separators and line ends are text.
std::string escaped(std::string_view text, const Dialect& dialect, bool quoted) {
  std::string cell;
  for (std::size_t size = 0; !text.empty(); text.remove_prefix(size)) {
    const char byte = text.front();
    const bool is_separator = text.starts_with(dialect.separator);
    size = is_separator ? dialect.separator.size() : 1;
    const char letter = dialect.escape == QuoteEscape::kLetters ? letter_of(byte) : '\0';
    if (letter != '\0') {
      size = 1;
      cell.append({'\\', letter});
      continue;
    }
    const bool ends_cell = is_separator || byte == '\n' || byte == '\r';
    if (byte == '\\' || dialect.is_quote(byte) || (ends_cell && !quoted)) cell.push_back('\\');
    cell.append(text.substr(0, size));
  }
  return cell;
}

std::string doubled(std::string_view text, char quote) {
  std::string cell;
  for (const char byte : text) cell.append(byte == quote ? 2 : 1, byte);
  return cell;
}

std::string cell_of(const std::string& text, const Dialect& dialect) {
  const bool quoted = dialect.has_quote() && (text.find(dialect.separator) != std::string::npos ||
                                              text.find_first_of("\r\n") != std::string::npos ||
                                              text.find(dialect.quote) != std::string::npos);
  if (!quoted) return dialect.has_backslash() ? escaped(text, dialect, false) : text;
  const std::string cell =
      dialect.has_backslash() ? escaped(text, dialect, true) : doubled(text, dialect.quote);
  return dialect.quote + cell + dialect.quote;
}

std::string header_of(const FilePlan& plan) {
  std::string header;
  for (const FieldPlan& field : plan.fields) {
    if (&field != &plan.fields.front()) header += plan.dialect.separator;
    header += cell_of(field.header, plan.dialect);
  }
  for (std::uint32_t i = 0; i < plan.spare_fields; ++i) header += plan.dialect.separator;
  return header + line_end_of(plan.dialect);
}

// Below the names of a header of several rows.
std::string empty_row_of(const FilePlan& plan) {
  std::string row;
  if (plan.dialect.has_quote()) row.assign(2, plan.dialect.quote);
  for (std::size_t i = 1; i < plan.fields.size(); ++i) row += plan.dialect.separator;
  return row + line_end_of(plan.dialect);
}

std::string valid_text(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string(bytes);
  std::string text;
  while (!bytes.empty()) {
    const std::size_t size = utf8_sequence_size(bytes);
    text += size == 0 ? "\xEF\xBF\xBD" : bytes.substr(0, size);
    bytes.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return text;
}

// A number before the ending where the name is taken.
std::string numbered(const std::string& path, int number) {
  if (number == 1) return path;
  const std::filesystem::path whole(path);
  return (whole.parent_path() /
          fmt::format("{}-{}{}", whole.stem().string(), number, whole.extension().string()))
      .string();
}

}  // namespace

std::string correction_name(const std::string& input) {
  if (input == "-") return "rejects-stdin.csv";
  std::string name = std::filesystem::path(input).filename().string();
  constexpr std::array<std::string_view, 3> kCompressed{".gz", ".zst", ".bz2"};
  for (const std::string_view ending : kCompressed) {
    if (name.size() > ending.size() && name.ends_with(ending)) {
      name.resize(name.size() - ending.size());
      break;
    }
  }
  // Room for a number and an ending within what file systems take.
  constexpr std::size_t kLongestName = 200;
  if (name.size() > kLongestName) {
    const std::string ending = std::filesystem::path(name).extension().string();
    std::size_t size = kLongestName - std::min(ending.size(), kLongestName / 2);
    while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0) == 0x80) --size;
    name = name.substr(0, size) + (ending.size() <= kLongestName / 2 ? ending : "");
  }
  return "rejects-" + name;
}

Failure CorrectionFiles::cannot_write() const {
  const ErrorCode code = errno == ENOSPC ? ErrorCode::kNoSpace : ErrorCode::kIo;
  return fail(code, fmt::format("Cannot write the file of rows to be corrected: {} ({}). Choose "
                                "another folder with `--rejects DIR`.",
                                unfinished_.back().path + kUnfinishedEnding, std::strerror(errno)));
}

Result<void> CorrectionFiles::open(const FilePlan& plan) {
  if (file_ != nullptr && unfinished_.back().input == plan.name) return {};
  if (Result<void> finished = finish(); !finished) return finished;
  const std::string path = options_.rejects_directory + "/" + correction_name(plan.name);
  // Two inputs of one name in different folders.
  std::string free = path;
  for (int number = 2; std::any_of(unfinished_.begin(), unfinished_.end(),
                                   [&](const Unfinished& other) { return other.path == free; });
       ++number) {
    free = numbered(path, number);
  }
  const bool has_header = header_rows_ > 0 && plan.json == JsonLayout::kNone;
  const std::string first_line = has_header ? header_of(plan) : "";
  unfinished_.push_back({free, plan.name, describe_origin(options_, plan, first_line)});
  file_ = std::fopen((free + kUnfinishedEnding).c_str(), "wb");
  if (file_ == nullptr) return cannot_write();
  for (std::uint64_t line = 0; line < skipped_lines_; ++line) {
    if (Result<void> written = write(line_end_of(plan.dialect)); !written) return written;
  }
  if (!has_header) return {};
  if (Result<void> written = write(first_line); !written) return written;
  for (std::uint64_t row = 1; row < header_rows_; ++row) {
    if (Result<void> written = write(empty_row_of(plan)); !written) return written;
  }
  return {};
}

Result<void> CorrectionFiles::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) return cannot_write();
  return {};
}

Result<void> CorrectionFiles::add(const Chunk& chunk, const std::vector<Reject>& rejects) {
  if (rejects.empty()) return {};
  if (Result<void> opened = open(*chunk.plan); !opened) return opened;
  const std::string line_end = line_end_of(chunk.plan->dialect);
  for (const Reject& reject : rejects) {
    const std::string_view row(chunk.text() + reject.bytes.begin,
                               reject.bytes.end - reject.bytes.begin);
    if (Result<void> written = write(valid_text(row) + line_end); !written) return written;
  }
  return {};
}

Result<void> CorrectionFiles::finish() {
  if (file_ == nullptr) return {};
  std::FILE* file = file_;
  file_ = nullptr;
  if (std::fclose(file) != 0) return cannot_write();
  return {};
}

std::vector<std::string> CorrectionFiles::keep() {
  std::vector<std::string> kept;
  for (const Unfinished& file : unfinished_) {
    std::error_code error;
    int number = 1;
    while (std::filesystem::exists(numbered(file.path, number), error)) ++number;
    std::string path = numbered(file.path, number);
    std::string unfinished = file.path + kUnfinishedEnding;
    std::filesystem::rename(unfinished, path, error);
    // The load is in the store all the same. Who finds no origin says how the file is to be read.
    if (!error) std::ofstream(origin_path(path), std::ios::binary) << file.origin;
    kept.push_back(std::move(error ? unfinished : path));
  }
  unfinished_.clear();
  return kept;
}

void CorrectionFiles::discard() {
  if (file_ != nullptr) std::fclose(file_);
  file_ = nullptr;
  for (const Unfinished& file : unfinished_) {
    std::remove((file.path + kUnfinishedEnding).c_str());
  }
  unfinished_.clear();
}

}  // namespace stave::loading
