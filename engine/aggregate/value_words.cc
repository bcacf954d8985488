// See value_words.h.
#include "engine/aggregate/value_words.h"

#include "engine/aggregate/group_rows.h"
#include "engine/aggregate/result_vector.h"
#include "engine/operators/ordered_bits.h"

namespace stave {
namespace {

template <typename T, typename Value>
Vector vector_of(const ColumnShape& shape, std::span<const std::uint64_t> words,
                 std::span<const std::uint8_t> is_there, const Value& value_of) {
  std::vector<T> values(words.size());
  ValidityBits validity(words.size());
  for (std::size_t row = 0; row < words.size(); ++row) {
    if (is_there[row] == 0) {
      validity.clear(row);
    } else {
      values[row] = value_of(words[row]);
    }
  }
  return make_vector(shape.type, shape.representation, std::move(values), std::move(validity));
}

}  // namespace

ValueWords::ValueWords(const ColumnShape& shape) : shape_(shape) {
  if (shape.representation != Representation::kInt64 &&
      shape.representation != Representation::kFloat64) {
    encoder_.emplace(shape);
  }
}

Result<void> ValueWords::read(const Vector& values) {
  if (encoder_) {
    auto codes = encoder_->encode(values);
    if (!codes) return pass(codes);
    codes_ = *codes;
    return {};
  }
  validity_ = values.validity;
  words_.resize(values.size);
  std::uint64_t* words = words_.data();
  if (shape_.representation == Representation::kInt64) {
    const auto* from = values.values<std::int64_t>();
    for_each_valid(validity_, values.size,
                   [&](std::uint32_t row) { words[row] = ordered_bits(from[row]); });
  } else {
    const auto* from = values.values<double>();
    for_each_valid(validity_, values.size,
                   [&](std::uint32_t row) { words[row] = ordered_bits(from[row]); });
  }
  return {};
}

int ValueWords::compare(std::uint64_t left, std::uint64_t right) const {
  if (encoder_ && left != right) {
    return encoder_->compare(static_cast<std::uint32_t>(left), static_cast<std::uint32_t>(right));
  }
  return static_cast<int>(left > right) - static_cast<int>(left < right);
}

Result<void> ValueWords::adopt(const ValueWords& other) {
  if (!encoder_ || encoder_->is_fixed()) return {};
  auto adopted = encoder_->adopt(*other.encoder_);
  if (!adopted) return pass(adopted);
  adopted_ = std::move(*adopted);
  return {};
}

Vector ValueWords::decode(std::span<const std::uint64_t> words,
                          std::span<const std::uint8_t> is_there) const {
  if (encoder_) {
    std::vector<std::uint32_t> codes(words.size(), kNullCode);
    for (std::size_t row = 0; row < words.size(); ++row) {
      if (is_there[row] != 0) codes[row] = static_cast<std::uint32_t>(words[row]);
    }
    return encoder_->decode(codes);
  }
  if (shape_.representation == Representation::kInt64) {
    return vector_of<std::int64_t>(shape_, words, is_there, integer_of_ordered);
  }
  return vector_of<double>(shape_, words, is_there, float64_of_ordered);
}

std::size_t ValueWords::memory_bytes() const {
  return encoder_ ? encoder_->memory_bytes() + adopted_.capacity() * sizeof(std::uint32_t)
                  : words_.capacity() * sizeof(std::uint64_t);
}

}  // namespace stave
