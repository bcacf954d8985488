// Deals the rows of a chunk to the days they belong to, as pieces.
#pragma once

#include <string>
#include <vector>

#include "tools/import/load.h"

namespace stave::loading {

// One for each worker.
class RowDealer {
 public:
  Result<void> deal(const Chunk& chunk, ValueParser& values, const ParsedChunk& parsed, Load& load);
  // What this worker saw of new columns, into the load's.
  void merge_guesses(Load& load) const;

 private:
  void find_days(const FilePlan& plan, ValueParser& values, const ParsedChunk& parsed);
  std::int32_t day_of_slot(std::uint32_t slot) const;
  void observe_new_columns(const Chunk& chunk, ValueParser& values, const ParsedChunk& parsed);
  Result<void> add_piece(const Chunk& chunk, const ParsedChunk& parsed, const PieceRows& rows,
                         std::int32_t day, Load& load);
  std::int32_t take_main_day(const FilePlan& plan, ValueParser& values, const ParsedChunk& parsed);

  static PieceRows in_one_piece(std::span<const std::uint32_t> rows);

  std::vector<std::uint32_t> rows_;       // accepted ones, in input order
  std::vector<std::uint32_t> main_rows_;  // those of one day, taken from them
  std::vector<std::int64_t> days_;        // of `rows_`
  std::int64_t first_day_ = 0;
  std::vector<std::uint32_t> slots_;   // days counted from the first
  std::vector<std::uint32_t> begins_;  // by slot
  std::vector<std::uint32_t> dealt_;   // rows by slot
  std::vector<TypeGuess> guesses_;     // by column
  PieceDraft draft_;
};

}  // namespace stave::loading
