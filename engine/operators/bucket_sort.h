// Sorting by the bits of a word: by the highest into buckets that stay in a core's nearer cache,
// then each of these by digits from the lowest up, and what still ties by the rest.
// Invariant: the order is that of `less`, which compares words first, whatever the threads; where
// words alone decide, entries that tie stay in the order that they came in.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/context.h"
#include "engine/operators/parallel_sort.h"
#include "stave/result.h"

namespace stave {

// A row and the first word of its key.
struct KeyedRow {
  std::uint64_t word = 0;
  std::uint32_t row = 0;
};

inline std::uint64_t word_of(std::uint64_t entry) {
  return entry;
}
inline std::uint64_t word_of(const KeyedRow& entry) {
  return entry.word;
}

// Bits [low, high) of words, above which all are equal.
struct WordBits {
  unsigned low = 0;
  unsigned high = 64;
  bool decide = true;  // entries equal in them are in order already
};

// `room` is as long as the entries.
template <typename Entry, typename Less>
void sort_by_digits(std::span<Entry> entries, std::span<Entry> room, WordBits bits,
                    const Less& less) {
  constexpr std::size_t kFew = 256;
  constexpr unsigned kDigitBits = 8;
  constexpr unsigned kBitsAtOnce = 3 * kDigitBits;  // tell nearly all entries of a bucket apart
  if (entries.size() < kFew) {
    std::sort(entries.begin(), entries.end(), less);
    return;
  }
  const unsigned low = bits.high - std::min(bits.high - bits.low, kBitsAtOnce);
  std::span<Entry> from = entries;
  std::span<Entry> to = room;
  for (unsigned shift = low; shift < bits.high; shift += kDigitBits) {
    const std::uint64_t mask = (std::uint64_t{1} << std::min(kDigitBits, bits.high - shift)) - 1;
    std::array<std::uint32_t, (std::size_t{1} << kDigitBits) + 1> starts{};
    for (const Entry& entry : from) ++starts[(word_of(entry) >> shift & mask) + 1];
    if (std::ranges::find(starts, from.size()) != starts.end()) continue;
    for (std::size_t digit = 1; digit < starts.size(); ++digit) starts[digit] += starts[digit - 1];
    for (const Entry& entry : from) to[starts[word_of(entry) >> shift & mask]++] = entry;
    std::swap(from, to);
  }
  if (from.data() != entries.data()) std::ranges::copy(from, entries.begin());
  if (low == bits.low && bits.decide) return;
  for (std::size_t begin = 0; begin < entries.size();) {
    const std::uint64_t word = word_of(entries[begin]) >> low;
    std::size_t end = begin + 1;
    while (end < entries.size() && word_of(entries[end]) >> low == word) ++end;
    const auto run = entries.subspan(begin, end - begin);
    if (run.size() > 1 && low == bits.low) {
      std::sort(run.begin(), run.end(), less);
    } else if (run.size() > 1) {
      sort_by_digits(run, room.subspan(begin, run.size()), {bits.low, low, bits.decide}, less);
    }
    begin = end;
  }
}

// At most 2^32 - 1 entries.
template <typename Entry, typename Less>
Result<void> bucket_sort(std::vector<Entry>& entries, WordBits bits, const Less& less,
                         ExecutionContext& context) {
  constexpr std::size_t kFewEntries = std::size_t{1} << 16;
  constexpr unsigned kEntriesOfBucketBits = 14;
  constexpr unsigned kMostBucketBits = 11;
  constexpr std::size_t kPieces = 64;
  const std::size_t count = entries.size();
  if (bits.low == bits.high) {
    return bits.decide ? Result<void>() : parallel_sort(entries, less, context);
  }
  const auto sort_piece = [&](auto begin, auto end) {
    std::vector<Entry> room(static_cast<std::size_t>(end - begin));
    sort_by_digits(std::span<Entry>(begin, end), std::span(room), bits, less);
  };
  if (count < kFewEntries) return parallel_sort(entries, sort_piece, less, context);
  const unsigned bucket_bits =
      std::min({bits.high - bits.low, kMostBucketBits,
                static_cast<unsigned>(std::bit_width(count)) - kEntriesOfBucketBits});
  const std::size_t buckets = std::size_t{1} << bucket_bits;
  const unsigned shift = bits.high - bucket_bits;
  const auto bucket_of = [&](const Entry& entry) {
    return static_cast<std::size_t>(word_of(entry) >> shift & (buckets - 1));
  };
  const auto border = [&](std::size_t piece) { return count * piece / kPieces; };
  // By piece, then bucket: how many entries it has there, then where the next of them goes.
  std::vector<std::uint32_t> places(kPieces * buckets);
  auto done = context.parallel_for(kPieces, [&](std::size_t piece, int) -> Result<void> {
    std::uint32_t* const own = places.data() + piece * buckets;
    for (std::size_t i = border(piece); i < border(piece + 1); ++i) ++own[bucket_of(entries[i])];
    return {};
  });
  if (!done) return done;
  std::vector<std::size_t> starts(buckets + 1);
  std::size_t largest = 0;
  for (std::size_t bucket = 0, next = 0; bucket < buckets; ++bucket) {
    starts[bucket] = next;
    for (std::size_t piece = 0; piece < kPieces; ++piece) {
      std::uint32_t& place = places[piece * buckets + bucket];
      const std::uint32_t entries_there = place;
      place = static_cast<std::uint32_t>(next);
      next += entries_there;
    }
    largest = std::max(largest, next - starts[bucket]);
  }
  starts[buckets] = count;
  // One thread would have most of the work.
  if (largest > count / 2) return parallel_sort(entries, sort_piece, less, context);
  std::vector<Entry> dealt(count);
  done = context.parallel_for(kPieces, [&](std::size_t piece, int) -> Result<void> {
    std::uint32_t* const own = places.data() + piece * buckets;
    for (std::size_t i = border(piece); i < border(piece + 1); ++i) {
      dealt[own[bucket_of(entries[i])]++] = entries[i];
    }
    return {};
  });
  if (!done) return done;
  done = context.parallel_for(buckets, [&](std::size_t bucket, int) -> Result<void> {
    const std::size_t size = starts[bucket + 1] - starts[bucket];
    sort_by_digits(std::span(dealt).subspan(starts[bucket], size),
                   std::span(entries).subspan(starts[bucket], size), {bits.low, shift, bits.decide},
                   less);
    return {};
  });
  entries.swap(dealt);
  return done;
}

}  // namespace stave
