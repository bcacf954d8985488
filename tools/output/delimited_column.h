// The cells of one column of a batch as CSV and TSV have them: a text cell is quoted only where
// reading it back needs that; the empty string always is, since an unquoted empty cell is null.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/vector.h"
#include "stave/query.h"
#include "tools/output/growing_text.h"

namespace stave {

void append_delimited(std::string_view text, char separator, GrowingText& out);

// Many cells repeat: results are mostly sorted, so that a cell often is the one above it, and a
// column of few values says each often. Such are copied from where they were written first.
class DelimitedColumn {
 public:
  DelimitedColumn(const ResultBatch& batch, std::size_t column, Type type, char separator);

  // The rows from `first` on, at most kMostRows of them, are appended next. What lies scattered in
  // memory is asked for all at once, rather than waited for row by row.
  void take(std::uint32_t first, std::uint32_t rows);
  void append(std::uint32_t row, GrowingText& out);

  static constexpr std::uint32_t kMostRows = 256;

 private:
  enum class Form : std::uint8_t {
    kCode,        // text by code
    kNumberCode,  // an integer by code
    kText,
    kTime,
    kInteger,
    kOther,
  };
  // Of a code; size 0: not written yet.
  struct ShortCell {
    std::array<char, GrowingText::kSlack - 1> bytes;
    std::uint8_t size;
  };
  static_assert(sizeof(ShortCell) == GrowingText::kSlack);

  void append_code(std::uint32_t row, GrowingText& out);
  void append_integer(std::int64_t value, GrowingText& out);
  void write_cell(std::string_view text);

  const ResultBatch& batch_;
  std::size_t column_;
  char separator_;
  Form form_;
  const Vector* vector_ = nullptr;       // what the engine holds, where it is known
  bool is_plain_ = false;                // its values are integers without nulls
  std::vector<ShortCell> cells_;         // by code, of small dictionaries
  std::uint32_t first_ = 0;              // of the rows taken
  std::vector<std::string_view> texts_;  // of the rows taken, where there are no `cells_`
  std::vector<std::int64_t> numbers_;
  std::string scratch_;
  // The cell above, as written, and its code or time. Null is 0 in both and has no text.
  GrowingText cell_;
  std::int64_t value_ = 0;
};

}  // namespace stave
