// Pieces are spilled as they come once the budget is used up; the first ones stay in memory.
#include "tools/import/piece_store.h"

#include <algorithm>
#include <cstring>

#include "tools/import/structure.h"

namespace stave::loading {

namespace {

constexpr std::size_t kDirectoryWords = std::size_t{16} << 10;

}  // namespace

// The mutex is held.
const std::uint32_t* PieceStore::keep_directory(const PieceDraft& draft) {
  const std::size_t columns = draft.columns.size();
  const std::size_t words = columns + 2 + (columns + 3) / 4;
  if (directories_.empty() || directory_used_ + words > kDirectoryWords) {
    directories_.push_back(
        std::make_unique_for_overwrite<std::uint32_t[]>(std::max(words, kDirectoryWords)));
    directory_used_ = 0;
  }
  std::uint32_t* const begins = directories_.back().get() + directory_used_;
  directory_used_ += words;
  std::ranges::copy(draft.columns, begins);
  const auto size = static_cast<std::uint32_t>(draft.bytes.size());
  begins[columns] = draft.row_numbers.value_or(size);
  begins[columns + 1] = size;
  if (columns > 0) {
    std::memcpy(begins + columns + 2, draft.forms.data(), columns * sizeof(PieceForm));
  }
  held_ += words * sizeof(std::uint32_t);
  return begins;
}

void PieceStore::hold(std::string_view bytes, Piece& piece) {
  const PieceMemory::Place place = memory_.take(bytes.size());
  std::ranges::copy(bytes, place.bytes);
  piece.place_ = PiecePlace::kHeld;
  piece.bytes_ = place.bytes;
  piece.block_ = place.block;
}

Result<void> PieceStore::add(std::int32_t day, const Chunk& chunk, std::uint32_t rows,
                             const PieceDraft& draft) {
  Piece piece;
  piece.chunk = chunk.number;
  piece.file = chunk.plan->file;
  piece.rows = rows;
  piece.columns_ = static_cast<std::uint32_t>(draft.columns.size());
  bool is_held = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    piece.begins_ = keep_directory(draft);
    held_ += sizeof(Piece);
    is_held = held_ + draft.bytes.size() <= budget_;
    if (is_held) {
      held_ += draft.bytes.size();
    } else {
      Result<std::uint64_t> offset = spilled_.append(draft.bytes);
      if (!offset) return pass(offset);
      piece.place_ = PiecePlace::kSpilled;
      piece.offset_ = *offset;
    }
  }
  // Copied outside: it is the first to touch that memory.
  if (is_held) hold(draft.bytes, piece);
  const std::lock_guard<std::mutex> lock(mutex_);
  days_[day].push_back(piece);
  return {};
}

Result<void> PieceStore::sort() {
  for (auto& [day, pieces] : days_) {
    std::sort(pieces.begin(), pieces.end(),
              [](const Piece& left, const Piece& right) { return left.chunk < right.chunk; });
  }
  return spilled_.finish();
}

Result<std::string_view> PieceStore::bytes_between(const Piece& piece, std::size_t from,
                                                   std::size_t to, std::string& room) const {
  const std::uint32_t begin = piece.begins_[from];
  const std::uint32_t size = piece.begins_[to] - begin;
  if (!piece.is_spilled()) return std::string_view(piece.bytes_ + begin, size);
  if (room.size() < size + kTextPadding) room.resize(size + kTextPadding);
  const SpillFile& file = piece.place_ == PiecePlace::kSpilled ? spilled_ : *kept_;
  Result<void> read = file.read(piece.offset_ + begin, {room.data(), size});
  if (!read) return pass(read);
  return std::string_view(room.data(), size);
}

Result<std::string_view> PieceStore::column_bytes(const Piece& piece, std::size_t column,
                                                  std::string& room) const {
  if (column >= piece.columns_) return std::string_view();
  return bytes_between(piece, column, column + 1, room);
}

Result<std::string_view> PieceStore::row_number_bytes(const Piece& piece, std::string& room) const {
  return bytes_between(piece, piece.columns_, piece.columns_ + std::size_t{1}, room);
}

void PieceStore::begin_keeping(std::string spill_path) {
  kept_ = std::make_unique<SpillFile>(files_, std::move(spill_path));
}

Result<void> PieceStore::keep_rows(std::int32_t day, std::size_t index,
                                   std::span<const std::uint32_t> rows) {
  Piece& piece = days_.at(day)[index];
  PieceDraft kept;
  std::string room;
  PieceColumn column;
  for (std::size_t i = 0; i < piece.columns_; ++i) {
    Result<std::string_view> bytes = column_bytes(piece, i, room);
    if (!bytes) return pass(bytes);
    read_piece_column(piece.rows, *bytes, column);
    if (column.form == PieceForm::kAbsent) {
      append_absent_column(kept);
    } else if (column.form == PieceForm::kAllNull) {
      append_null_column(column.cells.physical(), kept);
    } else {
      append_piece_column(column.cells, PieceRows(rows), true, kept);
    }
  }
  kept.bytes.append(kTextPadding, '\0');
  piece.rows = static_cast<std::uint32_t>(rows.size());
  const bool was_spilled = piece.is_spilled();
  const Piece before = piece;
  if (!was_spilled) {
    hold(kept.bytes, piece);
    release(before);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  piece.begins_ = keep_directory(kept);
  if (was_spilled) {
    Result<std::uint64_t> offset = kept_->append(kept.bytes);
    if (!offset) return pass(offset);
    piece.place_ = PiecePlace::kSpilledAgain;
    piece.offset_ = *offset;
  }
  return {};
}

Result<void> PieceStore::finish_keeping() {
  for (auto& [day, pieces] : days_) {
    std::erase_if(pieces, [](const Piece& piece) { return piece.rows == 0; });
  }
  std::erase_if(days_, [](const auto& of_day) { return of_day.second.empty(); });
  return kept_->finish();
}

}  // namespace stave::loading
