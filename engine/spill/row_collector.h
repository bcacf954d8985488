// Rows that come batch by batch become a relation: in memory while there is room, else on disk.
// Invariant: the batches come in order and alike (each column of one representation and
// dictionary), and so they are in the relation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/context.h"
#include "engine/spill/spill_space.h"
#include "engine/spill/spilled_rows.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

// Bytes of a batch's values and their texts.
std::uint64_t whole_bytes_of(const Batch& batch);

class RowCollector {
 public:
  RowCollector(std::vector<Field> fields, ExecutionContext& context);

  Result<void> add(Batch batch);
  Result<Relation> finish();

  // From here on, and what came before too.
  Result<void> go_to_disk();

 private:
  ExecutionContext& context_;
  Relation rows_;
  std::shared_ptr<HeldRows> held_;
  std::shared_ptr<SpilledRows> spilled_;
  bool goes_to_disk_ = false;
};

// A relation that an operator made, as it is kept for the next one. Those that are on disk or have
// their share of the memory already stay as they are.
Result<Relation> kept(Relation relation, ExecutionContext& context);
Result<Relation> on_disk(Relation relation, ExecutionContext& context);
// All of it as batches, whatever they take.
Result<Relation> in_memory(Relation relation, ExecutionContext& context);

// The batches of a relation wherever they are.
std::size_t batches_of(const Relation& relation);
Result<Batch> batch_of(const Relation& relation, std::size_t batch);
// What one row takes, about; 0 where there are none.
std::uint64_t row_bytes_of(const Relation& relation);

}  // namespace stave
