// A ring of blocks: one side fills, the other empties.
#include "tools/import/compression/read_ahead.h"

#include <algorithm>
#include <cstring>

namespace stave::loading {

ReadAhead::ReadAhead(std::unique_ptr<ByteStream> stream)
    : stream_(std::move(stream)), thread_([this] { run(); }) {}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

// False after the last block; what failed is kept for the consumer.
bool ReadAhead::read_block(Block& block) {
  try {
    block.bytes.resize(kBlockBytes);
    Result<std::size_t> got = stream_->read(block.bytes.data(), kBlockBytes);
    if (got) {
      block.size = *got;
      return *got == kBlockBytes;
    }
    error_ = got.error();
  } catch (...) {
    exception_ = std::current_exception();
  }
  block.size = 0;
  return false;
}

void ReadAhead::run() {
  while (true) {
    Block* block = nullptr;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return stopped_ || filled_ - emptied_ < kBlocks; });
      if (stopped_) return;
      block = &blocks_[filled_ % kBlocks];
    }
    const bool more = read_block(*block);
    const std::lock_guard<std::mutex> lock(mutex_);
    ++filled_;
    ended_ = !more;
    changed_.notify_all();
    if (ended_) return;
  }
}

Result<std::size_t> ReadAhead::read(char* out, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    Block* block = nullptr;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return ended_ || filled_ > emptied_; });
      if (filled_ == emptied_) break;
      block = &blocks_[emptied_ % kBlocks];
    }
    const std::size_t count = std::min(size - done, block->size - taken_);
    std::memcpy(out + done, block->bytes.data() + taken_, count);
    done += count;
    taken_ += count;
    if (taken_ < block->size) continue;
    taken_ = 0;
    const std::lock_guard<std::mutex> lock(mutex_);
    ++emptied_;
    changed_.notify_all();
  }
  if (done < size && exception_ != nullptr) std::rethrow_exception(exception_);
  if (done < size && error_) return Failure(*error_);
  return done;
}

}  // namespace stave::loading
