// Masks first; where the dialect has none or quotes are out of place, the state machine instead.
#include "tools/import/row_frame.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "tools/import/blanks.h"
#include "tools/import/row_count_line.h"
#include "tools/import/stray_quotes.h"
#include "tools/import/utf8.h"

namespace stave::loading {

Span RowFrame::row(std::uint32_t row) const {
  const auto odd =
      std::lower_bound(odd_rows_.begin(), odd_rows_.end(), row,
                       [](const OddRow& at, std::uint32_t wanted) { return at.row < wanted; });
  if (odd != odd_rows_.end() && odd->row == row) return {rows_[row].begin, odd->end};
  return {rows_[row].begin, structure_.positions[rows_[row].first + shape_.fields - 1]};
}

// Whether a row of `count` fields is a good one.
bool RowFrame::may_have(std::uint32_t count, std::uint32_t first) const {
  if (count < shape_.fields) return shape_.fill;
  if (!shape_.fill && count - shape_.fields > shape_.spare) return false;
  for (std::uint32_t i = first + shape_.fields; i < first + count; ++i) {
    const std::uint32_t begin = structure_.positions[i - 1] + gap_;
    const std::string_view cell(text_ + begin, structure_.positions[i] - begin);
    if (!without_blanks(cell).empty()) return false;
  }
  return true;
}

void RowFrame::take_odd_row(std::uint32_t begin, std::uint32_t first, std::uint32_t last) {
  const std::uint32_t count = last - first + 1;
  const std::uint32_t end = structure_.positions[last];
  // What a line says of the rows before it is no row that lacks all cells but one.
  if (!may_have(count, first) || (count == 1 && row_count_in({text_ + begin, end - begin}))) {
    BadRow bad;
    bad.fault = count < shape_.fields ? RowFault::kTooFewFields : RowFault::kTooManyFields;
    bad.fields = count;
    bad.rows_before = rows();
    bad.bytes = {begin, end};
    bad_rows_.push_back(bad);
    return;
  }
  odd_rows_.push_back({rows(), end});
  if (count > shape_.fields) {
    rows_.push_back({begin, first});
    return;
  }
  // The fields that are missing stand behind the row, each of no bytes.
  std::vector<std::uint32_t>& positions = structure_.positions;
  const auto copied = static_cast<std::uint32_t>(structure_.position_count);
  structure_.position_count += shape_.fields;
  if (positions.size() < structure_.position_count) {
    positions.resize(2 * structure_.position_count);
  }
  for (std::uint32_t i = 0; i < shape_.fields; ++i) {
    positions[copied + i] = i < count ? positions[first + i] : positions[copied + i - 1] + gap_;
  }
  rows_.push_back({begin, copied});
}

void RowFrame::take_row(std::uint32_t begin, std::uint32_t first, std::uint32_t last,
                        bool joins_returns) {
  std::uint32_t& end = structure_.positions[last];
  // The carriage return of CRLF belongs to the line end.
  if (joins_returns && text_[end] == '\n' && end > begin && text_[end - 1] == '\r') --end;
  const std::uint32_t count = last - first + 1;
  if (count == 1 && (shape_.fields > 1 || !shape_.keep_blank) &&
      without_blanks({text_ + begin, end - begin}).empty()) {
    return;
  }
  if (count == 1 && may_end_block_ && std::string_view(text_ + begin, end - begin) == "\\.") return;
  if (count == shape_.fields) {
    rows_.push_back({begin, first});
  } else {
    take_odd_row(begin, first, last);
  }
}

void RowFrame::take_faulty_row(Span line, const FaultyRow& fault, const Dialect& dialect) {
  if (shape_.stray_quotes && take_stray_line(line, dialect)) return;
  BadRow bad;
  bad.fault = RowFault::kBadQuotes;
  bad.quote_fault = fault.fault;
  bad.offset = fault.offset;
  bad.rows_before = rows();
  bad.bytes = line;
  bad_rows_.push_back(bad);
}

// False where the line cannot have the fields asked for, whatever its quotes are taken for.
bool RowFrame::take_stray_line(Span line, const Dialect& dialect) {
  const std::string_view bytes(text_ + line.begin, line.end - line.begin);
  std::optional<std::vector<std::size_t>> separators;
  for (std::uint32_t fields = shape_.fields; fields <= shape_.fields + shape_.spare && !separators;
       ++fields) {
    separators = read_stray_line(bytes, dialect, fields);
    if (!separators) continue;
    // Behind all others, as those of short rows.
    const auto first = static_cast<std::uint32_t>(structure_.position_count);
    structure_.position_count += fields;
    if (structure_.positions.size() < structure_.position_count) {
      structure_.positions.resize(2 * structure_.position_count);
    }
    auto to = structure_.positions.begin() + first;
    for (const std::size_t at : *separators) *to++ = line.begin + static_cast<std::uint32_t>(at);
    *to = line.end;
    take_row(line.begin, first, first + fields - 1, false);
  }
  return separators.has_value();
}

// The last row may lack its line end.
void RowFrame::close_last_row(std::size_t size) {
  const bool open_end =
      structure_.row_count == 0
          ? size > 0
          : structure_.positions[structure_.row_ends[structure_.row_count - 1]] + 1 < size;
  if (!open_end) return;
  structure_.reserve_block();
  structure_.row_ends[structure_.row_count++] =
      static_cast<std::uint32_t>(structure_.position_count);
  structure_.positions[structure_.position_count++] = static_cast<std::uint32_t>(size);
  ++structure_.line_ends;
}

// Where every row has the fields asked for, as in nearly all chunks, none is looked at for itself.
bool RowFrame::take_even_rows(const Dialect& dialect) {
  const std::size_t count = structure_.row_count;
  const std::uint32_t fields = shape_.fields;
  if (!faults_.empty() || structure_.any_return || dialect.comment != '\0' || fields < 2 ||
      structure_.position_count != count * fields) {
    return false;
  }
  std::uint32_t differs = 0;
  for (std::uint32_t row = 0; row < count; ++row) {
    differs |= structure_.row_ends[row] ^ (row * fields + fields - 1);
  }
  if (differs != 0) return false;
  rows_.resize(count);
  std::uint32_t begin = 0;
  std::uint32_t first = 0;
  for (Row& row : rows_) {
    row = {begin, first};
    first += fields;
    begin = structure_.positions[first - 1] + 1;
  }
  return true;
}

void RowFrame::find(const char* text, std::size_t size, const Dialect& dialect,
                    const RowShape& shape) {
  text_ = text;
  shape_ = shape;
  gap_ = static_cast<std::uint32_t>(dialect.separator.size());
  may_end_block_ = dialect.escape == QuoteEscape::kLetters;
  rows_.clear();
  odd_rows_.clear();
  bad_rows_.clear();
  faults_.clear();
  const bool has_masks = dialect.has_masks_for({text, size});
  if (has_masks) find_structure(text, size, dialect, structure_);
  if (!has_masks || !structure_.well_quoted) {
    find_quoted_structure(text, size, dialect, structure_, faults_);
  }
  close_last_row(size);
  if (!take_even_rows(dialect)) take_rows(dialect);
  header_echoes_ = 0;
  if (shape_.fields > 1 && !shape_.header.empty()) drop_header_echoes();
  empty_rows_ = 0;
  // With escaped letters nothing at all is the empty text.
  const bool may_be_empty = dialect.escape != QuoteEscape::kLetters;
  if (shape_.fields > 1 && shape_.fill && may_be_empty) drop_empty_rows(dialect.separator);
}

// Where files were put one behind the other, a byte order mark may stand before it.
bool RowFrame::is_header(std::uint32_t row) const {
  // Most rows are told by their first byte.
  const char first = text_[rows_[row].begin];
  if (first != shape_.header.front() && first != kUtf8Mark.front()) return false;
  const Span bytes = this->row(row);
  std::string_view text(text_ + bytes.begin, bytes.end - bytes.begin);
  if (text.starts_with(kUtf8Mark)) text.remove_prefix(kUtf8Mark.size());
  return text == shape_.header;
}

void RowFrame::drop_header_echoes() {
  std::vector<std::uint32_t> echoes;
  for (std::uint32_t row = 0; row < rows(); ++row) {
    if (is_header(row)) echoes.push_back(row);
  }
  drop(echoes);
  header_echoes_ = static_cast<std::uint32_t>(echoes.size());
}

// Blanks are text, and so is a part of a separator.
bool RowFrame::is_empty(std::uint32_t row, std::string_view separator) const {
  const Span bytes = this->row(row);
  std::string_view text(text_ + bytes.begin, bytes.end - bytes.begin);
  while (text.starts_with(separator)) text.remove_prefix(separator.size());
  return text.empty();
}

void RowFrame::drop_empty_rows(std::string_view separator) {
  std::vector<std::uint32_t> empty;
  for (std::uint32_t row = 0; row < rows(); ++row) {
    // Most rows are told by their first byte.
    if (text_[rows_[row].begin] == separator.front() && is_empty(row, separator)) {
      empty.push_back(row);
    }
  }
  for (BadRow& bad : bad_rows_) {
    bad.empty_rows_before = static_cast<std::uint32_t>(
        std::ranges::lower_bound(empty, bad.rows_before) - empty.begin());
  }
  drop(empty);
  empty_rows_ = static_cast<std::uint32_t>(empty.size());
}

// `dropped`: rows in their order.
void RowFrame::drop(const std::vector<std::uint32_t>& dropped) {
  if (dropped.empty()) return;
  const auto dropped_before = [&](std::uint32_t row) {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(dropped, row) - dropped.begin());
  };
  std::erase_if(odd_rows_,
                [&](const OddRow& odd) { return std::ranges::binary_search(dropped, odd.row); });
  for (OddRow& odd : odd_rows_) odd.row -= dropped_before(odd.row);
  for (BadRow& bad : bad_rows_) bad.rows_before -= dropped_before(bad.rows_before);
  auto next = dropped.begin();
  std::uint32_t row = 0;
  std::erase_if(rows_, [&](const Row&) {
    const bool is_dropped = next != dropped.end() && *next == row;
    next += is_dropped ? 1 : 0;
    ++row;
    return is_dropped;
  });
}

void RowFrame::take_rows(const Dialect& dialect) {
  std::uint32_t begin = 0;
  std::uint32_t first = 0;
  std::size_t next_fault = 0;
  for (std::size_t row = 0; row < structure_.row_count; ++row) {
    const std::uint32_t last = structure_.row_ends[row];
    const std::uint32_t next = structure_.positions[last] + 1;
    if (next_fault < faults_.size() && faults_[next_fault].row == row) {
      Span line{begin, structure_.positions[last]};
      if (dialect.joins_returns() && line.end > begin && text_[line.end - 1] == '\r') --line.end;
      take_faulty_row(line, faults_[next_fault], dialect);
      ++next_fault;
    } else if (dialect.comment == '\0' || text_[begin] != dialect.comment) {
      take_row(begin, first, last, dialect.joins_returns());
    }
    begin = next;
    first = last + 1;
  }
}

}  // namespace stave::loading
