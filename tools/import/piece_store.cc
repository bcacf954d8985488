// Pieces are spilled as they come once the budget is used up; the first ones stay in memory.
#include "tools/import/piece_store.h"

#include <algorithm>

#include "tools/import/structure.h"

namespace stave::loading {

Result<void> PieceStore::spill(Piece& piece) {
  if (spill_writer_ == nullptr) {
    Result<std::unique_ptr<WritableFile>> file = files_.create(spill_path_);
    if (!file) return pass(file);
    spill_writer_ = std::move(*file);
  }
  Result<void> written = spill_writer_->append(std::as_bytes(std::span(piece.bytes)));
  if (!written) return written;
  piece.spilled = true;
  piece.offset = spilled_;
  spilled_ += piece.size;
  std::string().swap(piece.bytes);
  return {};
}

Result<void> PieceStore::add(std::int32_t day, Piece piece) {
  piece.size = piece.bytes.size();
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::uint64_t cost = piece.bytes.capacity() + sizeof(Piece);
  if (held_ + cost > budget_) {
    if (Result<void> spilled = spill(piece); !spilled) return spilled;
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
  if (spill_writer_ == nullptr) return {};
  spill_writer_.reset();
  Result<std::unique_ptr<ReadableFile>> file = files_.open(spill_path_);
  if (!file) return pass(file);
  spill_reader_ = std::move(*file);
  return {};
}

Result<std::string_view> PieceStore::column_bytes(const Piece& piece, std::size_t column,
                                                  std::string& room) const {
  if (column >= piece.columns.size()) return std::string_view();
  const std::uint64_t begin = piece.columns[column];
  if (!piece.spilled) return std::string_view(piece.bytes).substr(begin);
  const bool is_last = column + 1 == piece.columns.size();
  const std::uint64_t size = (is_last ? piece.size : piece.columns[column + 1]) - begin;
  if (room.size() < size + kTextPadding) room.resize(size + kTextPadding);
  const std::span<char> out(room.data(), size);
  Result<void> read = spill_reader_->read(piece.offset + begin, std::as_writable_bytes(out));
  if (!read) return pass(read);
  return std::string_view(room.data(), size);
}

}  // namespace stave::loading
