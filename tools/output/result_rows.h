// Batches of the public interface as batches of the engine, for writers of whole columns.
// Invariant: what `of` returns is valid until the next call, and while the batch is that it was
// made from.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/vector.h"
#include "stave/query.h"

namespace stave {

class ResultRows {
 public:
  explicit ResultRows(const std::vector<ResultColumn>& columns);
  ~ResultRows();

  const Batch& of(const ResultBatch& batch);

 private:
  struct Column;
  void fill(const ResultBatch& batch, std::size_t position);

  std::vector<Column> columns_;
  Batch batch_;
};

}  // namespace stave
