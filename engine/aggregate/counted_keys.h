// Rows counted by sorting their keys: where groups are nearly as many as rows, to look each of them
// up far from the processor costs more than to set the keys aside in buckets, each of which is then
// sorted and counted in a core's nearer cache.
// Invariant: a key of `bits` bits is in one bucket, whichever thread it came from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/aggregate/group_rows.h"
#include "engine/aggregate/row_buckets.h"
#include "engine/context.h"
#include "stave/result.h"

namespace stave {

class CountedKeys {
 public:
  // Keys are below 2^bits, 1 to 64; about so many rows are going to be added by all threads
  // together.
  CountedKeys(unsigned bits, std::uint64_t rows);

  void add(std::uint64_t key) {
    const std::uint64_t mixed = key * kMultiplier & mask_;
    buckets_.add(mixed >> rest_bits_, mixed);
  }
  void add(std::span<const std::uint64_t> keys) {
    for (const std::uint64_t key : keys) add(key);
  }
  // The key of each run.
  void add_runs(std::span<const std::uint64_t> keys, std::span<const GroupRun> runs) {
    for (std::size_t run = 0; run < runs.size(); ++run) add(keys[run], runs[run].rows);
  }
  void add(std::uint64_t key, std::uint64_t rows) {
    for (; rows > 0; --rows) add(key);
  }
  // The rows of `other`, made for as many bits and rows.
  void take(CountedKeys& other);

  // The different keys of a part of them, in no order, and how often each was there.
  struct Part {
    std::vector<std::uint64_t> keys;
    std::vector<std::uint32_t> rows;
  };
  // At most 2^32 - 1 rows. Nothing is left.
  Result<std::vector<Part>> count(ExecutionContext& context);

  std::size_t memory_bytes() const { return buckets_.memory_bytes(); }

 private:
  // Odd, so that multiplying by it modulo a power of two can be undone: keys that lie together, or
  // agree in their highest bits, are dealt evenly.
  static constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15;

  unsigned rest_bits_;  // those that the bucket does not tell
  std::uint64_t mask_;
  RowBuckets<std::uint64_t> buckets_;
};

}  // namespace stave
