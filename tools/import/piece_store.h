// All pieces of a load, by day, within a memory budget: what does not fit is spilled to a
// temporary file of the transaction. Invariant: once `sort` has run, the pieces of a day are in
// input order, whatever the threads did.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "storage/file_system.h"
#include "tools/import/parsed_chunk.h"
#include "tools/import/piece.h"
#include "tools/import/piece_memory.h"
#include "tools/import/spill_file.h"

namespace stave::loading {

class PieceStore {
 public:
  // `spill_path` is one of the transaction's temporary paths. It is taken whether or not anything
  // will be spilled, since the numbers in the names of files must not depend on that.
  PieceStore(FileSystem& files, std::string spill_path, std::uint64_t budget)
      : files_(files), spilled_(files, std::move(spill_path)), budget_(budget) {}

  // Thread-safe. `rows` of the chunk are in the draft, which is copied.
  Result<void> add(std::int32_t day, const Chunk& chunk, std::uint32_t rows,
                   const PieceDraft& draft);
  // After the last `add`.
  Result<void> sort();

  const std::map<std::int32_t, std::vector<Piece>>& days() const { return days_; }
  // The bytes of one column of a piece, read into `room` where it was spilled; empty where the
  // piece does not have it. Thread-safe after `sort`.
  Result<std::string_view> column_bytes(const Piece& piece, std::size_t column,
                                        std::string& room) const;
  // Likewise of the rows' numbers in their chunk, which the piece must have.
  Result<std::string_view> row_number_bytes(const Piece& piece, std::string& room) const;
  // Gives back the memory of a piece that will not be read again. Thread-safe for different pieces.
  void release(const Piece& piece) {
    if (!piece.is_spilled()) memory_.release(piece.block_);
  }

  // Leaves only some rows, in ascending order, of pieces that `sort` has seen: between
  // `begin_keeping`, which takes one more temporary path, and `finish_keeping`, which leaves out
  // what has no rows. Thread-safe for different pieces.
  void begin_keeping(std::string spill_path);
  Result<void> keep_rows(std::int32_t day, std::size_t index, std::span<const std::uint32_t> rows);
  Result<void> finish_keeping();

 private:
  // Of two of the places that the piece's directory names.
  Result<std::string_view> bytes_between(const Piece& piece, std::size_t from, std::size_t to,
                                         std::string& room) const;

  void hold(std::string_view bytes, Piece& piece);
  const std::uint32_t* keep_directory(const PieceDraft& draft);

  FileSystem& files_;
  PieceMemory memory_;
  SpillFile spilled_;
  std::unique_ptr<SpillFile> kept_;  // of pieces that lost rows
  std::uint64_t budget_;
  std::mutex mutex_;
  std::uint64_t held_ = 0;
  std::vector<std::unique_ptr<std::uint32_t[]>> directories_;
  std::size_t directory_used_ = 0;  // words of the last one
  std::map<std::int32_t, std::vector<Piece>> days_;
};

}  // namespace stave::loading
