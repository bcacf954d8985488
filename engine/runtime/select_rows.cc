// Parts of vectors: see select_rows.h.
#include "engine/runtime/select_rows.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "engine/evaluator.h"
#include "engine/kernels/bitmap.h"
#include "engine/kernels/compress.h"
#include "storage/codec/deal.h"

namespace stave {

namespace {

constexpr std::uint32_t kManyTimes = 16;

// Calls visit(T{}) with the C++ type of the representation.
template <typename Visit>
void with_type(Representation representation, const Visit& visit) {
  switch (representation) {
    case Representation::kCode:
      return visit(std::uint32_t{});
    case Representation::kInt64:
      return visit(std::int64_t{});
    case Representation::kInt128:
      return visit(Int128{});
    case Representation::kFloat64:
      return visit(double{});
    case Representation::kString:
      return visit(std::string_view{});
    case Representation::kBool:
      return visit(std::uint8_t{});
  }
}

template <typename T>
std::size_t compress_values(const T* values, const std::uint64_t* bits, std::size_t rows, T* out) {
  if constexpr (std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::int64_t> ||
                std::is_same_v<T, double>) {
    return kernels::compress(values, bits, rows, out);
  } else {
    return kernels::scalar::compress(values, bits, rows, out);
  }
}

// Nulls are few: only they are looked for. Nothing where none is kept.
const std::uint64_t* compress_validity(const Vector& vector, const std::uint64_t* bits,
                                       std::uint32_t kept, VectorBuffer& buffer) {
  std::uint64_t* validity = nullptr;
  std::size_t before = 0;  // rows kept of the words before
  std::size_t counted = 0;
  for (std::size_t word = 0; word * 64 < vector.size; ++word) {
    std::uint64_t nulls = bits[word] & ~vector.validity[word];
    if (nulls == 0) continue;
    before += count_set_bits({bits + counted, word - counted});
    counted = word;
    if (validity == nullptr) validity = buffer.validity(kept, true);
    for (; nulls != 0; nulls &= nulls - 1) {
      const std::uint64_t below = (nulls & -nulls) - 1;
      clear_bit(validity, before + static_cast<std::size_t>(std::popcount(bits[word] & below)));
    }
  }
  return validity;
}

// Texts are not copied: whoever holds the part holds the whole.
void keep_texts(const Vector& vector, VectorBuffer& buffer) {
  if (vector.representation == Representation::kString && vector.owner) {
    buffer.parents.push_back(vector.owner);
  }
}

}  // namespace

Vector compress(const Vector& vector, const std::uint64_t* bits, std::uint32_t kept,
                BufferRecycler& buffers) {
  // What is kept of many blocks shall not hold the memory of whole ones.
  std::shared_ptr<VectorBuffer> buffer =
      kept < vector.size / kManyTimes ? std::make_shared<VectorBuffer>() : take_clear(buffers);
  Vector result = vector;
  result.size = kept;
  with_type(vector.representation, [&](auto sample) {
    using T = decltype(sample);
    T* out = buffer->room<T>(kept + 64);
    compress_values(vector.values<T>(), bits, vector.size, out);
    result.data = out;
  });
  if (vector.validity != nullptr) {
    result.validity = compress_validity(vector, bits, kept, *buffer);
  }
  keep_texts(vector, *buffer);
  result.owner = std::move(buffer);
  return result;
}

Vector own_copy(const Vector& vector) {
  return own_copy(vector, std::make_shared<VectorBuffer>());
}

Vector own_copy(const Vector& vector, std::shared_ptr<VectorBuffer> buffer) {
  Vector result = vector;
  with_type(vector.representation, [&](auto sample) {
    using T = decltype(sample);
    T* out = buffer->room<T>(vector.size);
    std::copy_n(vector.values<T>(), vector.size, out);
    result.data = out;
  });
  if (vector.validity != nullptr) {
    std::uint64_t* validity = buffer->validity(vector.size, true);
    std::copy_n(vector.validity, words_for(vector.size), validity);
    result.validity = validity;
  }
  keep_texts(vector, *buffer);
  result.owner = std::move(buffer);
  return result;
}

Vector slice(const Vector& vector, std::uint32_t first, std::uint32_t rows,
             BufferRecycler& buffers) {
  if (first == 0 && rows == vector.size) return vector;
  Vector result = vector;
  result.size = rows;
  result.data = static_cast<const char*>(vector.data) + width_of(vector.representation) * first;
  if (vector.validity != nullptr) {
    std::shared_ptr<VectorBuffer> buffer = take_clear(buffers);
    std::uint64_t* validity = buffer->validity(rows, false);
    kernels::copy_bits(vector.validity, first, rows, validity);
    result.validity = validity;
    buffer->parents.push_back(vector.owner);
    result.owner = std::move(buffer);
  }
  return result;
}

Vector take_rows(const Vector& vector, const std::uint32_t* positions, std::uint32_t rows,
                 BufferRecycler& buffers) {
  std::shared_ptr<VectorBuffer> buffer = take_clear(buffers);
  Vector result = vector;
  result.size = rows;
  bool any_null = vector.validity != nullptr;
  with_type(vector.representation, [&](auto sample) {
    using T = decltype(sample);
    T* out = buffer->room<T>(rows);
    const T* values = vector.values<T>();
    for (std::uint32_t row = 0; row < rows; ++row) {
      const std::uint32_t position = positions[row];
      any_null |= position == kNoRow;
      out[row] = position == kNoRow ? T{} : values[position];
    }
    result.data = out;
  });
  if (any_null && vector.representation != Representation::kCode) {
    std::uint64_t* validity = buffer->validity(rows, true);
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (positions[row] == kNoRow || !is_valid(vector.validity, positions[row])) {
        clear_bit(validity, row);
      }
    }
    result.validity = validity;
  }
  keep_texts(vector, *buffer);
  result.owner = std::move(buffer);
  return result;
}

