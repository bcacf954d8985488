// Reads in blocks, whatever is asked for.
#include "tools/import/compression/compressed_bytes.h"

#include <algorithm>

namespace stave::loading {

namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10;

}  // namespace

Result<void> CompressedBytes::fill(std::size_t wanted) {
  if (end_ - begin_ >= wanted || at_end_) return {};
  std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), end_ - begin_,
              buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  const std::size_t target = std::max(wanted, end_ + kBlock);
  if (buffer_.size() < target) buffer_.resize(target);
  Result<std::size_t> got = input_.read(buffer_.data() + end_, target - end_);
  if (!got) return pass(got);
  at_end_ = *got < target - end_;
  end_ += *got;
  return {};
}

Result<void> CompressedBytes::drop_rest() {
  do {
    begin_ = end_;
    if (Result<void> filled = fill(1); !filled) return filled;
  } while (!at_end());
  return {};
}

}  // namespace stave::loading
