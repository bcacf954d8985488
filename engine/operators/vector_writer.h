// Making one vector of known length, value by value.
// Invariant: rows that were not set to null count as set, so the caller writes every other one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/evaluator.h"
#include "engine/vector.h"

namespace stave {

class VectorWriter {
 public:
  VectorWriter(const ColumnShape& shape, std::uint32_t rows);

  template <typename T>
  T* values() {
    return reinterpret_cast<T*>(buffer_->values.get());
  }
  // For codes: writes kNullCode. For others the value becomes zero.
  void set_null(std::uint32_t row);
  // Room for text that lives as long as the vector.
  char* text(std::size_t bytes);
  Vector finish();

 private:
  struct Buffer {
    std::unique_ptr<std::byte[]> values;  // aligned for every representation by new
    std::vector<std::uint64_t> validity;
    std::unique_ptr<char[]> text;
  };
  ColumnShape shape_;
  std::uint32_t rows_;
  std::shared_ptr<Buffer> buffer_;
};

}  // namespace stave
