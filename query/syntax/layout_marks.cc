// One walk over the tree.
#include "query/syntax/layout_marks.h"

namespace stave {
namespace {

class Walk {
 public:
  explicit Walk(LayoutMarks& marks) : marks_(marks) {}

  void program(const ProgramSyntax& syntax) {
    for (const DeclarationSyntax& declaration : syntax.declarations) {
      std::visit([this](const auto& one) { visit(one); }, declaration);
    }
    for (const PipelineSyntax& one : syntax.pipelines) pipeline(one);
  }

 private:
  void visit(const ParamSyntax& syntax) {
    marks_.types.insert(syntax.type_span.begin);
    if (syntax.value) expression(*syntax.value);
  }
  void visit(const SetSyntax& syntax) { expression(syntax.value); }
  void visit(const LetSyntax& syntax) { pipeline(syntax.pipeline); }
  void visit(const MetricSyntax& syntax) {
    if (!syntax.parameters.empty()) marks_.calls.insert(syntax.name.span.begin);
    expression(syntax.body);
  }

  void pipeline(const PipelineSyntax& syntax) {
    source(syntax.source);
    for (const StageSyntax& stage : syntax.stages) {
      std::visit([this](const auto& one) { visit(one); }, stage.body);
    }
  }
  void source(const SourceSyntax& syntax) {
    if (syntax.pipeline) pipeline(*syntax.pipeline);
  }

  void visit(const WhereSyntax& syntax) { expression(syntax.condition); }
  void visit(const DeriveSyntax& syntax) {
    for (const AssignSyntax& one : syntax.assigns) expression(one.expression);
  }
  void visit(const SelectSyntax& syntax) { items(syntax.items); }
  void visit(const DropSyntax&) {}
  void visit(const RenameSyntax&) {}
  void visit(const SummarizeSyntax& syntax) {
    for (const SummarizeSyntax::Part& part : syntax.parts) {
      if (part.expression) expression(*part.expression);
    }
    clause(syntax.by);
  }
  void visit(const SortSyntax& syntax) { keys(syntax.keys); }
  void visit(const TakeSyntax&) {}
  void visit(const TopSyntax& syntax) {
    if (!syntax.keys.empty()) marks_.clauses.insert(syntax.keys.front().expression.span.begin);
    keys(syntax.keys);
    clause(syntax.per);
  }
  void visit(const DistinctSyntax& syntax) { items(syntax.items); }
  void visit(const ExpandSyntax& syntax) { expression(syntax.assign.expression); }
  void visit(const JoinSyntax& syntax) {
    source(syntax.source);
    if (!syntax.names.empty()) marks_.clauses.insert(syntax.names.front().span.begin);
    if (syntax.condition) {
      marks_.clauses.insert(syntax.condition->span.begin);
      expression(*syntax.condition);
    }
  }
  void visit(const UnionSyntax& syntax) { source(syntax.source); }
  void visit(const ExpectSyntax& syntax) { expression(syntax.condition); }
  void visit(const DescribeSyntax&) {}

  void clause(const std::vector<ItemSyntax>& list) {
    if (!list.empty()) {
      const ItemSyntax& first = list.front();
      marks_.clauses.insert(first.name ? first.name->span.begin : first.expression.span.begin);
    }
    items(list);
  }
  void items(const std::vector<ItemSyntax>& list) {
    for (const ItemSyntax& item : list) expression(item.expression);
  }
  void keys(const std::vector<KeySyntax>& list) {
    for (const KeySyntax& key : list) expression(key.expression);
  }

  // As deep as the tree, which the parser bounds.
  void expression(const ExpressionSyntax& syntax) {
    if (syntax.kind == SyntaxKind::kCall) marks_.calls.insert(syntax.span.begin);
    if (syntax.kind == SyntaxKind::kNegate) marks_.signs.insert(syntax.span.begin);
    const bool joins =
        syntax.kind == SyntaxKind::kBinary && (syntax.text == "and" || syntax.text == "or");
    for (std::size_t i = 0; i < syntax.children.size(); ++i) {
      if (joins && i > 0) marks_.terms.insert(syntax.children[i].span.begin);
      expression(syntax.children[i]);
    }
    if (syntax.over) {
      items(syntax.over->per);
      keys(syntax.over->sort);
    }
  }

  LayoutMarks& marks_;
};

}  // namespace

LayoutMarks marks_of(const ProgramSyntax& program) {
  LayoutMarks marks;
  Walk(marks).program(program);
  return marks;
}

}  // namespace stave
