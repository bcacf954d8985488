// Frames and what all nodes share: see node.h.
#include "engine/evaluate/node.h"

#include "engine/kernels/bitmap.h"

namespace stave {

Frame::Frame(const Batch& input, std::size_t nodes, BufferRecycler& buffers)
    : input_(&input), rows_(input.rows), buffers_(&buffers), computed_(nodes) {}

Frame::Frame(Frame& parent, const std::uint64_t* selection, std::uint32_t rows)
    : input_(parent.input_),
      parent_(&parent),
      selection_(selection),
      rows_(rows),
      buffers_(parent.buffers_),
      computed_(parent.computed_.size()) {}

Vector Frame::column(int position) {
  if (parent_ == nullptr) return input_->columns[static_cast<std::size_t>(position)];
  for (const auto& [known, vector] : columns_) {
    if (known == position) return vector;
  }
  columns_.emplace_back(position,
                        compress(parent_->column(position), selection_, rows_, *buffers_));
  return columns_.back().second;
}

Result<Vector> Node::evaluate(Frame& frame) const {
  if (number_ == kUnnumbered) return compute(frame);
  std::optional<Vector>& known = frame.computed_[number_];
  if (known) return *known;
  if (frame.parent_ != nullptr && frame.parent_->computed_[number_]) {
    known = compress(*frame.parent_->computed_[number_], frame.selection_, frame.rows_,
                     *frame.buffers_);
    return *known;
  }
  Result<Vector> result = compute(frame);
  if (result) frame.computed_[number_] = *result;
  return result;
}

Result<void> Node::truth(Frame& frame, std::uint64_t* bits) const {
  Result<Vector> value = evaluate(frame);
  if (!value) return pass(value);
  kernels::bits_of_bytes(value->values<std::uint8_t>(), frame.rows(), bits);
  if (value->validity != nullptr) {
    kernels::and_bits(bits, value->validity, words_for(frame.rows()));
  }
  return {};
}

Vector vector_of(const ColumnShape& shape, std::uint32_t rows, const void* data,
                 const std::uint64_t* validity, std::shared_ptr<VectorBuffer> buffer) {
  Vector vector;
  vector.type = shape.type;
  vector.representation = shape.representation;
  vector.size = rows;
  vector.data = data;
  vector.validity = validity;
  vector.dictionary = shape.dictionary;
  vector.owner = std::move(buffer);
  return vector;
}

const std::uint64_t* common_validity(std::initializer_list<const Vector*> vectors,
                                     std::uint32_t rows, VectorBuffer& buffer) {
  const Vector* only = nullptr;
  std::uint64_t* joined = nullptr;
  for (const Vector* vector : vectors) {
    if (vector->validity == nullptr) continue;
    if (only == nullptr) {
      only = vector;
      continue;
    }
    if (joined == nullptr) {
      joined = buffer.validity(rows, true);
      kernels::and_bits(joined, only->validity, words_for(rows));
    }
    kernels::and_bits(joined, vector->validity, words_for(rows));
  }
  if (joined != nullptr) return joined;
  if (only == nullptr) return nullptr;
  buffer.parents.push_back(only->owner);
  return only->validity;
}

}  // namespace stave
