// Lines of a run as its file has them (format-spec/ledger.md), out of a batch of royalty.lines.
#pragma once

#include <cstdint>
#include <string>

#include "engine/vector.h"
#include "stave/query.h"
#include "storage/dictionary.h"

namespace stave::royalty {

// The columns that the program of a run gives first, in the order of the file.
enum LineColumn : std::size_t {
  kPool,
  kHolder,
  kArtist,
  kTrack,
  kKind,
  kPlays,
  kPercent,
  kAmount,
  kLineColumns
};

// The column as the engine has it, where it has codes; else null.
const Vector* coded_column(const ResultBatch& batch, std::size_t column);

// The cells of a column, row after row: of those that sorted rows repeat the text is made once.
class RepeatedCells {
 public:
  RepeatedCells(const ResultBatch& batch, std::size_t column);

  // Whether the cell is another than that of the row moved to before; than null at first.
  bool move_to(std::uint32_t row);
  bool is_null() const { return is_null_; }
  const std::string& text() const { return text_; }  // empty where null
  // The cell as a field of the file.
  void append_field(std::uint32_t row, std::string& out);

 private:
  const ResultBatch& batch_;
  std::size_t column_;
  const std::uint32_t* codes_ = nullptr;  // where the column has codes
  std::uint32_t code_ = kNullCode;        // of the row moved to
  bool is_null_ = true;
  std::string text_, field_;
  std::string other_;  // where there are no codes: room for the next text
};

// The text of the lines from row `begin` to before row `end`.
std::string text_of_lines(const ResultBatch& batch, std::uint32_t begin, std::uint32_t end);

}  // namespace stave::royalty
