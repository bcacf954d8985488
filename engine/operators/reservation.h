// A share of the run's memory budget, given back when the operator that took it ends.
#pragma once

#include <atomic>
#include <cstdint>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/vector.h"
#include "stave/result.h"

namespace stave {

class Reservation {
 public:
  explicit Reservation(ExecutionContext& context) : budget_(context.memory()) {}
  ~Reservation() { budget_.release(bytes_.load(std::memory_order_relaxed)); }
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

  // Thread-safe; fails where the budget is used up.
  Result<void> add(std::uint64_t bytes) {
    auto reserved = budget_.reserve(bytes);
    if (reserved) {
      bytes_.fetch_add(bytes, std::memory_order_relaxed);
    }
    return reserved;
  }

 private:
  MemoryBudget& budget_;
  std::atomic<std::uint64_t> bytes_{0};
};

// The bytes of a batch's values, text that they point to aside.
inline std::uint64_t bytes_of(const Batch& batch) {
  std::uint64_t bytes = 0;
  for (const Vector& vector : batch.columns) {
    bytes += width_of(vector.representation) * vector.size;
  }
  return bytes;
}

}  // namespace stave
