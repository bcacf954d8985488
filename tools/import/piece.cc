// A column is: form, physical kind, then for integers width, unit, base and largest distance (of
// codes the width alone), for strings lengths and bytes. Pieces live no longer than their process,
// so their bytes have no page in format-spec.
#include "tools/import/piece.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "storage/codec/frame.h"
#include "storage/codec/range_kernels.h"
#include "tools/import/piece_packing.h"
#include "tools/import/zone_clock.h"

namespace stave::loading {

namespace {

template <typename T>
void put(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

template <typename T>
T take(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  at += sizeof(T);
  return value;
}

template <std::size_t Width, typename Store>
void unpack_width(const char* from, std::size_t rows, Store store) {
  for (std::size_t i = 0; i < rows; ++i) {
    // Three bytes are read as four, for which there is room: as three they would be put together
    // in memory, and waited for.
    std::uint64_t value = 0;
    std::memcpy(&value, from + i * Width, Width == 3 ? 4 : Width);
    store(i, Width == 3 ? value & 0xFFFFFF : value);
  }
}

template <typename Store>
const char* unpack(std::uint8_t width, const char* from, std::size_t rows, Store store) {
  switch (width) {
    case 0:
      for (std::size_t i = 0; i < rows; ++i) store(i, 0);
      break;
    case 1:
      unpack_width<1>(from, rows, store);
      break;
    case 2:
      unpack_width<2>(from, rows, store);
      break;
    case 3:
      unpack_width<3>(from, rows, store);
      break;
    case 4:
      unpack_width<4>(from, rows, store);
      break;
    default:
      unpack_width<8>(from, rows, store);
  }
  return from + rows * width;
}

// Calls `use` with what `value_of` gives for each row, a block of them at a time.
template <typename T, typename ValueOf, typename Use>
void in_blocks(std::size_t count, ValueOf value_of, Use use) {
  std::array<T, kPackedBlock> block;
  for (std::size_t begin = 0; begin < count; begin += kPackedBlock) {
    const std::size_t size = std::min(kPackedBlock, count - begin);
    for (std::size_t i = 0; i < size; ++i) block[i] = value_of(begin + i);
    use(std::span<T>(block.data(), size));
  }
}

template <typename RowOf>
void append_codes(const ColumnCells& cells, std::size_t count, RowOf row_of, std::string& out) {
  const std::uint32_t* const codes = cells.codes.data();
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < count; ++i) bits |= codes[row_of(i)];
  const std::uint8_t width = width_of(bits);
  put(out, width);
  in_blocks<std::uint32_t>(
      count, [&](std::size_t i) { return codes[row_of(i)]; },
      [&](std::span<const std::uint32_t> block) { append_packed(block, width, out); });
}

// Microseconds become seconds where all of them are whole ones; otherwise they mean nothing.
bool turn_into_seconds(std::span<std::uint64_t> distances) {
  const ExactDivision division(kMicrosPerSecond);
  constexpr std::uint64_t kMost = ~std::uint64_t{0} / kMicrosPerSecond;
  // Of what is no multiple a shift loses bits, or the product is large.
  constexpr std::uint64_t kShiftedOut = 63;
  std::uint64_t lost = 0;
  std::uint64_t largest = 0;
  for (std::uint64_t& distance : distances) {
    lost |= distance & kShiftedOut;
    distance = division.quotient(distance);
    largest = std::max(largest, distance);
  }
  return lost == 0 && largest <= kMost;
}

template <typename RowOf>
void append_int64s(const ColumnCells& cells, std::size_t count, RowOf row_of, bool times,
                   std::string& out) {
  // Values under nulls are 0 or stale; they only cost width.
  const std::int64_t* const values = cells.int64s.data();
  ValueRange<std::int64_t> range{std::numeric_limits<std::int64_t>::max(),
                                 std::numeric_limits<std::int64_t>::min()};
  in_blocks<std::int64_t>(
      count, [&](std::size_t i) { return values[row_of(i)]; },
      [&](std::span<const std::int64_t> block) {
        const auto of_block = range_of(block);
        range = {std::min(range.min, of_block.min), std::max(range.max, of_block.max)};
      });
  const auto base = static_cast<std::uint64_t>(range.min);
  const std::uint64_t most = static_cast<std::uint64_t>(range.max) - base;
  const std::size_t begin = out.size();
  const auto append = [&](bool as_seconds) {
    const std::uint64_t unit = as_seconds ? kMicrosPerSecond : 1;
    const std::uint8_t width = width_of(most / unit);
    bool fits = true;
    put(out, width);
    put(out, unit);
    put(out, base);
    put(out, most / unit);
    in_blocks<std::uint64_t>(
        count, [&](std::size_t i) { return static_cast<std::uint64_t>(values[row_of(i)]) - base; },
        [&](std::span<std::uint64_t> block) {
          fits = fits && (!as_seconds || turn_into_seconds(block));
          if (fits) append_packed(block, width, out);
        });
    return fits;
  };
  if (times && range.min % kMicrosPerSecond == 0 && append(true)) return;
  out.resize(begin);
  append(false);
}

template <typename RowOf>
void append_strings(const ColumnCells& cells, std::size_t count, RowOf row_of, std::string& out) {
  const auto size_of = [&](std::size_t i) {
    const std::uint32_t row = row_of(i);
    return cells.is_null(row) ? std::size_t{0} : cells.strings[row].size();
  };
  std::size_t longest = 0;
  std::size_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    longest = std::max(longest, size_of(i));
    total += size_of(i);
  }
  const std::uint8_t width = width_of(longest);
  put(out, width);
  in_blocks<std::uint64_t>(count, size_of, [&](std::span<const std::uint64_t> block) {
    append_packed(block, width, out);
  });
  out.reserve(out.size() + total);
  for (std::size_t i = 0; i < count; ++i) {
    out.append(cells.strings[row_of(i)].substr(0, size_of(i)));
  }
}

// A bit for each row that holds a value, in whole words; with none where no row of the chunk is
// null, or where nulls are codes. `nulls` is how many are not.
template <typename RowOf>
std::vector<std::uint64_t> validity_of(const ColumnCells& cells, std::size_t count, RowOf row_of,
                                       std::size_t& nulls) {
  nulls = 0;
  if (cells.physical() == Physical::kCode || cells.validity.empty()) return {};
  const std::uint64_t* const valid = cells.validity.data();
  std::vector<std::uint64_t> words((count + 63) / 64);
  for (std::size_t begin = 0; begin < count; begin += 64) {
    const std::size_t size = std::min<std::size_t>(64, count - begin);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint32_t row = row_of(begin + i);
      word |= (valid[row / 64] >> (row % 64) & 1) << i;
    }
    words[begin / 64] = word;
    nulls += size - static_cast<std::size_t>(std::popcount(word));
  }
  return words;
}

