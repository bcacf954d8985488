// See row_scanner.h.
#include "tools/import/row_scanner.h"

#include <algorithm>
#include <cstring>

namespace stave::loading {

RowScanner::RowScanner(const char* text, std::size_t size, const Dialect& dialect)
    : text_(text), size_(size), dialect_(dialect) {
  const auto mark = [this](char byte) { special_[static_cast<unsigned char>(byte)] = true; };
  mark(dialect.separator.front());
  mark('\n');
  mark('\r');
  if (dialect.has_quote()) mark(dialect.quote);
  if (dialect.has_backslash()) mark('\\');
}

bool RowScanner::is_separator(std::size_t at) const {
  const std::string& separator = dialect_.separator;
  return text_[at] == separator.front() &&
         (separator.size() == 1 ||
          (size_ - at >= separator.size() &&
           std::memcmp(text_ + at, separator.data(), separator.size()) == 0));
}

std::size_t RowScanner::line_end_size(std::size_t at) const {
  const char byte = text_[at];
  if (byte != '\n' && byte != '\r') return 0;
  const bool pair = byte == '\r' && at + 1 < size_ && text_[at + 1] == '\n';
  switch (dialect_.line_end) {
    case LineEnd::kAny:
      return pair ? 2 : 1;
    case LineEnd::kNewline:
      if (byte == '\n') return 1;
      return pair ? 2 : 0;
    case LineEnd::kLineFeed:
      return byte == '\n' ? 1 : 0;
    case LineEnd::kCarriageReturn:
      return byte == '\r' ? 1 : 0;
    case LineEnd::kCarriageReturnLineFeed:
      return pair ? 2 : 0;
  }
  return 0;
}

// Whether what stands at `at` could be the beginning of a longer separator or line end.
bool RowScanner::needs_more(std::size_t at, bool at_end) const {
  if (at_end || at >= size_) return false;
  const std::size_t rest = size_ - at;
  if (rest == 1 && text_[at] == '\r' && dialect_.joins_returns()) return true;
  return rest < dialect_.separator.size() &&
         std::memcmp(text_ + at, dialect_.separator.data(), rest) == 0;
}

std::size_t RowScanner::after_blanks(std::size_t at) const {
  while (at < size_ && (text_[at] == ' ' || text_[at] == '\t') && !is_separator(at)) ++at;
  return at;
}

// Behind the closing quote, or beyond the text where there is none.
std::size_t RowScanner::after_quoted_cell(std::size_t opening) const {
  std::size_t at = opening + 1;
  while (at < size_) {
    if (text_[at] == dialect_.quote) {
      if (at + 1 >= size_ || text_[at + 1] != dialect_.quote) return at + 1;
      at += 2;
    } else if (text_[at] == '\\' && dialect_.has_backslash()) {
      at += 2;
    } else {
      ++at;
    }
  }
  return size_ + 1;
}

std::size_t RowScanner::after_escaped(std::size_t backslash) const {
  const std::size_t at = backslash + 1;
  if (at >= size_) return size_;
  if (const std::size_t line_end = line_end_size(at); line_end > 0) return at + line_end;
  return is_separator(at) ? at + dialect_.separator.size() : at + 1;
}

// The offset of the separator, line end or stray quote that ends it.
std::size_t RowScanner::after_plain_cell(std::size_t at) const {
  while (at < size_) {
    if (special_[static_cast<unsigned char>(text_[at])]) {
      if (text_[at] == '\\' && dialect_.has_backslash()) {
        at = after_escaped(at);
        continue;
      }
      if (dialect_.is_quote(text_[at]) || is_separator(at) || line_end_size(at) > 0) return at;
    }
    ++at;
  }
  return size_;
}

ScannedRow RowScanner::end_row(ScannedRow row, std::size_t at, bool at_end) const {
  row.complete = at < size_ ? !needs_more(at, at_end) : at_end;
  row.end = std::min(at, size_);
  row.next = at < size_ ? at + line_end_size(at) : size_;
  return row;
}

ScannedRow RowScanner::whole_line(std::size_t begin, bool at_end) const {
  std::size_t at = begin;
  while (at < size_ && line_end_size(at) == 0) ++at;
  return end_row({}, at, at_end);
}

ScannedRow RowScanner::scan(std::size_t begin, bool at_end,
                            std::vector<std::uint32_t>& separators) const {
  separators.clear();
  if (dialect_.comment != '\0' && begin < size_ && text_[begin] == dialect_.comment) {
    ScannedRow row = whole_line(begin, at_end);
    row.comment = true;
    return row;
  }
  const auto faulty = [&](std::size_t at, QuoteFault fault) {
    ScannedRow row = whole_line(begin, at_end);
    row.faulty = true;
    row.fault = fault;
    row.fault_at = at;
    return row;
  };
  std::size_t at = begin;
  while (true) {
    const std::size_t opening = dialect_.blanks_around_quotes ? after_blanks(at) : at;
    if (opening < size_ && dialect_.is_quote(text_[opening])) {
      at = after_quoted_cell(opening);
      const bool too_long = size_ - begin > kMaxRowBytes && at - begin > kMaxRowBytes;
      if (at > size_ || too_long) {
        if (!at_end && !too_long) return {};
        return faulty(opening, QuoteFault::kNeverClosed);
      }
      if (dialect_.blanks_around_quotes) at = after_blanks(at);
      if (needs_more(at, at_end)) return {};
      if (at < size_ && !is_separator(at) && line_end_size(at) == 0) {
        return faulty(at, QuoteFault::kTextAfterQuote);
      }
    } else {
      at = after_plain_cell(at);
      if (at < size_ && dialect_.is_quote(text_[at])) return faulty(at, QuoteFault::kStrayQuote);
    }
    if (at >= size_ || !is_separator(at)) return end_row({}, at, at_end);
    separators.push_back(static_cast<std::uint32_t>(at));
    at += dialect_.separator.size();
  }
}

}  // namespace stave::loading
