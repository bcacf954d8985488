// Values by bucket, each written once and never moved: a bucket is a chain of chunks, small ones
// first, out of memory that all buckets share. Chains of one thread are linked to those of another
// as they are.
// Invariant: a chunk's link lies behind its room; that of the last chunk of a bucket, which is
// being filled, does not say how far it is filled.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

namespace stave {

template <typename Value>
class RowBuckets {
 public:
  std::size_t size() const { return buckets_.size(); }
  // Buckets below `count` exist from now on.
  void resize(std::size_t count) {
    if (count > buckets_.size()) buckets_.resize(count);
  }

  void add(std::size_t bucket, Value value) {
    Bucket& to = buckets_[bucket];
    if (to.next == to.end) open_chunk(to);
    *to.next++ = value;
  }

  void add(std::size_t bucket, const Value* values, std::size_t count) {
    Bucket& to = buckets_[bucket];
    while (count > 0) {
      if (to.next == to.end) open_chunk(to);
      const std::size_t room = std::min(static_cast<std::size_t>(to.end - to.next), count);
      to.next = std::copy_n(values, room, to.next);
      values += room;
      count -= room;
    }
  }

  // A value is going to be added soon: first the bucket is asked for, then where the value goes.
  void prefetch_bucket(std::size_t bucket) const {
    if (bucket < buckets_.size()) __builtin_prefetch(&buckets_[bucket], 1);
  }
  void prefetch_value(std::size_t bucket) const {
    if (bucket < buckets_.size()) __builtin_prefetch(buckets_[bucket].next, 1);
  }

  // All values of the bucket, in no order.
  void list_parts(std::size_t bucket, std::vector<std::span<Value>>& parts) const {
    parts.clear();
    const Bucket& from = buckets_[bucket];
    if (from.end == nullptr) return;
    const Link* link = link_of(from.end);
    parts.emplace_back(link->begin, from.next);
    for (link = link->previous; link != nullptr; link = link->previous) {
      parts.emplace_back(link->begin, link->filled);
    }
  }

  // The values of a bucket of `other`; to be followed by take_memory.
  void take(std::size_t bucket, RowBuckets& other, std::size_t other_bucket) {
    const Bucket from = std::exchange(other.buckets_[other_bucket], Bucket());
    Bucket& to = buckets_[bucket];
    if (from.end == nullptr) return;
    if (to.end == nullptr) {
      to = from;
      return;
    }
    Link* const newest = link_of(from.end);
    newest->filled = from.next;
    Link* oldest = newest;
    while (oldest->previous != nullptr) oldest = oldest->previous;
    Link* const mine = link_of(to.end);
    oldest->previous = mine->previous;
    mine->previous = newest;
  }

  void take_memory(RowBuckets& other) {
    // Before the block that is being filled.
    for (Block& block : other.blocks_) {
      bytes_ += block.size;
      blocks_.insert(blocks_.begin(), std::move(block));
      ++block_;
    }
    other = RowBuckets();
  }

  // There are no buckets; the memory is kept.
  void clear() {
    buckets_.clear();
    block_ = 0;
    used_ = 0;
  }

  std::size_t memory_bytes() const { return bytes_ + buckets_.capacity() * sizeof(Bucket); }

 private:
  static constexpr std::size_t kFirstChunkRows = 32;
  static constexpr std::size_t kMostChunkRows = 4096;
  static constexpr std::size_t kFirstBlockBytes = std::size_t{1} << 16;
  static constexpr std::size_t kMostBlockBytes = std::size_t{1} << 22;

  struct Link {
    Value* begin;
    Value* filled;
    Link* previous;
  };
  struct Bucket {
    Value* next = nullptr;  // into the last chunk
    Value* end = nullptr;
  };
  struct Block {
    std::unique_ptr<std::byte[]> memory;
    std::size_t size = 0;
  };

  static Link* link_of(Value* end) { return std::launder(reinterpret_cast<Link*>(end)); }

  [[gnu::noinline]] void open_chunk(Bucket& bucket) {
    Link* const previous = bucket.end == nullptr ? nullptr : link_of(bucket.end);
    std::size_t rows = kFirstChunkRows;
    if (previous != nullptr) {
      previous->filled = bucket.end;
      const auto last = static_cast<std::size_t>(bucket.end - previous->begin);
      rows = std::min(last * 2, kMostChunkRows);
    }
    bucket.next = reinterpret_cast<Value*>(room_for(rows * sizeof(Value) + sizeof(Link)));
    bucket.end = bucket.next + rows;
    new (bucket.end) Link{bucket.next, nullptr, previous};
  }

  std::byte* room_for(std::size_t bytes) {
    constexpr std::size_t kAlignment = 16;
    static_assert(alignof(Value) <= kAlignment && kFirstChunkRows % kAlignment == 0);
    bytes = (bytes + kAlignment - 1) / kAlignment * kAlignment;
    while (block_ < blocks_.size() && used_ + bytes > blocks_[block_].size) {
      ++block_;
      used_ = 0;
    }
    if (block_ == blocks_.size()) {
      const std::size_t size =
          std::max(bytes, std::clamp(bytes_, kFirstBlockBytes, kMostBlockBytes));
      blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
      bytes_ += size;
    }
    return blocks_[block_].memory.get() + std::exchange(used_, used_ + bytes);
  }

  std::vector<Bucket> buckets_;
  std::vector<Block> blocks_;
  std::size_t block_ = 0;  // chunks come out of this one
  std::size_t used_ = 0;   // bytes of it
  std::size_t bytes_ = 0;  // of all blocks
};

}  // namespace stave
