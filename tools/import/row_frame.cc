// Masks first; where they say that quotes are out of place, the state machine instead.
#include "tools/import/row_frame.h"

namespace stave::loading {

void RowFrame::take_row(std::uint32_t begin, std::uint32_t first, std::uint32_t last,
                        bool keep_blank) {
  std::uint32_t& end = structure_.positions[last];
  // The carriage return of CRLF belongs to the line end.
  if (text_[end] == '\n' && end > begin && text_[end - 1] == '\r') --end;
  const std::uint32_t count = last - first + 1;
  if (count == 1 && end == begin && (fields_ > 1 || !keep_blank)) return;
  if (count == fields_) {
    rows_.push_back({begin, first});
    return;
  }
  BadRow bad;
  bad.fault = count < fields_ ? RowFault::kTooFewFields : RowFault::kTooManyFields;
  bad.fields = count;
  bad.rows_before = rows();
  bad.bytes = {begin, end};
  bad_rows_.push_back(bad);
}

void RowFrame::find(const char* text, std::size_t size, Dialect dialect, std::uint32_t fields,
                    bool keep_blank) {
  text_ = text;
  fields_ = fields;
  rows_.clear();
  bad_rows_.clear();
  faults_.clear();
  find_structure(text, size, dialect, structure_);
  if (!structure_.well_quoted) find_quoted_structure(text, size, dialect, structure_, faults_);
  const bool open_end =
      structure_.row_count == 0
          ? size > 0
          : structure_.positions[structure_.row_ends[structure_.row_count - 1]] + 1 < size;
  if (open_end) {
    structure_.reserve_block();
    structure_.row_ends[structure_.row_count++] =
        static_cast<std::uint32_t>(structure_.position_count);
    structure_.positions[structure_.position_count++] = static_cast<std::uint32_t>(size);
    ++structure_.line_ends;
  }
  std::uint32_t begin = 0;
  std::uint32_t first = 0;
  std::size_t next_fault = 0;
  for (std::size_t row = 0; row < structure_.row_count; ++row) {
    const std::uint32_t last = structure_.row_ends[row];
    const std::uint32_t next = structure_.positions[last] + 1;
    if (next_fault < faults_.size() && faults_[next_fault].row == row) {
      BadRow bad;
      bad.fault = RowFault::kBadQuotes;
      bad.quote_fault = faults_[next_fault].fault;
      bad.offset = faults_[next_fault].offset;
      bad.rows_before = rows();
      bad.bytes = {begin, structure_.positions[last]};
      if (bad.bytes.end > begin && text_[bad.bytes.end - 1] == '\r') --bad.bytes.end;
      bad_rows_.push_back(bad);
      ++next_fault;
    } else {
      take_row(begin, first, last, keep_blank);
    }
    begin = next;
    first = last + 1;
  }
}

}  // namespace stave::loading
