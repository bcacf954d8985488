// Values go to their places as pieces are read: reading in a row and writing to as many ends as
// there are clusters keeps to the caches, where gathering from all over a column would not.
#include "tools/import/column_assembly.h"

#include <algorithm>

#include "storage/snapshot.h"

namespace stave::loading {

void ColumnBuffer::start(Physical physical, std::size_t rows,
                         std::span<const std::uint32_t> places) {
  physical_ = physical;
  places_ = places;
  rows_ = 0;
  has_nulls_ = false;
  any_value_ = false;
  is_narrow_ = false;
  texts_.clear();
  const auto grow = [rows](auto& values) {
    if (values.size() < rows) values.resize(rows);
  };
  if (physical == Physical::kCode) grow(codes);
  if (physical == Physical::kInt64) grow(int64s);
  if (physical == Physical::kInt128) grow(int128s);
  if (physical == Physical::kFloat64) grow(float64s);
  if (physical == Physical::kString) grow(strings);
  validity.assign((rows + 63) / 64, ~std::uint64_t{0});
}

void ColumnBuffer::hold_narrow(const IntegerFrame& frame) {
  is_narrow_ = true;
  narrow_.start(frame, places_.size());
}

void ColumnBuffer::append_nulls(std::size_t count) {
  const auto clear = [&](auto& values) {
    for (std::size_t row = rows_; row < rows_ + count; ++row) values[place_of(row)] = {};
  };
  if (physical_ == Physical::kCode) clear(codes);
  if (physical_ == Physical::kInt64) clear(int64s);
  if (physical_ == Physical::kInt128) clear(int128s);
  if (physical_ == Physical::kFloat64) clear(float64s);
  if (physical_ == Physical::kString) clear(strings);
  for (std::size_t row = rows_; row < rows_ + count; ++row) set_null(row);
  rows_ += count;
}

void ColumnBuffer::append_integers(const Piece& piece, std::string_view column_bytes) {
  const PieceIntegers values(piece.rows, column_bytes);
  const auto places = places_.empty() ? places_ : places_.subspan(rows_, piece.rows);
  const std::size_t begin = places_.empty() ? rows_ : 0;
  if (is_narrow_) {
    narrow_.append(values, piece.rows, places);
  } else if (physical_ == Physical::kCode) {
    values.read(piece.rows, places, codes.data() + begin);
  } else {
    values.read(piece.rows, places, int64s.data() + begin);
  }
  values.visit_nulls(piece.rows, [this](std::uint32_t row) { set_null(rows_ + row); });
  rows_ += piece.rows;
  any_value_ = true;
}

void ColumnBuffer::append_cells(const ColumnCells& cells, std::size_t count) {
  const auto copy = [&](const auto& from, auto& to) {
    for (std::size_t i = 0; i < count; ++i) to[place_of(rows_ + i)] = from[i];
  };
  if (physical_ == Physical::kCode) copy(cells.codes, codes);
  if (physical_ == Physical::kInt64) copy(cells.int64s, int64s);
  if (physical_ == Physical::kInt128) copy(cells.int128s, int128s);
  if (physical_ == Physical::kFloat64) copy(cells.float64s, float64s);
  if (physical_ == Physical::kString) copy(cells.strings, strings);
  if (!cells.validity.empty() && physical_ != Physical::kCode) {
    for (std::uint32_t i = 0; i < count; ++i) {
      if (cells.is_null(i)) set_null(rows_ + i);
    }
  }
  rows_ += count;
  any_value_ = true;
}

void ColumnBuffer::append_converted(const ColumnCells& cells, std::size_t count,
                                    const ColumnConversion& conversion, ValueParser& values) {
  converted_.reset(conversion.physical, static_cast<std::uint32_t>(count));
  if (cells.physical() == Physical::kString) {
    convert_texts(conversion, cells, static_cast<std::uint32_t>(count), values, converted_);
    return append_cells(converted_, count);
  }
  const ColumnCells& listed = conversion.listed;
  for (std::uint32_t row = 0; row < count; ++row) {
    if (cells.is_null(row)) {
      if (conversion.physical == Physical::kCode) {
        converted_.codes[row] = 0;
      } else {
        converted_.set_null(row);
      }
      continue;
    }
    const std::uint32_t at = cells.codes[row] - 1;
    switch (conversion.physical) {
      case Physical::kCode:
        converted_.codes[row] = listed.codes[at];
        break;
      case Physical::kFloat64:
        converted_.float64s[row] = listed.float64s[at];
        break;
      case Physical::kString:
        converted_.strings[row] = listed.strings[at];
        break;
      case Physical::kInt128:
        converted_.int128s[row] = listed.int128s[at];
        break;
      case Physical::kInt64:
        converted_.int64s[row] = listed.int64s[at];
    }
    if (conversion.physical != Physical::kCode && listed.is_null(at)) converted_.set_null(row);
  }
  append_cells(converted_, count);
}

void ColumnBuffer::append(const Piece& piece, std::string_view column_bytes, bool keeps,
                          const ColumnConversion& conversion, ValueParser& values) {
  const bool are_integers = physical_ == Physical::kCode || physical_ == Physical::kInt64;
  if (conversion.as_is && are_integers && !column_bytes.empty() &&
      holds_piece_values(column_bytes)) {
    return append_integers(piece, column_bytes);
  }
  read_piece_column(piece.rows, column_bytes, piece_column_);
  if (piece_column_.form == PieceForm::kAbsent || piece_column_.form == PieceForm::kAllNull) {
    return append_nulls(piece.rows);
  }
  ColumnCells& cells = piece_column_.cells;
  if (!keeps && cells.physical() == Physical::kString) {
    for (std::uint32_t row = 0; row < piece.rows; ++row) {
      cells.strings[row] = texts_.copy(cells.strings[row]);
    }
  }
  if (conversion.as_is) {
    append_cells(cells, piece.rows);
  } else {
    append_converted(cells, piece.rows, conversion, values);
  }
}

std::span<const std::uint32_t> ColumnBuffer::codes_between(std::size_t begin, std::size_t count) {
  return values_between(begin, count).codes;
}

// Held wide for as long as nobody asks for others.
void ColumnBuffer::widen(std::size_t begin, std::size_t count) {
  const auto read = [&](auto& wide) {
    if (wide.size() < count) wide.resize(count);
    narrow_.read(begin, std::span(wide).first(count));
  };
  if (physical_ == Physical::kCode) {
    read(codes);
  } else {
    read(int64s);
  }
}

ColumnValues ColumnBuffer::values_between(std::size_t begin, std::size_t count) {
  ColumnValues values;
  values.physical = physical_;
  values.rows = static_cast<std::uint32_t>(count);
  const std::size_t from = is_narrow_ ? 0 : begin;
  if (is_narrow_) widen(begin, count);
  const auto part = [&](const auto& all, auto& span) {
    span = std::span(all).subspan(from, count);
  };
  if (physical_ == Physical::kCode) part(codes, values.codes);
  if (physical_ == Physical::kInt64) part(int64s, values.int64s);
  if (physical_ == Physical::kInt128) part(int128s, values.int128s);
  if (physical_ == Physical::kFloat64) part(float64s, values.float64s);
  if (physical_ == Physical::kString) part(strings, values.strings);
  const auto bits = std::span(validity).subspan(begin / 64, (count + 63) / 64);
  const bool any_null = std::ranges::any_of(bits, [](std::uint64_t word) { return ~word != 0; });
  if (any_null && physical_ != Physical::kCode) values.validity = bits;
  return values;
}

ColumnValues ColumnBuffer::all_values() {
  return values_between(0, rows_);
}

Result<void> ColumnBuffer::write(ColumnFileWriter& writer, const Predict& predict) {
  for (std::size_t begin = 0; begin < rows_; begin += kBlockRows) {
    const ColumnValues values =
        values_between(begin, std::min<std::size_t>(kBlockRows, rows_ - begin));
    Result<void> appended =
        predict ? writer.append_block(values, predict(begin, values)) : writer.append(values);
    if (!appended) return appended;
  }
  return {};
}

}  // namespace stave::loading