template <typename RowOf>
PieceForm form_of(const ColumnCells& cells, std::size_t count, RowOf row_of, std::size_t nulls) {
  if (cells.physical() == Physical::kCode) {
    for (std::size_t i = 0; i < count; ++i) {
      if (cells.codes[row_of(i)] != 0) return PieceForm::kValues;
    }
    return PieceForm::kAllNull;
  }
  if (nulls == count) return PieceForm::kAllNull;
  return nulls == 0 ? PieceForm::kValues : PieceForm::kValuesAndNulls;
}

template <typename RowOf>
void append_values(const ColumnCells& cells, std::size_t count, RowOf row_of, bool times,
                   std::string& out) {
  switch (cells.physical()) {
    case Physical::kCode:
      return append_codes(cells, count, row_of, out);
    case Physical::kInt64:
      return append_int64s(cells, count, row_of, times, out);
    case Physical::kInt128:
      for (std::size_t i = 0; i < count; ++i) put(out, cells.int128s[row_of(i)]);
      return;
    case Physical::kFloat64:
      for (std::size_t i = 0; i < count; ++i) put(out, cells.float64s[row_of(i)]);
      return;
    case Physical::kString:
      return append_strings(cells, count, row_of, out);
  }
}

}  // namespace

void append_absent_column(PieceDraft& piece) {
  piece.columns.push_back(static_cast<std::uint32_t>(piece.bytes.size()));
  piece.forms.push_back(PieceForm::kAbsent);
  put(piece.bytes, PieceForm::kAbsent);
}

void append_null_column(Physical physical, PieceDraft& piece) {
  piece.columns.push_back(static_cast<std::uint32_t>(piece.bytes.size()));
  piece.forms.push_back(PieceForm::kAllNull);
  put(piece.bytes, PieceForm::kAllNull);
  put(piece.bytes, physical);
}

void append_row_numbers(const PieceRows& rows, PieceDraft& piece) {
  piece.row_numbers = static_cast<std::uint32_t>(piece.bytes.size());
  put(piece.bytes, PieceForm::kValues);
  put(piece.bytes, Physical::kCode);
  rows.visit([&](auto row_of) {
    const std::uint8_t width = width_of(rows.size() == 0 ? 0 : row_of(rows.size() - 1));
    put(piece.bytes, width);
    in_blocks<std::uint32_t>(rows.size(), row_of, [&](std::span<const std::uint32_t> block) {
      append_packed(block, width, piece.bytes);
    });
  });
}

void append_piece_column(const ColumnCells& cells, const PieceRows& rows, bool times,
                         PieceDraft& piece) {
  std::string& out = piece.bytes;
  piece.columns.push_back(static_cast<std::uint32_t>(out.size()));
  rows.visit([&](auto row_of) {
    std::size_t nulls = 0;
    const std::vector<std::uint64_t> valid = validity_of(cells, rows.size(), row_of, nulls);
    const PieceForm form = form_of(cells, rows.size(), row_of, nulls);
    piece.forms.push_back(form);
    put(out, form);
    put(out, cells.physical());
    if (form == PieceForm::kAllNull) return;
    if (form == PieceForm::kValuesAndNulls) {
      out.append(reinterpret_cast<const char*>(valid.data()), valid.size() * sizeof(valid[0]));
    }
    append_values(cells, rows.size(), row_of, times, out);
  });
}

