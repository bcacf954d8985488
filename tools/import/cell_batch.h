// Cells of one column, as many as a tile has, read at once: those that are spelt in the usual way.
// Invariant: what is read here has the value that parse_number.h and parse_time.h give; a cell that
// they take and that is not usual, or that they refuse, is left unread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace stave::loading {

struct CellBatch {
  static constexpr std::size_t kCells = 128;

  // Bytes 0..7, 8..15 and 11..18 of each cell, whatever its size; the latter two for times only.
  alignas(64) std::array<std::uint64_t, kCells> first{};
  alignas(64) std::array<std::uint64_t, kCells> second{};
  alignas(64) std::array<std::uint64_t, kCells> clock{};
  alignas(64) std::array<std::uint64_t, kCells> sizes{};

  alignas(64) std::array<std::int64_t, kCells> values{};
  std::array<std::uint64_t, kCells / 64> unread{};  // a bit for each cell

  bool is_unread(std::size_t cell) const { return (unread[cell / 64] >> (cell % 64) & 1) != 0; }
  bool all_read() const { return (unread[0] | unread[1]) == 0; }
  // Calls `use` with each cell that is left, in their order.
  template <typename Use>
  void visit_unread(std::size_t count, Use use) const {
    for (std::size_t i = 0; i < count && !all_read(); ++i) {
      if (is_unread(i)) use(i);
    }
  }
};

// One to eight digits. `canonical`: the first of them is not 0.
void read_integers(CellBatch& batch, std::size_t count, bool canonical);
// Integers scaled by 10^scale, of at most `precision` digits; of cells of up to eight bytes, and
// where a scale is at most kMostBatchScale.
inline constexpr int kMostBatchScale = 7;
void read_decimals(CellBatch& batch, std::size_t count, int precision, int scale);
// `YYYY-MM-DD` as days since 1970.
void read_dates(CellBatch& batch, std::size_t count);
// `YYYY-MM-DD HH:MM:SS`, or with a T, as microseconds since 1970 of the clock that they show.
void read_times(CellBatch& batch, std::size_t count);

}  // namespace stave::loading
