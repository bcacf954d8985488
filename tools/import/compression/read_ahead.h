// Reads a stream on a thread of its own, a few blocks ahead of its consumer, so that decompression
// and parsing overlap.
// Invariant: the consumer gets what it would get from the stream itself, failures at their place;
// the stream is used by one thread at a time, and by none once the reader is gone.
#pragma once

#include <array>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tools/import/compression/byte_stream.h"

namespace stave::loading {

class ReadAhead final : public ByteStream {
 public:
  explicit ReadAhead(std::unique_ptr<ByteStream> stream);
  // Waits for the stream's read that is under way.
  ~ReadAhead() override;
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  Result<std::size_t> read(char* out, std::size_t size) override;

 private:
  static constexpr std::size_t kBlocks = 4;
  static constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
  struct Block {
    std::vector<char> bytes;
    std::size_t size = 0;
  };
  void run();
  bool read_block(Block& block);

  std::unique_ptr<ByteStream> stream_;
  std::array<Block, kBlocks> blocks_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t filled_ = 0;   // blocks so far
  std::size_t emptied_ = 0;  // blocks so far
  bool ended_ = false;       // no block will be filled any more
  bool stopped_ = false;     // no block will be emptied any more
  std::optional<Error> error_;
  std::exception_ptr exception_;
  std::size_t taken_ = 0;  // of the block that is being emptied
  std::thread thread_;     // the last member: it uses the others
};

}  // namespace stave::loading
