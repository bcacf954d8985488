// See vector_writer.h.
#include "engine/operators/vector_writer.h"

#include <cstring>
#include <string_view>

namespace stave {

VectorWriter::VectorWriter(const ColumnShape& shape, std::uint32_t rows)
    : shape_(shape), rows_(rows), buffer_(std::make_shared<Buffer>()) {
  static_assert(alignof(std::string_view) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  static_assert(alignof(Int128) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  const std::size_t bytes = width_of(shape.representation) * rows;
  buffer_->values.reset(new std::byte[bytes]);
}

void VectorWriter::set_null(std::uint32_t row) {
  const std::size_t width = width_of(shape_.representation);
  std::memset(values<char>() + width * row, 0, width);
  if (shape_.representation == Representation::kCode) {
    return;
  }
  if (buffer_->validity.empty()) {
    buffer_->validity.assign((rows_ + std::size_t{63}) / 64, ~std::uint64_t{0});
  }
  buffer_->validity[row / 64] &= ~(std::uint64_t{1} << (row % 64));
}

char* VectorWriter::text(std::size_t bytes) {
  buffer_->text.reset(new char[bytes]);
  return buffer_->text.get();
}

Vector VectorWriter::finish() {
  Vector vector;
  vector.type = shape_.type;
  vector.representation = shape_.representation;
  vector.size = rows_;
  vector.data = buffer_->values.get();
  vector.validity = buffer_->validity.empty() ? nullptr : buffer_->validity.data();
  if (shape_.representation == Representation::kCode) {
    vector.dictionary = shape_.dictionary;
  }
  vector.owner = std::move(buffer_);
  return vector;
}

}  // namespace stave
