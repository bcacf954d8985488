// Raw bytes that are not UTF-8 are written as base64 behind the word `base64:`.
#include "tools/import/reject_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <system_error>

#include "tools/import/text_decoder.h"
#include "tools/import/text_lines.h"
#include "tools/import/utf8.h"

namespace stave::loading {

namespace {

constexpr std::size_t kShown = 5;
constexpr const char* kHeader = "file,line,byte,column,code,reason,raw\n";

std::string base64(std::string_view bytes) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      word = word << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      const bool padding = at + i > bytes.size();
      out.push_back(padding ? '=' : kLetters[(word >> (18 - 6 * i)) & 63]);
    }
  }
  return out;
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos && !text.empty()) {
    return std::string(text);
  }
  std::string out = "\"";
  for (const char byte : text) {
    if (byte == '"') out.push_back('"');
    out.push_back(byte);
  }
  out.push_back('"');
  return out;
}

// Of a record of this file, its line end with it; 0 where none ends here.
std::size_t record_size(std::string_view text) {
  bool in_quotes = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') in_quotes = !in_quotes;
    if (text[at] == '\n' && !in_quotes) return at + 1;
  }
  return 0;
}

std::string_view first_field(std::string_view record) {
  bool in_quotes = false;
  for (std::size_t at = 0; at < record.size(); ++at) {
    if (record[at] == '"') in_quotes = !in_quotes;
    if (record[at] == ',' && !in_quotes) return record.substr(0, at);
  }
  return record;
}

}  // namespace

RejectFile::~RejectFile() {
  if (file_ != nullptr) std::fclose(file_);
}

bool RejectFile::is_input() const {
  std::error_code fault;  // such as of an input that is not there, which its reader tells
  return std::any_of(inputs_.begin(), inputs_.end(), [&](const std::string& input) {
    return std::filesystem::equivalent(input, path_, fault);
  });
}

Result<void> RejectFile::open() {
  if (file_ != nullptr) return {};
  if (is_input()) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("The rejected rows would be written over an input: {}. Name another "
                            "folder with `--rejects DIR`, or the file otherwise.",
                            path_));
  }
  std::error_code fault;  // fopen says what is wrong
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), fault);
  file_ = std::fopen(path_.c_str(), goes_on_ ? "ab" : "wb");
  if (file_ == nullptr) {
    return fail(ErrorCode::kIo,
                fmt::format("Cannot write the file of rejected rows: {} ({}). Choose another "
                            "folder with `--rejects DIR`.",
                            path_, std::strerror(errno)));
  }
  if (!goes_on_) std::fputs(kHeader, file_);
  goes_on_ = true;
  return {};
}

Result<void> RejectFile::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) {
    const ErrorCode code = errno == ENOSPC ? ErrorCode::kNoSpace : ErrorCode::kIo;
    return fail(code, fmt::format("Cannot write the file of rejected rows: {} ({}).", path_,
                                  std::strerror(errno)));
  }
  return {};
}

Result<void> RejectFile::go_on_without(const std::vector<std::string>& files) {
  if (is_input()) return {};  // the first reject says so
  std::string text;
  {
    std::ifstream earlier(path_, std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(earlier), std::istreambuf_iterator<char>());
  }
  if (!text.starts_with(kHeader)) return {};
  std::set<std::string, std::less<>> names;
  for (const std::string& file : files) names.insert(csv_cell(file));
  std::string kept;
  for (std::string_view rest = std::string_view(text).substr(std::strlen(kHeader));;) {
    const std::size_t size = record_size(rest);
    if (size == 0) break;
    const std::string_view record = rest.substr(0, size);
    if (!names.contains(first_field(record))) kept += record;
    rest.remove_prefix(size);
  }
  if (kept.empty()) {
    std::remove(path_.c_str());
    return {};
  }
  if (Result<void> opened = open(); !opened) return opened;
  if (Result<void> written = write(kept); !written) return written;
  return finish();
}

Result<void> RejectFile::add(const Chunk& chunk, std::vector<Reject>& rejects,
                             std::uint64_t lines_before) {
  std::stable_sort(rejects.begin(), rejects.end(), [](const Reject& left, const Reject& right) {
    return left.bytes.begin < right.bytes.begin;
  });
  if (rejects.empty()) return {};
  if (Result<void> opened = open(); !opened) return opened;
  std::uint64_t line = lines_before + 1;
  std::uint64_t offset = chunk.offset;
  std::size_t counted = 0;
  for (const Reject& reject : rejects) {
    const char* text = chunk.text();
    const std::string_view before(text + counted, reject.bytes.begin - counted);
    line += count_line_ends(before);
    offset += encoded_size(before, chunk.encoding);
    counted = reject.bytes.begin;
    const std::string_view raw(text + reject.bytes.begin, reject.bytes.end - reject.bytes.begin);
    const std::string& name = chunk.plan->name;
    Result<void> written = write(fmt::format(
        "{},{},{},{},{},{},{}\n", csv_cell(name), line, offset,
        reject.column.empty() ? "" : csv_cell(reject.column), reject.code, csv_cell(reject.reason),
        csv_cell(is_utf8(raw) ? std::string(raw) : "base64:" + base64(raw))));
    if (!written) return written;
    ++count_;
    if (first_.size() < kShown) {
      first_.push_back(fmt::format("{}:{}: {}{}", name, line,
                                   reject.column.empty() ? "" : reject.column + ": ",
                                   reject.reason));
    }
  }
  return {};
}

Result<void> RejectFile::finish() {
  if (file_ == nullptr) return {};
  std::FILE* file = file_;
  file_ = nullptr;
  if (std::fclose(file) != 0) {
    return fail(ErrorCode::kIo, fmt::format("Cannot write the file of rejected rows: {} ({}).",
                                            path_, std::strerror(errno)));
  }
  return {};
}

}  // namespace stave::loading
