// Bloom's filter in buckets of one cache line (Putze, Sanders and Singler, "Cache-, Hash- and
// Space-Efficient Bloom Filters", 2007), two bits for each code.
#include "storage/code_filter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "storage/bytes.h"
#include "storage/checksum.h"
#include "storage/column_file.h"

namespace stave {
namespace {

constexpr std::size_t kBucketWords = 8;
constexpr std::size_t kBucketBytes = kBucketWords * sizeof(std::uint64_t);
constexpr std::uint32_t kBucketBits = kBucketBytes * 8;
constexpr std::size_t kBlockWords = kMostFilterBuckets * kBucketWords;

constexpr std::uint64_t kCodesForEachRow = 16;
constexpr std::uint64_t kFewRows = 256 * std::uint64_t{kBlockRows};

struct CodeBits {
  std::uint32_t bucket = 0;  // of kMostFilterBuckets
  std::uint32_t first = 0;   // bits of the bucket
  std::uint32_t second = 0;
};

CodeBits bits_of(std::uint32_t code) {
  std::uint64_t hash = code * std::uint64_t{0x9E3779B97F4A7C15};
  hash ^= hash >> 32;
  hash *= std::uint64_t{0xD6E8FEB86659FD93};
  hash ^= hash >> 32;
  return {static_cast<std::uint32_t>(((hash >> 32) * kMostFilterBuckets) >> 32),
          static_cast<std::uint32_t>(hash) % kBucketBits,
          static_cast<std::uint32_t>(hash >> 9) % kBucketBits};
}

bool bit_is_set(std::span<const std::byte> bucket, std::uint32_t bit) {
  return (std::to_integer<unsigned>(bucket[bit / 8]) >> (bit % 8) & 1) != 0;
}

using BlockWords = std::span<const std::uint64_t, kBlockWords>;
using BucketWords = std::array<std::uint64_t, kBucketWords>;

// As few as leave half of the block's bits unset, but no fewer than `least`.
std::uint32_t fewest_buckets(BlockWords block, std::uint32_t least) {
  std::array<std::uint64_t, kBlockWords> words;
  std::ranges::copy(block, words.begin());
  std::uint32_t buckets = kMostFilterBuckets;
  while (buckets > least && buckets % 2 == 0) {
    const std::size_t half = buckets / 2 * kBucketWords;
    std::size_t set = 0;
    for (std::size_t i = 0; i < half; ++i) {
      words[i] |= words[i + half];
      set += static_cast<std::size_t>(std::popcount(words[i]));
    }
    if (set > half * 32) break;
    buckets /= 2;
  }
  return buckets;
}

// One of so many buckets, in which some of the block come to lie on each other.
BucketWords folded_bucket(BlockWords block, std::uint32_t bucket, std::uint32_t buckets) {
  BucketWords folded{};
  for (std::size_t at = bucket * kBucketWords; at < kBlockWords; at += buckets * kBucketWords) {
    for (std::size_t i = 0; i < kBucketWords; ++i) folded[i] |= block[at + i];
  }
  return folded;
}

}  // namespace

bool pays_for_code_filter(std::uint64_t codes_of_domain, std::uint64_t rows_of_table) {
  return rows_of_table >= kFewRows && codes_of_domain >= kCodesForEachRow * kBlockRows;
}

std::uint64_t code_filter_row_bytes(std::uint64_t blocks) {
  return blocks * kBucketBytes + sizeof(std::uint64_t);
}

std::uint64_t code_filter_bytes(std::uint32_t buckets, std::uint64_t blocks) {
  return buckets * code_filter_row_bytes(blocks);
}

std::uint64_t code_filter_row_offset(const CodeFilterPlace& place, std::uint32_t code) {
  return place.offset + bits_of(code).bucket % place.buckets * code_filter_row_bytes(place.blocks);
}

bool note_blocks_of(std::span<const std::byte> row, std::uint32_t code,
                    std::vector<bool>& may_hold) {
  if (row.size() != code_filter_row_bytes(may_hold.size())) return false;
  const auto buckets = row.first(row.size() - sizeof(std::uint64_t));
  ByteReader stated(row.last(sizeof(std::uint64_t)));
  if (stated.read_u64() != checksum_of(buckets)) return false;
  const CodeBits bits = bits_of(code);
  for (std::size_t block = 0; block < may_hold.size(); ++block) {
    const auto bucket = buckets.subspan(block * kBucketBytes, kBucketBytes);
    if (bit_is_set(bucket, bits.first) && bit_is_set(bucket, bits.second)) may_hold[block] = true;
  }
  return true;
}

void CodeFilterBuilder::add_block(std::span<const std::uint32_t> codes) {
  words_.resize(words_.size() + kBlockWords);
  std::uint64_t* const block = words_.data() + words_.size() - kBlockWords;
  for (const std::uint32_t code : codes) {
    const CodeBits bits = bits_of(code);
    std::uint64_t* const bucket = block + bits.bucket * kBucketWords;
    bucket[bits.first / 64] |= std::uint64_t{1} << (bits.first % 64);
    bucket[bits.second / 64] |= std::uint64_t{1} << (bits.second % 64);
  }
}

// Nothing but the result is held beside the words: there are as many as the file has blocks.
std::string CodeFilterBuilder::finish(std::uint32_t& buckets) const {
  const std::size_t blocks = words_.size() / kBlockWords;
  const auto block_at = [this](std::size_t block) {
    return std::span(words_).subspan(block * kBlockWords).first<kBlockWords>();
  };
  buckets = blocks == 0 ? 0 : 1;
  for (std::size_t block = 0; block < blocks; ++block) {
    buckets = fewest_buckets(block_at(block), buckets);
  }
  std::string bytes;
  bytes.reserve(code_filter_bytes(buckets, blocks));
  ByteWriter writer(bytes);
  for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) {
    const std::size_t begin = bytes.size();
    for (std::size_t block = 0; block < blocks; ++block) {
      const BucketWords folded = folded_bucket(block_at(block), bucket, buckets);
      writer.write_bytes(std::as_bytes(std::span(folded)));
    }
    writer.write_u64(checksum_of(std::string_view(bytes).substr(begin)));
  }
  return bytes;
}

}  // namespace stave
