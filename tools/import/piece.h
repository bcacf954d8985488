// Rows of one chunk that belong together (one day of a fact; all rows of a dimension), held until
// the load is put together: each column as small integers of the fewest whole bytes, quick to write
// and to read back once. Invariant: a piece holds its rows in input order; what it holds does not
// depend on threads.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "tools/import/column_values.h"

namespace stave::loading {

enum class PieceForm : std::uint8_t { kAbsent, kAllNull, kValues, kValuesAndNulls };

// A piece while its columns are appended. The memory is reused.
struct PieceDraft {
  std::string bytes;
  std::vector<std::uint32_t> columns;        // where each column begins in the bytes
  std::vector<PieceForm> forms;              // of each column
  std::optional<std::uint32_t> row_numbers;  // where these begin, where the load keeps them

  void clear() {
    bytes.clear();
    columns.clear();
    forms.clear();
    row_numbers.reset();
  }
};

enum class PiecePlace : std::uint8_t { kHeld, kSpilled, kSpilledAgain };

// A piece as its store keeps it. Small, since long loads have millions of them.
class Piece {
 public:
  std::uint64_t chunk = 0;
  std::uint32_t file = 0;
  std::uint32_t rows = 0;

  PieceForm form_of(std::size_t column) const {
    if (column >= columns_) return PieceForm::kAbsent;
    PieceForm form{};
    std::memcpy(&form, reinterpret_cast<const char*>(begins_ + columns_ + 2) + column, 1);
    return form;
  }
  // What is absent or null need not be read.
  bool holds_values(std::size_t column) const { return form_of(column) >= PieceForm::kValues; }
  // Of its columns as they are held.
  std::uint64_t bytes() const { return begins_[columns_] - begins_[0]; }
  std::uint64_t bytes_of(std::size_t column) const {
    return column < columns_ ? begins_[column + 1] - begins_[column] : 0;
  }
  bool is_spilled() const { return place_ != PiecePlace::kHeld; }

 private:
  friend class PieceStore;

  // Where each column begins, where the last one ends, where all bytes do; then the forms.
  const std::uint32_t* begins_ = nullptr;
  union {
    const char* bytes_ = nullptr;  // where they are held
    std::uint64_t offset_;         // in the spill file, where they are not
  };
  std::uint32_t columns_ = 0;
  std::uint32_t block_ = 0;  // of memory
  PiecePlace place_ = PiecePlace::kHeld;
};

// Rows of a chunk that go to one piece, ascending: a run of them, or those of a list.
class PieceRows {
 public:
  PieceRows(std::uint32_t first, std::uint32_t count) : first_(first), count_(count) {}
  explicit PieceRows(std::span<const std::uint32_t> list)
      : count_(static_cast<std::uint32_t>(list.size())), list_(list.data()) {}

  std::uint32_t size() const { return count_; }
  // Calls `use` with a function from places in the piece to rows.
  template <typename Use>
  void visit(Use use) const {
    if (list_ != nullptr) return use([list = list_](std::size_t i) { return list[i]; });
    return use([first = first_](std::size_t i) { return first + static_cast<std::uint32_t>(i); });
  }

 private:
  std::uint32_t first_ = 0;
  std::uint32_t count_ = 0;
  const std::uint32_t* list_ = nullptr;
};

// Appends a column: the cells of `rows`, in that order. `times`: values are microseconds, which
// often are whole seconds.
void append_piece_column(const ColumnCells& cells, const PieceRows& rows, bool times,
                         PieceDraft& piece);
void append_absent_column(PieceDraft& piece);
void append_null_column(Physical physical, PieceDraft& piece);
// The numbers of `rows` themselves, beside the columns.
void append_row_numbers(const PieceRows& rows, PieceDraft& piece);

// A column of a piece read back. Vectors are reused; the one of `physical` holds `rows` values.
struct PieceColumn {
  PieceForm form = PieceForm::kAbsent;
  ColumnCells cells;
};

// `bytes` begin with the column's; empty: the piece does not have it. Strings view into them.
void read_piece_column(std::uint32_t rows, std::string_view bytes, PieceColumn& out);

// Whether a column that begins here holds any value.
inline bool holds_piece_values(std::string_view bytes) {
  return !bytes.empty() && static_cast<PieceForm>(bytes.front()) >= PieceForm::kValues;
}

// The codes or integers of a piece's column where they lie, for those who want only some of them.
class PieceIntegers {
 public:
  // `bytes` begin with a column of codes or integers that holds values; kTextPadding bytes that may
  // be read follow it.
  PieceIntegers(std::uint32_t rows, std::string_view bytes);

  bool has_nulls() const { return validity_ != nullptr; }
  bool are_codes() const { return physical_ == Physical::kCode; }
  // Values are base() + n * unit(), where n is at most most().
  std::uint64_t base() const { return base_; }
  std::uint64_t unit() const { return unit_; }
  std::uint64_t most() const { return most_; }
  bool is_null(std::uint32_t row) const {
    if (are_codes()) return at(row) == 0;
    return validity_ != nullptr &&
           (static_cast<unsigned char>(validity_[row / 8]) >> (row % 8) & 1) == 0;
  }
  // Calls `use` with each row that is null, of integers.
  template <typename Use>
  void visit_nulls(std::uint32_t rows, Use use) const {
    for (std::uint32_t begin = 0; validity_ != nullptr && begin < rows; begin += 64) {
      std::uint64_t valid = 0;
      std::memcpy(&valid, validity_ + begin / 8, sizeof(valid));
      for (std::uint64_t nulls = ~valid; nulls != 0; nulls &= nulls - 1) {
        const std::uint32_t row = begin + static_cast<std::uint32_t>(std::countr_zero(nulls));
        if (row < rows) use(row);
      }
    }
  }
  std::int64_t at(std::uint32_t row) const {
    std::uint64_t word = 0;
    std::memcpy(&word, values_ + std::size_t{row} * width_, sizeof(word));
    return static_cast<std::int64_t>(base_ + (word & mask_) * unit_);
  }
  // All values, the one of row i to out[places[i]]; without places to out[i].
  void read(std::uint32_t rows, std::span<const std::uint32_t> places, std::uint32_t* out) const;
  void read(std::uint32_t rows, std::span<const std::uint32_t> places, std::int64_t* out) const;
  // As they are held: `shift` + n, which T must have room for.
  template <typename T>
  void read_counts(std::uint32_t rows, std::span<const std::uint32_t> places, std::uint64_t shift,
                   T* out) const;

 private:
  template <typename Store>
  void unpack_values(std::uint32_t rows, std::span<const std::uint32_t> places, Store store) const;

  Physical physical_;
  const char* validity_ = nullptr;
  const char* values_ = nullptr;
  std::uint8_t width_ = 0;
  std::uint64_t mask_ = 0;
  std::uint64_t unit_ = 1;
  std::uint64_t base_ = 0;
  std::uint64_t most_ = 0;
};

}  // namespace stave::loading
