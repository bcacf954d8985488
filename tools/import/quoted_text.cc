// The state machine behind quoted_text.h, one row at a time.
#include "tools/import/quoted_text.h"

namespace stave::loading {

namespace {

struct RowScan {
  bool complete = false;  // its end was found
  bool faulty = false;
  QuoteFault fault = QuoteFault::kStrayQuote;
  std::size_t fault_at = 0;
  std::size_t end_position = 0;  // of the row end's structural byte, or the size of the text
  std::size_t next = 0;          // where the next row begins
};

class RowScanner {
 public:
  RowScanner(const char* text, std::size_t size, Dialect dialect)
      : text_(text), size_(size), dialect_(dialect) {}

  // `at_end`: no more text will come. `separators` gets the positions of the row's separators.
  RowScan scan(std::size_t begin, bool at_end, std::vector<std::uint32_t>& separators) const {
    separators.clear();
    RowScan row;
    std::size_t at = begin;
    while (true) {
      if (at < size_ && text_[at] == dialect_.quote) {
        const std::size_t opening = at;
        at = after_quoted_field(at);
        const bool too_long = at - begin > kMaxRowBytes;
        if (at > size_ || too_long) {
          if (!at_end && !too_long && size_ - begin <= kMaxRowBytes) return row;
          return faulty(begin, opening, QuoteFault::kNeverClosed);
        }
        if (at < size_ && !is_border(text_[at])) {
          return faulty(begin, at, QuoteFault::kTextAfterQuote);
        }
      } else {
        while (at < size_ && !is_border(text_[at])) {
          if (text_[at] == dialect_.quote) return faulty(begin, at, QuoteFault::kStrayQuote);
          ++at;
        }
      }
      if (at >= size_ || text_[at] != dialect_.separator) return end_row(row, at, at_end);
      separators.push_back(static_cast<std::uint32_t>(at));
      ++at;
    }
  }

 private:
  bool is_border(char byte) const {
    return byte == dialect_.separator || byte == '\n' || byte == '\r';
  }

  // The offset behind the closing quote, or beyond the text where there is none.
  std::size_t after_quoted_field(std::size_t opening) const {
    std::size_t at = opening + 1;
    while (at < size_) {
      if (text_[at] != dialect_.quote) {
        ++at;
      } else if (at + 1 < size_ && text_[at + 1] == dialect_.quote) {
        at += 2;
      } else {
        return at + 1;
      }
    }
    return size_ + 1;
  }

  RowScan end_row(RowScan row, std::size_t at, bool at_end) const {
    if (at >= size_) {
      row.complete = at_end;
      row.end_position = size_;
      row.next = size_;
      return row;
    }
    const bool is_return = text_[at] == '\r';
    if (is_return && at + 1 == size_ && !at_end) return row;  // its line feed may be to come
    row.complete = true;
    row.end_position = is_return && at + 1 < size_ && text_[at + 1] == '\n' ? at + 1 : at;
    row.next = row.end_position + 1;
    return row;
  }

  RowScan faulty(std::size_t begin, std::size_t fault_at, QuoteFault fault) const {
    std::size_t at = begin;
    while (at < size_ && text_[at] != '\n' && text_[at] != '\r') ++at;
    RowScan row = end_row(RowScan{}, at, true);
    row.faulty = true;
    row.fault = fault;
    row.fault_at = fault_at;
    return row;
  }

  const char* text_;
  std::size_t size_;
  Dialect dialect_;
};

}  // namespace

void find_quoted_structure(const char* text, std::size_t size, Dialect dialect, Structure& out,
                           std::vector<FaultyRow>& faults) {
  const RowScanner scanner(text, size, dialect);
  std::vector<std::uint32_t> separators;
  out.clear();
  faults.clear();
  for (std::size_t begin = 0; begin < size;) {
    const RowScan row = scanner.scan(begin, true, separators);
    if (row.faulty) {
      separators.clear();
      faults.push_back({static_cast<std::uint32_t>(out.row_count),
                        static_cast<std::uint32_t>(row.fault_at), row.fault});
    }
    out.positions.resize(out.position_count);
    out.positions.insert(out.positions.end(), separators.begin(), separators.end());
    out.positions.push_back(static_cast<std::uint32_t>(row.end_position));
    out.position_count = out.positions.size();
    out.row_ends.resize(out.row_count);
    out.row_ends.push_back(static_cast<std::uint32_t>(out.position_count - 1));
    ++out.row_count;
    begin = row.next;
  }
  for (std::size_t at = 0; at < size; ++at) {
    if (static_cast<unsigned char>(text[at]) >= 0x80) out.ascii = false;
    const bool line_feed_follows = at + 1 < size && text[at + 1] == '\n';
    if (text[at] == '\n' || (text[at] == '\r' && !line_feed_follows)) ++out.line_ends;
  }
}

std::size_t find_quoted_row_border(const char* text, std::size_t size, Dialect dialect) {
  const RowScanner scanner(text, size, dialect);
  std::vector<std::uint32_t> separators;
  std::size_t begin = 0;
  while (begin < size) {
    const RowScan row = scanner.scan(begin, false, separators);
    if (!row.complete) break;
    // Any faulty row could only end earlier or later with more text where its line is cut off.
    if (row.next == size_t{size} &&
        (text[size - 1] == '\r' || (text[size - 1] != '\n' && row.end_position == size))) {
      break;
    }
    begin = row.next;
  }
  return begin;
}

SplitRow split_first_row(const char* text, std::size_t size, Dialect dialect, bool at_end) {
  std::vector<std::uint32_t> separators;
  const RowScan row = RowScanner(text, size, dialect).scan(0, at_end, separators);
  SplitRow split;
  split.complete = row.complete;
  split.faulty = row.faulty;
  split.next = row.next;
  if (!row.complete || row.faulty) return split;
  std::size_t end = row.end_position;
  if (end < size && end > 0 && text[end] == '\n' && text[end - 1] == '\r') --end;
  separators.push_back(static_cast<std::uint32_t>(end));
  std::size_t begin = 0;
  for (const std::uint32_t separator : separators) {
    std::string field(text + begin, separator - begin);
    if (!field.empty() && field.front() == dialect.quote) {
      std::string plain;
      for (std::size_t at = 1; at + 1 < field.size(); ++at) {
        plain.push_back(field[at]);
        if (field[at] == dialect.quote) ++at;
      }
      field = std::move(plain);
    }
    split.fields.push_back(std::move(field));
    begin = separator + std::size_t{1};
  }
  return split;
}

}  // namespace stave::loading
