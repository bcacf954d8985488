// Counting by sorting; see the header.
#include "engine/aggregate/counted_keys.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "engine/operators/bucket_sort.h"

namespace stave {
namespace {

// Keys of a bucket and the room to sort them in take half a megabyte together.
constexpr std::uint64_t kRowsOfBucket = std::uint64_t{1} << 15;
constexpr unsigned kMostBucketBits = 10;

// The inverse modulo 2^64, and so modulo each smaller power of two: each step doubles the bits that
// are right (Newton's iteration).
constexpr std::uint64_t inverse_of(std::uint64_t odd) {
  std::uint64_t inverse = odd;
  for (int step = 0; step < 5; ++step) inverse *= 2 - odd * inverse;
  return inverse;
}

void count_runs(std::span<const std::uint64_t> sorted, CountedKeys::Part& part) {
  std::size_t different = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    different += i == 0 || sorted[i] != sorted[i - 1] ? 1U : 0U;
  }
  part.keys.resize(different);
  part.rows.resize(different);
  std::size_t next = 0;
  for (std::size_t begin = 0; begin < sorted.size(); ++next) {
    std::size_t end = begin + 1;
    while (end < sorted.size() && sorted[end] == sorted[begin]) ++end;
    part.keys[next] = sorted[begin];
    part.rows[next] = static_cast<std::uint32_t>(end - begin);
    begin = end;
  }
}

}  // namespace

CountedKeys::CountedKeys(unsigned bits, std::uint64_t rows)
    : mask_(bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1) {
  const auto wanted = static_cast<unsigned>(std::bit_width(rows / kRowsOfBucket));
  const unsigned bucket_bits = std::min({kMostBucketBits, std::max(1U, wanted), bits});
  rest_bits_ = bits - bucket_bits;
  buckets_.resize(std::size_t{1} << bucket_bits);
}

void CountedKeys::take(CountedKeys& other) {
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    buckets_.take(bucket, other.buckets_, bucket);
  }
  buckets_.take_memory(other.buckets_);
}

Result<std::vector<CountedKeys::Part>> CountedKeys::count(ExecutionContext& context) {
  static_assert(kMultiplier * inverse_of(kMultiplier) == 1);
  struct Room {
    std::vector<std::span<std::uint64_t>> chunks;
    std::vector<std::uint64_t> keys;
    std::vector<std::uint64_t> other;
  };
  std::vector<Room> rooms(static_cast<std::size_t>(context.threads()));
  std::vector<Part> parts(buckets_.size());
  auto done = context.parallel_for(parts.size(), [&](std::size_t bucket, int worker) {
    Room& room = rooms[static_cast<std::size_t>(worker)];
    buckets_.list_parts(bucket, room.chunks);
    room.keys.clear();
    for (const auto& chunk : room.chunks) {
      room.keys.insert(room.keys.end(), chunk.begin(), chunk.end());
    }
    if (room.other.size() < room.keys.size()) room.other.resize(room.keys.size());
    sort_by_digits(std::span(room.keys), std::span(room.other).first(room.keys.size()),
                   {0, rest_bits_, true}, std::less<>());
    Part& part = parts[bucket];
    count_runs(room.keys, part);
    for (std::uint64_t& key : part.keys) key = key * inverse_of(kMultiplier) & mask_;
    return Result<void>();
  });
  if (!done) return pass(done);
  buckets_ = RowBuckets<std::uint64_t>();
  return parts;
}

}  // namespace stave
