// Most rows of most chunks are of one day; the few others are sorted by theirs.
#include "tools/import/deal_rows.h"

#include <algorithm>
#include <limits>

namespace stave::loading {

void RowDealer::observe_new_columns(const Chunk& chunk, ValueParser& values,
                                    const ParsedChunk& parsed) {
  guesses_.resize(std::max(guesses_.size(), chunk.plan->columns.size()));
  for (std::size_t i = chunk.plan->schema_columns; i < chunk.plan->columns.size(); ++i) {
    const ColumnCells& cells = parsed.cells[i];
    if (!chunk.plan->has_column[i] || cells.physical() != Physical::kString) continue;
    for (const std::uint32_t row : rows_) {
      if (!cells.is_null(row)) guesses_[i].observe(cells.strings[row], values);
    }
  }
}

void RowDealer::merge_guesses(Load& load) const {
  for (std::size_t i = 0; i < guesses_.size() && i < load.new_columns.size(); ++i) {
    if (load.new_columns[i] != nullptr) load.new_columns[i]->merge(guesses_[i]);
  }
}

Result<void> RowDealer::add_piece(const Chunk& chunk, const ParsedChunk& parsed,
                                  const PieceRows& rows, std::int32_t day, Load& load) {
  const FilePlan& plan = *chunk.plan;
  draft_.clear();
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    if (plan.has_column[i]) {
      const bool times = plan.columns[i].type == kTimestampType;
      append_piece_column(parsed.cells[i], rows, times, draft_);
    } else {
      append_absent_column(draft_);
    }
  }
  if (load.numbers_rows) append_row_numbers(rows, draft_);
  draft_.bytes.append(kTextPadding, '\0');
  return load.pieces.add(day, chunk, rows.size(), draft_);
}

// Slot 0 is for rows without a time, slot 1 for the chunk's first day.
void RowDealer::find_days(const FilePlan& plan, ValueParser& values, const ParsedChunk& parsed) {
  const auto column = static_cast<std::size_t>(plan.time_column);
  const ColumnCells& cells = parsed.cells[column];
  const bool is_date = plan.columns[column].type == kDateType;
  days_.resize(rows_.size());
  first_day_ = std::numeric_limits<std::int64_t>::max();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const std::int64_t time = cells.int64s[rows_[i]];
    days_[i] = is_date ? time : floor_day(values.times.clock().local_of_utc(time));
    if (!cells.is_null(rows_[i])) first_day_ = std::min(first_day_, days_[i]);
  }
  slots_.resize(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    slots_[i] = cells.is_null(rows_[i]) ? 0 : static_cast<std::uint32_t>(days_[i] - first_day_ + 1);
  }
}

// Takes the rows out of `rows_` that belong to the same day as the one in the middle: all or nearly
// all rows of most chunks. None where that row has no time, or the zone's clock changes on its day.
std::int32_t RowDealer::take_main_day(const FilePlan& plan, ValueParser& values,
                                      const ParsedChunk& parsed) {
  const auto column = static_cast<std::size_t>(plan.time_column);
  const ColumnCells& cells = parsed.cells[column];
  const std::uint32_t middle = rows_[rows_.size() / 2];
  main_rows_.clear();
  if (cells.is_null(middle)) return kNoDay;
  // Unsigned, since times may be as far away as they can be written.
  std::int64_t day = cells.int64s[middle];
  auto begin = static_cast<std::uint64_t>(day);
  std::uint64_t length = 1;
  if (plan.columns[column].type != kDateType) {
    ZoneClock& clock = values.times.clock();
    const std::int64_t local = clock.local_of_utc(cells.int64s[middle]);
    const std::uint64_t offset = static_cast<std::uint64_t>(local) - begin;
    day = floor_day(local);
    length = static_cast<std::uint64_t>(kMicrosPerDay);
    begin = static_cast<std::uint64_t>(day) * length - offset;
    const auto first = static_cast<std::int64_t>(begin);
    const auto next = static_cast<std::int64_t>(begin + length);
    if (first > next || !clock.is_steady(first, next)) {
      return kNoDay;
    }
  }
  // Without branches: which rows come late cannot be foreseen.
  const bool any_null = !cells.validity.empty();
  main_rows_.resize(rows_.size());
  std::size_t taken = 0;
  std::size_t left = 0;
  for (const std::uint32_t row : rows_) {
    const bool is_main = static_cast<std::uint64_t>(cells.int64s[row]) - begin < length &&
                         !(any_null && cells.is_null(row));
    main_rows_[taken] = row;
    rows_[left] = row;
    taken += is_main ? 1U : 0U;
    left += is_main ? 0U : 1U;
  }
  main_rows_.resize(taken);
  rows_.resize(left);
  return static_cast<std::int32_t>(day);
}

PieceRows RowDealer::in_one_piece(std::span<const std::uint32_t> rows) {
  const auto count = static_cast<std::uint32_t>(rows.size());
  const bool is_run = rows.back() - rows.front() + 1 == count;
  return is_run ? PieceRows(rows.front(), count) : PieceRows(rows);
}

std::int32_t RowDealer::day_of_slot(std::uint32_t slot) const {
  return slot == 0 ? kNoDay : static_cast<std::int32_t>(first_day_ + slot - 1);
}

Result<void> RowDealer::deal(const Chunk& chunk, ValueParser& values, const ParsedChunk& parsed,
                             Load& load) {
  rows_.clear();
  rows_.resize(parsed.rows);
  std::size_t accepted_rows = 0;
  for (std::uint32_t row = 0; row < parsed.rows; ++row) {
    rows_[accepted_rows] = row;
    accepted_rows += parsed.rejected[row] == 0 ? 1U : 0U;
  }
  rows_.resize(accepted_rows);
  if (rows_.empty()) return {};
  observe_new_columns(chunk, values, parsed);
  const FilePlan& plan = *chunk.plan;
  if (plan.time_column < 0) {
    return add_piece(chunk, parsed, in_one_piece(rows_), plan.is_fact ? kNoDay : kDimensionDay,
                     load);
  }
  const std::int32_t main_day = take_main_day(plan, values, parsed);
  if (!main_rows_.empty()) {
    Result<void> added = add_piece(chunk, parsed, in_one_piece(main_rows_), main_day, load);
    if (!added || rows_.empty()) return added;
  }
  find_days(plan, values, parsed);
  const auto [least, most] = std::minmax_element(slots_.begin(), slots_.end());
  if (*least == *most)
    return add_piece(chunk, parsed, in_one_piece(rows_), day_of_slot(*least), load);

  // A counting sort by day; rows of a day stay in input order.
  begins_.assign(std::size_t{*most} + 2, 0);
  for (const std::uint32_t slot : slots_) ++begins_[slot + std::size_t{1}];
  for (std::size_t slot = 1; slot < begins_.size(); ++slot) begins_[slot] += begins_[slot - 1];
  dealt_.resize(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) dealt_[begins_[slots_[i]]++] = rows_[i];
  std::uint32_t begin = 0;
  for (std::uint32_t slot = 0; slot <= *most; ++slot) {
    const std::uint32_t end = begins_[slot];
    if (begin == end) continue;
    const PieceRows rows(std::span<const std::uint32_t>(dealt_).subspan(begin, end - begin));
    if (Result<void> added = add_piece(chunk, parsed, rows, day_of_slot(slot), load); !added) {
      return added;
    }
    begin = end;
  }
  return {};
}

}  // namespace stave::loading
