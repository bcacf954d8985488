// The positions of all rows of a batch, for writers that take chosen ones.
#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace stave {

class AllRows {
 public:
  // 0, 1, 2 ...; valid until the next call.
  std::span<const std::uint32_t> first(std::uint32_t count) {
    const std::size_t known = rows_.size();
    if (known < count) {
      rows_.resize(count);
      std::iota(rows_.begin() + static_cast<std::ptrdiff_t>(known), rows_.end(),
                static_cast<std::uint32_t>(known));
    }
    return std::span(rows_).first(count);
  }

 private:
  std::vector<std::uint32_t> rows_;
};

}  // namespace stave