PieceIntegers::PieceIntegers(std::uint32_t rows, std::string_view bytes) {
  const char* at = bytes.data();
  const auto form = take<PieceForm>(at);
  physical_ = take<Physical>(at);
  if (form == PieceForm::kValuesAndNulls) {
    validity_ = at;
    at += (rows + 63) / 64 * 8;
  }
  width_ = take<std::uint8_t>(at);
  mask_ = width_ == 0 ? 0 : ~std::uint64_t{0} >> (64 - 8 * width_);
  if (physical_ == Physical::kInt64) {
    unit_ = take<std::uint64_t>(at);
    base_ = take<std::uint64_t>(at);
    most_ = take<std::uint64_t>(at);
  } else {
    most_ = mask_;
  }
  values_ = at;
}

template <typename Store>
void PieceIntegers::unpack_values(std::uint32_t rows, std::span<const std::uint32_t> places,
                                  Store store) const {
  if (places.empty()) {
    unpack(width_, values_, rows, store);
  } else {
    unpack(width_, values_, rows,
           [&](std::size_t i, std::uint64_t value) { store(places[i], value); });
  }
}

void PieceIntegers::read(std::uint32_t rows, std::span<const std::uint32_t> places,
                         std::uint32_t* out) const {
  unpack_values(rows, places, [out](std::size_t place, std::uint64_t value) {
    out[place] = static_cast<std::uint32_t>(value);
  });
}

void PieceIntegers::read(std::uint32_t rows, std::span<const std::uint32_t> places,
                         std::int64_t* out) const {
  unpack_values(rows, places,
                [out, base = base_, unit = unit_](std::size_t place, std::uint64_t value) {
                  out[place] = static_cast<std::int64_t>(base + value * unit);
                });
}

template <typename T>
void PieceIntegers::read_counts(std::uint32_t rows, std::span<const std::uint32_t> places,
                                std::uint64_t shift, T* out) const {
  unpack_values(rows, places, [out, shift](std::size_t place, std::uint64_t value) {
    out[place] = static_cast<T>(shift + value);
  });
}
template void PieceIntegers::read_counts(std::uint32_t, std::span<const std::uint32_t>,
                                         std::uint64_t, std::uint8_t*) const;
template void PieceIntegers::read_counts(std::uint32_t, std::span<const std::uint32_t>,
                                         std::uint64_t, std::uint16_t*) const;
template void PieceIntegers::read_counts(std::uint32_t, std::span<const std::uint32_t>,
                                         std::uint64_t, std::uint32_t*) const;

void read_piece_column(std::uint32_t rows, std::string_view bytes, PieceColumn& out) {
  out.form = PieceForm::kAbsent;
  if (bytes.empty()) return;
  const char* at = bytes.data();
  out.form = take<PieceForm>(at);
  if (out.form == PieceForm::kAbsent) return;
  out.cells.reset(take<Physical>(at), rows);
  if (out.form == PieceForm::kAllNull) return;
  if (out.form == PieceForm::kValuesAndNulls) {
    out.cells.validity.resize((rows + 63) / 64);
    std::memcpy(out.cells.validity.data(), at, out.cells.validity.size() * 8);
    at += out.cells.validity.size() * 8;
  }
  switch (out.cells.physical()) {
    case Physical::kCode: {
      const auto width = take<std::uint8_t>(at);
      unpack(width, at, rows, [&](std::size_t i, std::uint64_t value) {
        out.cells.codes[i] = static_cast<std::uint32_t>(value);
      });
      return;
    }
    case Physical::kInt64: {
      const auto width = take<std::uint8_t>(at);
      const auto unit = take<std::uint64_t>(at);
      const auto base = take<std::uint64_t>(at);
      at += sizeof(std::uint64_t);  // the largest distance
      unpack(width, at, rows, [&](std::size_t i, std::uint64_t value) {
        out.cells.int64s[i] = static_cast<std::int64_t>(base + value * unit);
      });
      return;
    }
    case Physical::kInt128:
      std::memcpy(out.cells.int128s.data(), at, rows * sizeof(Int128));
      return;
    case Physical::kFloat64:
      std::memcpy(out.cells.float64s.data(), at, rows * sizeof(double));
      return;
    case Physical::kString: {
      const auto width = take<std::uint8_t>(at);
      const char* text = at + std::size_t{width} * rows;
      unpack(width, at, rows, [&](std::size_t i, std::uint64_t size) {
        out.cells.strings[i] = {text, static_cast<std::size_t>(size)};
        text += size;
      });
      return;
    }
  }
}

}  // namespace stave::loading
