// Vectors made from finished values, with their memory.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/evaluator.h"
#include "engine/vector.h"

namespace stave {

// One bit for each row; starts as all set and is dropped where no row is null.
class ValidityBits {
 public:
  explicit ValidityBits(std::size_t rows) : words_((rows + 63) / 64, ~std::uint64_t{0}) {}
  void clear(std::size_t row) {
    words_[row / 64] &= ~(std::uint64_t{1} << (row % 64));
    any_cleared_ = true;
  }
  bool any_cleared() const { return any_cleared_; }
  std::vector<std::uint64_t> take() && { return std::move(words_); }

 private:
  std::vector<std::uint64_t> words_;
  bool any_cleared_ = false;
};

// `T` is the C++ type of the representation. Text that string views point to is kept by `text`.
template <typename T>
Vector make_vector(Type type, Representation representation, std::vector<T> values,
                   ValidityBits validity, const std::shared_ptr<const void>& text = nullptr) {
  struct Storage {
    std::vector<T> values;
    std::vector<std::uint64_t> validity;
    std::shared_ptr<const void> text;
  };
  const bool has_nulls = validity.any_cleared();
  auto storage = std::make_shared<Storage>();
  storage->values = std::move(values);
  if (has_nulls) storage->validity = std::move(validity).take();
  storage->text = text;
  Vector vector;
  vector.type = type;
  vector.representation = representation;
  vector.size = static_cast<std::uint32_t>(storage->values.size());
  vector.data = storage->values.data();
  vector.validity = has_nulls ? storage->validity.data() : nullptr;
  vector.owner = std::move(storage);
  return vector;
}

// The rows of `values` that `order` names, in its order.
Vector take_rows(const Vector& values, std::span<const std::uint32_t> order);

// Copies of texts that stay where they are.
class ResultText {
 public:
  std::string_view copy(std::string_view text);
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kChunkBytes = std::size_t{1} << 16;
  std::deque<std::unique_ptr<char[]>> chunks_;
  std::size_t used_ = kChunkBytes;  // of the last chunk
  std::size_t bytes_ = 0;
};

}  // namespace stave