namespace {

// Values go to the rows of whole words by a kernel, but for the last of them: it reads beyond.
// Gives the words done and, in `values_done`, how many values that were.
template <typename T>
std::size_t scatter_words(const T* values, std::size_t count, const std::uint64_t* bits,
                          std::size_t words, T* out, std::size_t& values_done) {
  values_done = count;
  while (words > 0 && count - values_done < kDealRoom) {
    --words;
    values_done -= static_cast<std::size_t>(std::popcount(bits[words]));
  }
  patch(bits, words * 64, values, out);
  return words;
}

}  // namespace

void scatter(const Vector& vector, const std::uint64_t* bits, std::uint32_t rows, void* into,
             std::uint64_t* into_validity) {
  with_type(vector.representation, [&](auto sample) {
    using T = decltype(sample);
    T* out = static_cast<T*>(into);
    const T* values = vector.values<T>();
    std::size_t words = 0;
    std::size_t at = 0;
    if constexpr (std::is_same_v<T, std::uint32_t> || std::is_same_v<T, std::int64_t>) {
      words = scatter_words(values, vector.size, bits, words_for(rows), out, at);
    }
    kernels::for_each_bit(bits + words, rows - std::min<std::size_t>(rows, words * 64),
                          [&](std::size_t row) { out[words * 64 + row] = values[at++]; });
  });
  if (vector.validity == nullptr) return;
  std::size_t at = 0;
  kernels::for_each_bit(bits, rows, [&](std::size_t row) {
    if (!bit_at(vector.validity, at++)) clear_bit(into_validity, row);
  });
}

Vector nulls_of(Type type, Representation representation,
                const std::shared_ptr<const Dictionary>& dictionary, std::uint32_t rows,
                BufferRecycler& buffers) {
  std::shared_ptr<VectorBuffer> buffer = take_clear(buffers);
  Vector result;
  result.type = type;
  result.representation = representation;
  result.size = rows;
  with_type(representation, [&](auto sample) {
    using T = decltype(sample);
    T* out = buffer->room<T>(rows);
    for (std::uint32_t row = 0; row < rows; ++row) out[row] = T{};
    result.data = out;
  });
  if (representation == Representation::kCode) {
    result.dictionary = dictionary;
  } else {
    result.validity = buffer->validity(rows, false);
  }
  result.owner = std::move(buffer);
  return result;
}

}  // namespace stave
