// The codes of several columns as one number, so that a function of them is a table. Integers of a
// known range count as codes: 0 is null, 1 the least.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/evaluate/functions.h"
#include "engine/evaluate/node.h"

namespace stave {

class CodeTupleNode final : public Node {
 public:
  // How many tuples there are, or nothing where they are more than `most`, or a node has no codes
  // and no range.
  static std::optional<std::uint32_t> count(const NodeList& codes, std::uint64_t most);

  explicit CodeTupleNode(NodeList codes);

  // Of every `step`th tuple in ascending order, the codes or integers of each node.
  std::vector<Vector> tuples(std::uint32_t step) const;

 protected:
  Result<Vector> compute(Frame& frame) const override;

 private:
  NodeList codes_;  // the first one changes slowest
};

}  // namespace stave
