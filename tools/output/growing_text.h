// Text that grows at its end, for cells of a few bytes: those are copied 16 bytes at once, which
// costs less than a call of the library.
// Invariant: kSlack bytes after the text are there to be overwritten.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace stave {

class GrowingText {
 public:
  std::string_view text() const { return {bytes_.get(), size_}; }
  void clear() { size_ = 0; }

  void append(char byte) {
    if (capacity_ - size_ <= kSlack) grow(1);
    bytes_[size_++] = byte;
  }

  // `text` may not be a part of this one.
  void append(std::string_view text) {
    if (capacity_ - size_ < text.size() + kSlack) grow(text.size());
    if (text.empty()) return;
    std::memcpy(bytes_.get() + size_, text.data(), text.size());
    size_ += text.size();
  }

  // The first `size` <= kSlack of the kSlack bytes there.
  void append_short(const char* bytes, std::size_t size) {
    if (capacity_ - size_ < 2 * kSlack) grow(kSlack);
    std::memcpy(bytes_.get() + size_, bytes, kSlack);
    size_ += size;
  }

  static constexpr std::size_t kSlack = 16;

 private:
  void grow(std::size_t more) {
    const std::size_t capacity = std::max(2 * capacity_, size_ + more + kLeast);
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  static constexpr std::size_t kLeast = 4096;
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace stave
