// Each operator names its inputs here, once.
#include "engine/plan_inputs.h"

namespace stave {
namespace {

struct Inputs {
  std::vector<PlanPointer> operator()(const ScanNode&) const { return {}; }
  std::vector<PlanPointer> operator()(const JoinNode& node) const {
    return {node.left, node.right};
  }
  std::vector<PlanPointer> operator()(const UnionNode& node) const { return node.inputs; }
  std::vector<PlanPointer> operator()(const auto& node) const { return {node.input}; }
};

}  // namespace

std::vector<PlanPointer> inputs_of(const Plan& plan) {
  return std::visit(Inputs{}, plan.node);
}

}  // namespace stave
