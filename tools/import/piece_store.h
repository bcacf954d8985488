// All pieces of a load, by day, within a memory budget: what does not fit is spilled to one
// temporary file of the transaction. Invariant: once `sort` has run, the pieces of a day are in
// input order, whatever the threads did.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "stave/result.h"
#include "storage/file_system.h"
#include "tools/import/piece.h"

namespace stave::loading {

class PieceStore {
 public:
  // `spill_path` is one of the transaction's temporary paths. It is taken whether or not anything
  // will be spilled, since the numbers in the names of files must not depend on that.
  PieceStore(FileSystem& files, std::string spill_path, std::uint64_t budget)
      : files_(files), spill_path_(std::move(spill_path)), budget_(budget) {}

  // Thread-safe.
  Result<void> add(std::int32_t day, Piece piece);
  // After the last `add`.
  Result<void> sort();

  const std::map<std::int32_t, std::vector<Piece>>& days() const { return days_; }
  // The bytes of one column of a piece, read into `room` where it was spilled; empty where the
  // piece does not have it. Thread-safe after `sort`.
  Result<std::string_view> column_bytes(const Piece& piece, std::size_t column,
                                        std::string& room) const;
  // Gives back the memory of a piece that will not be read again. Thread-safe for different pieces.
  static void release(const Piece& piece) { std::string().swap(piece.bytes); }

 private:
  Result<void> spill(Piece& piece);

  FileSystem& files_;
  std::string spill_path_;
  std::uint64_t budget_;
  std::mutex mutex_;
  std::uint64_t held_ = 0;
  std::map<std::int32_t, std::vector<Piece>> days_;
  std::unique_ptr<WritableFile> spill_writer_;
  std::unique_ptr<ReadableFile> spill_reader_;
  std::uint64_t spilled_ = 0;
};

}  // namespace stave::loading
