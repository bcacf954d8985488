// Rows of one shape on disk: written once, in order, by columns, and read back piece by piece.
// Invariant: what is read is what was written (checksums tell otherwise); pieces are small, so that
// many files of rows can be read side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/evaluator.h"
#include "engine/spill/temporary_file.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

class SpilledRows {
 public:
  // Batches to come have these types, representations and dictionaries.
  SpilledRows(std::shared_ptr<TemporaryFile> file, std::vector<ColumnShape> shapes);
  ~SpilledRows();  // gives the room on disk back
  SpilledRows(const SpilledRows&) = delete;
  SpilledRows& operator=(const SpilledRows&) = delete;

  Result<void> append(const Batch& batch);

  const std::vector<ColumnShape>& shapes() const { return shapes_; }
  std::size_t pieces() const { return pieces_.size(); }
  std::uint32_t rows_of(std::size_t piece) const { return pieces_[piece].rows; }
  std::uint64_t bytes() const { return bytes_; }

  // Thread-safe.
  Result<Vector> read(std::size_t piece, std::size_t column) const;
  Result<Batch> read(std::size_t piece) const;

 private:
  struct ColumnPlace {
    std::uint64_t begin = 0;  // in the piece
    std::uint64_t checksum = 0;
    bool has_validity = false;
  };
  struct Piece {
    std::uint64_t offset = 0;  // in the file
    std::uint64_t bytes = 0;
    std::uint32_t rows = 0;
    std::vector<ColumnPlace> columns;
  };
  Result<void> append_piece(const Batch& batch, std::uint32_t first, std::uint32_t rows);

  std::shared_ptr<TemporaryFile> file_;
  std::vector<ColumnShape> shapes_;
  std::vector<Piece> pieces_;
  std::uint32_t piece_rows_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace stave
