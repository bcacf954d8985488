// Nodes without a function: columns, literals, codes turned into values, tables by code, and tests
// of rows.
#pragma once

#include <memory>
#include <vector>

#include "engine/evaluate/node.h"
#include "engine/runtime/narrow_lookup.h"
#include "engine/runtime/row_test.h"

namespace stave {

class ColumnNode final : public Node {
 public:
  ColumnNode(int position, ColumnShape shape) : Node(std::move(shape)), position_(position) {}
  int position() const { return position_; }

 protected:
  Result<Vector> compute(Frame& frame) const override { return frame.column(position_); }

 private:
  int position_;
};

class LiteralNode final : public Node {
 public:
  LiteralNode(Value value, Type type);
  const Value* literal() const override { return &value_; }

 protected:
  Result<Vector> compute(Frame& frame) const override;

 private:
  Value value_;
};

// Row `code` of a table that has one for every code, 0 included: look-ups, and functions computed
// once for each value of a dictionary.
class TableNode final : public Node {
 public:
  TableNode(NodePointer codes, std::shared_ptr<const LookupArray> table, ColumnShape shape);
  Result<void> truth(Frame& frame, std::uint64_t* bits) const override;

 protected:
  Result<Vector> compute(Frame& frame) const override;

 private:
  NodePointer codes_;
  std::shared_ptr<const LookupArray> table_;
  std::vector<std::uint64_t> set_;              // of a bool table: the codes for which it is true
  std::shared_ptr<const NarrowLookup> narrow_;  // of a long table of integers, or null
  bool only_null_is_null_ = false;              // every code has a value
};

// Whether the arguments pass a test.
class MatchNode final : public Node {
 public:
  MatchNode(std::vector<NodePointer> arguments, std::unique_ptr<const RowTest::Ready> test);

 protected:
  Result<Vector> compute(Frame& frame) const override;

 private:
  std::vector<NodePointer> arguments_;
  std::unique_ptr<const RowTest::Ready> test_;
};

// The values behind codes, integers or strings.
class DecodeNode final : public Node {
 public:
  // `integers` may be null: then each code is asked for.
  DecodeNode(NodePointer codes, std::shared_ptr<const std::int64_t[]> integers);

 protected:
  Result<Vector> compute(Frame& frame) const override;

 private:
  NodePointer codes_;
  std::shared_ptr<const std::int64_t[]> integers_;
};

}  // namespace stave
