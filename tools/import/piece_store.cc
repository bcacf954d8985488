// Pieces are spilled as they come once the budget is used up; the first ones stay in memory.
#include "tools/import/piece_store.h"

#include <algorithm>

#include "tools/import/structure.h"

namespace stave::loading {

Result<void> PieceStore::add(std::int32_t day, Piece piece) {
  piece.size = piece.bytes.size();
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::uint64_t cost = piece.bytes.capacity() + sizeof(Piece);
  if (held_ + cost > budget_) {
    Result<std::uint64_t> offset = spilled_.append(piece.bytes);
    if (!offset) return pass(offset);
    piece.place = PiecePlace::kSpilled;
    piece.offset = *offset;
    std::string().swap(piece.bytes);
  } else {
    held_ += cost;
  }
  days_[day].push_back(std::move(piece));
  return {};
}

Result<void> PieceStore::sort() {
  for (auto& [day, pieces] : days_) {
    std::sort(pieces.begin(), pieces.end(),
              [](const Piece& left, const Piece& right) { return left.chunk < right.chunk; });
  }
  return spilled_.finish();
}

Result<std::string_view> PieceStore::bytes_between(const Piece& piece, std::uint64_t begin,
                                                   std::uint64_t end, std::string& room) const {
  if (!piece.is_spilled()) return std::string_view(piece.bytes).substr(begin);
  const std::uint64_t size = end - begin;
  if (room.size() < size + kTextPadding) room.resize(size + kTextPadding);
  const SpillFile& file = piece.place == PiecePlace::kSpilled ? spilled_ : *kept_;
  Result<void> read = file.read(piece.offset + begin, {room.data(), size});
  if (!read) return pass(read);
  return std::string_view(room.data(), size);
}

Result<std::string_view> PieceStore::column_bytes(const Piece& piece, std::size_t column,
                                                  std::string& room) const {
  if (column >= piece.columns.size()) return std::string_view();
  const bool is_last = column + 1 == piece.columns.size();
  return bytes_between(piece, piece.columns[column],
                       is_last ? piece.size : piece.columns[column + 1], room);
}

Result<std::string_view> PieceStore::row_number_bytes(const Piece& piece, std::string& room) const {
  return bytes_between(piece, piece.row_numbers, piece.size, room);
}

void PieceStore::begin_keeping(std::string spill_path) {
  kept_ = std::make_unique<SpillFile>(files_, std::move(spill_path));
}

Result<void> PieceStore::keep_rows(std::int32_t day, std::size_t index,
                                   std::span<const std::uint32_t> rows) {
  Piece& piece = days_.at(day)[index];
  Piece kept;
  kept.chunk = piece.chunk;
  kept.file = piece.file;
  kept.rows = static_cast<std::uint32_t>(rows.size());
  std::string room;
  PieceColumn column;
  for (std::size_t i = 0; i < piece.columns.size(); ++i) {
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
  kept.bytes.shrink_to_fit();
  kept.size = kept.bytes.size();
  if (piece.is_spilled()) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Result<std::uint64_t> offset = kept_->append(kept.bytes);
    if (!offset) return pass(offset);
    kept.place = PiecePlace::kSpilledAgain;
    kept.offset = *offset;
    std::string().swap(kept.bytes);
  }
  piece = std::move(kept);
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
