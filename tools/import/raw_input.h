// The bytes of an input as they lie on disk, hashed as they go by.
// Invariant: a file whose size is not at the end what it was at the beginning is an error.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "stave/import.h"
#include "stave/result.h"
#include "storage/checksum.h"
#include "tools/import/plain_file.h"

namespace stave::loading {

class RawInput {
 public:
  // Where `cancelled` is given and becomes true, waiting for a pipe ends with a failure.
  static Result<std::unique_ptr<RawInput>> open(const std::string& path,
                                                const std::atomic<bool>* cancelled = nullptr);
  // The stream outlives it.
  static std::unique_ptr<RawInput> of(const ImportStream& stream);
  ~RawInput();
  RawInput(const RawInput&) = delete;
  RawInput& operator=(const RawInput&) = delete;

  // Fewer bytes than asked for only at the end.
  Result<std::size_t> read(char* out, std::size_t size);
  // The first bytes without taking them; at most 16.
  Result<std::string> peek(std::size_t size);

  // Where bytes_read() is an offset in a regular file; else null.
  std::shared_ptr<const PlainFile> file() const { return peeked_.empty() ? file_ : nullptr; }
  // As `read`, for bytes that were read from there already: `got` where `asked` were asked for.
  Result<void> take(const char* bytes, std::size_t got, std::size_t asked);

  const std::string& path() const { return path_; }
  std::uint64_t bytes_total() const { return total_; }
  // May be asked while another thread reads.
  std::uint64_t bytes_read() const { return taken_; }
  std::uint64_t hash() const;
  // From any thread: whoever waits for a pipe gets a failure.
  void stop() { stopped_ = true; }

 private:
  RawInput(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  Result<std::size_t> read_bytes(char* out, std::size_t size);
  Result<std::size_t> read_stream(char* out, std::size_t size);
  Result<std::size_t> read_file(char* out, std::size_t size);
  Result<std::size_t> read_pipe(char* out, std::size_t size);
  Result<void> wait_for_bytes() const;
  Result<void> check_size(bool at_end) const;

  std::string path_;
  int descriptor_;  // of a pipe
  std::shared_ptr<const PlainFile> file_;
  const ImportStream* stream_ = nullptr;
  std::uint64_t total_ = 0;
  const std::atomic<bool>* cancelled_ = nullptr;
  std::atomic<bool> stopped_{false};
  std::atomic<std::uint64_t> taken_{0};
  std::string peeked_;
  RunningChecksum hash_;
};

}  // namespace stave::loading
