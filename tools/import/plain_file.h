// A regular file whose bytes are the text themselves, so that any thread may read any part of it.
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace stave::loading {

class PlainFile {
 public:
  // Closes the descriptor in the end. `size`: of the file when it was opened.
  PlainFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  ~PlainFile();
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  std::uint64_t size() const { return size_; }
  // Fewer bytes than asked for only at the end; nothing, and errno, where reading fails.
  std::optional<std::size_t> read_at(std::uint64_t offset, char* out, std::size_t size) const;

 private:
  int descriptor_;
  std::uint64_t size_;
};

}  // namespace stave::loading
