// The memory behind vectors that the engine computes.
// Invariant: addresses handed out stay valid until `clear`; `data` is 64-byte aligned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <vector>

#include "engine/runtime/recycler.h"
#include "engine/vector.h"

namespace stave {

// Texts of any length at addresses that do not move.
class VectorText {
 public:
  std::string_view add(std::string_view text);
  // Room for `size` bytes, to be filled by the caller.
  char* room(std::size_t size);
  void clear();
  std::uint64_t bytes() const;

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Chunk> chunks_;
  std::size_t used_ = 0;  // of the last chunk
};

class VectorBuffer {
 public:
  // Room for `rows` values; the old content is lost.
  template <typename T>
  T* room(std::size_t rows) {
    return static_cast<T*>(bytes((rows + kPadding) * sizeof(T)));
  }
  // Words for `rows` validity bits, all set or all clear.
  std::uint64_t* validity(std::size_t rows, bool set);
  VectorText text;
  // What the values point into besides `text`.
  std::vector<std::shared_ptr<const void>> parents;

  void clear();

 private:
  // Vector kernels may write whole lanes past the last row.
  static constexpr std::size_t kPadding = 64;
  struct Free {
    void operator()(void* memory) const { ::operator delete (memory, std::align_val_t{64}); }
  };
  void* bytes(std::size_t size);
  std::unique_ptr<void, Free> data_;
  std::size_t capacity_ = 0;
  std::vector<std::uint64_t> validity_;
};

using BufferRecycler = Recycler<VectorBuffer>;
std::shared_ptr<VectorBuffer> take_clear(BufferRecycler& recycler);

inline std::size_t words_for(std::size_t rows) {
  return (rows + 63) / 64;
}
inline bool bit_at(const std::uint64_t* bits, std::size_t row) {
  return (bits[row / 64] >> (row % 64) & 1) != 0;
}
inline bool is_valid(const std::uint64_t* validity, std::size_t row) {
  return validity == nullptr || bit_at(validity, row);
}
inline void clear_bit(std::uint64_t* bits, std::size_t row) {
  bits[row / 64] &= ~(std::uint64_t{1} << (row % 64));
}
inline void set_bit(std::uint64_t* bits, std::size_t row) {
  bits[row / 64] |= std::uint64_t{1} << (row % 64);
}
// Whether row `row` of a vector is null, whatever its representation.
inline bool is_null_at(const Vector& vector, std::size_t row) {
  if (vector.representation == Representation::kCode) {
    return vector.values<std::uint32_t>()[row] == kNullCode;
  }
  return !is_valid(vector.validity, row);
}

}  // namespace stave
