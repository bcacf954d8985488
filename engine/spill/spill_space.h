// What a run keeps in memory and what it puts on disk.
// Invariant: rows held between operators take half of the memory limit at most, so that each
// operator has the other half to work in.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "engine/context.h"
#include "engine/operators/reservation.h"
#include "engine/spill/temporary_file.h"
#include "stave/result.h"

namespace stave {

// Thread-safe.
class SpillSpace {
 public:
  // `most_rows`: of ExecutionOptions::spill_rows.
  SpillSpace(MemoryBudget& memory, std::uint64_t most_rows)
      : memory_(memory), most_rows_(most_rows) {}

  // Made when first asked for.
  Result<std::shared_ptr<TemporaryFile>> file();
  std::uint64_t bytes_written() const;

  // Room in which an operator works on `rows` rows; false where they are too many for it.
  bool takes(Reservation& work, std::uint64_t rows, std::uint64_t bytes) const;
  // More rows than tests allow to be worked on in memory.
  bool is_too_large(std::uint64_t rows) const { return most_rows_ > 0 && rows > most_rows_; }
  // What one of several pieces that are worked on one after another may take.
  std::uint64_t piece_bytes() const { return memory_.limit() / 8; }
  // Rows of a piece where one takes `row_bytes`.
  std::uint64_t piece_rows(std::uint64_t row_bytes) const;
  // Parts that fit into memory by themselves, of rows that take so many bytes to work on.
  std::uint32_t partitions_for(std::uint64_t bytes) const;

 private:
  friend class HeldRows;

  MemoryBudget& memory_;
  std::uint64_t most_rows_;
  std::atomic<std::uint64_t> held_{0};
  mutable std::mutex mutex_;
  std::shared_ptr<TemporaryFile> file_;
};

// The share of the memory that rows between operators take; given back when destroyed.
class HeldRows {
 public:
  explicit HeldRows(SpillSpace& space) : space_(space) {}
  ~HeldRows();
  HeldRows(const HeldRows&) = delete;
  HeldRows& operator=(const HeldRows&) = delete;

  // False where there is no room for them: they, and those before them, belong on disk.
  bool add(std::uint64_t rows, std::uint64_t bytes);

 private:
  SpillSpace& space_;
  std::uint64_t rows_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace stave
