// One column of a chunk of rows while it is parsed: a vector of its physical kind, reused from
// chunk to chunk. Invariant: nulls of codes are code 0; of everything else they are a cleared bit
// in `validity`, which is empty while no row is null.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "storage/int128.h"
#include "storage/physical.h"

namespace stave::loading {

class ColumnCells {
 public:
  void reset(Physical physical, std::uint32_t rows) {
    physical_ = physical;
    rows_ = rows;
    validity.clear();
    resize_values();
  }
  // The same rows held another way, e.g. codes once their keys are known.
  void change_physical(Physical physical) {
    physical_ = physical;
    resize_values();
  }

  Physical physical() const { return physical_; }
  std::uint32_t rows() const { return rows_; }

  bool is_null(std::uint32_t row) const {
    if (physical_ == Physical::kCode) return codes[row] == 0;
    return !validity.empty() && (validity[row / 64] >> (row % 64) & 1) == 0;
  }
  void set_null(std::uint32_t row) {
    if (validity.empty()) validity.assign((rows_ + 63) / 64, ~std::uint64_t{0});
    validity[row / 64] &= ~(std::uint64_t{1} << (row % 64));
  }
  void set_valid(std::uint32_t row) {
    if (!validity.empty()) validity[row / 64] |= std::uint64_t{1} << (row % 64);
  }

  std::vector<std::uint32_t> codes;
  std::vector<std::int64_t> int64s;
  std::vector<Int128> int128s;
  std::vector<double> float64s;
  std::vector<std::string_view> strings;
  std::vector<std::uint64_t> validity;

 private:
  template <typename T>
  void grow(std::vector<T>& values) const {
    if (values.size() < rows_) values.resize(rows_);
  }
  void resize_values() {
    switch (physical_) {
      case Physical::kCode:
        return grow(codes);
      case Physical::kInt64:
        return grow(int64s);
      case Physical::kInt128:
        return grow(int128s);
      case Physical::kFloat64:
        return grow(float64s);
      case Physical::kString:
        return grow(strings);
    }
  }

  Physical physical_ = Physical::kInt64;
  std::uint32_t rows_ = 0;
};

}  // namespace stave::loading
