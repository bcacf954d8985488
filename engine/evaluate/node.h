// A prepared expression is a graph of nodes, each computing one vector from those of its inputs.
// Invariant: nodes are immutable and shared by threads; a Frame belongs to one thread and one
// batch.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/evaluator.h"
#include "engine/runtime/select_rows.h"
#include "engine/runtime/vector_buffer.h"
#include "storage/value.h"

namespace stave {

class Node;

// One evaluation over one batch, or over the rows of a parent frame that a branch of `case` is for.
class Frame {
 public:
  Frame(const Batch& input, std::size_t nodes, BufferRecycler& buffers);
  Frame(Frame& parent, const std::uint64_t* selection, std::uint32_t rows);

  std::uint32_t rows() const { return rows_; }
  BufferRecycler& buffers() { return *buffers_; }
  Vector column(int position);

 private:
  friend class Node;
  const Batch* input_;
  Frame* parent_ = nullptr;
  const std::uint64_t* selection_ = nullptr;
  std::uint32_t rows_;
  BufferRecycler* buffers_;
  std::vector<std::optional<Vector>> computed_;  // by node
  std::vector<std::pair<int, Vector>> columns_;  // of a child frame
};

class Node {
 public:
  explicit Node(ColumnShape shape) : shape_(std::move(shape)) {}
  virtual ~Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const ColumnShape& shape() const { return shape_; }
  Type type() const { return shape_.type; }
  Representation representation() const { return shape_.representation; }

  // The value where it is the same for every row whatever the input.
  virtual const Value* literal() const { return nullptr; }
  Result<Vector> evaluate(Frame& frame) const;
  // Bit i set: the value of row i, a bool, is true. `bits` has words_for(rows) words.
  virtual Result<void> truth(Frame& frame, std::uint64_t* bits) const;

  // Numbered nodes are computed once for each frame; numbers are dealt out before any evaluation.
  static constexpr std::size_t kUnnumbered = ~std::size_t{0};
  std::size_t number() const { return number_; }
  void set_number(std::size_t number) const { number_ = number; }

 protected:
  virtual Result<Vector> compute(Frame& frame) const = 0;

 private:
  ColumnShape shape_;
  mutable std::size_t number_ = kUnnumbered;
};

using NodePointer = std::shared_ptr<const Node>;

// A vector of the node's shape over `buffer`.
Vector vector_of(const ColumnShape& shape, std::uint32_t rows, const void* data,
                 const std::uint64_t* validity, std::shared_ptr<VectorBuffer> buffer);

// The validity of a result that is null where any of these is; null where none can be. Made in
// `buffer` where several have one, else shared, its owner becoming a parent.
const std::uint64_t* common_validity(std::initializer_list<const Vector*> vectors,
                                     std::uint32_t rows, VectorBuffer& buffer);

}  // namespace stave
