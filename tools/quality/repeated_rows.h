// Counts the rows of a load of facts that repeat others in some columns. A query could do it, but
// holds a group for each row; here memory is bounded, and nothing but hashes is held.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/snapshot.h"

namespace stave::quality {

struct RepeatsQuestion {
  const Snapshot& snapshot;  // after the load
  const TableSchema& schema;
  std::vector<std::string> columns;
  std::uint64_t load = 0;
  bool whole_table = false;  // against rows that were there before, too
  int threads = 0;
  std::uint64_t memory_limit = 0;  // 0: 768 MiB
  const std::atomic<bool>* cancelled = nullptr;
};

struct Repeats {
  std::uint64_t rows = 0;                 // that agree in all columns with one before them
  std::optional<std::int32_t> first_day;  // of such rows, where equal rows are of one day
};

// A row with a null in one of the columns is like no other.
Result<Repeats> count_repeats(const RepeatsQuestion& question);

}  // namespace stave::quality
