// A pipeline becomes a plan: its source, then stage by stage.
// Invariant: after each stage the relation describes exactly what the plan so far gives. Faults are
// reported once; the stages after them go on with what can be told.
#pragma once

#include <string>
#include <vector>

#include "query/binding/context.h"
#include "query/binding/expression_binder.h"

namespace stave {

class PipelineBinder {
 public:
  explicit PipelineBinder(BindContext& context) : context_(context) {}

  // `describe` at the end is for the caller: it is no relation.
  BoundRelation bind(const PipelineSyntax& pipeline, bool may_describe);

 private:
  BoundRelation source(const SourceSyntax& syntax);
  BoundRelation named_source(const NameSyntax& name);
  BoundRelation scan(const TableSchema& table);

  void stage(const StageSyntax& syntax, bool is_last);
  void where(const WhereSyntax& syntax);
  void derive(const DeriveSyntax& syntax);
  void select(const SelectSyntax& syntax);
  void drop(const DropSyntax& syntax);
  void rename(const RenameSyntax& syntax);
  void summarize(const SummarizeSyntax& syntax);
  void sort(const SortSyntax& syntax);
  void take(const TakeSyntax& syntax);
  void top(const TopSyntax& syntax);
  void distinct(const DistinctSyntax& syntax);
  void expand(const ExpandSyntax& syntax);
  void join(const JoinSyntax& syntax);
  void unite(const UnionSyntax& syntax);
  void expect(const ExpectSyntax& syntax);

  // A column that an item asks for, bound over the relation as it is.
  struct Made {
    std::string name;
    Typed value;
    bool keeps_names = false;  // a column under its own name: its qualified names go on
  };
  std::vector<Made> bind_items(const std::vector<ItemSyntax>& items,
                               std::vector<WindowCall>* windows);
  std::string name_of_item(const ItemSyntax& item);
  // The relation becomes exactly these columns.
  void become(std::vector<Made> columns, const char* stage_name);
  void add_columns(std::vector<Made> columns);
  void group(std::vector<Made> keys, AggregateScope scope, std::vector<Made> results,
             const char* stage_name);
  void add_windows(std::vector<WindowCall> calls);
  void keep_visible();
  void lose(const std::vector<ScopeColumn>& before, const char* stage_name);
  std::optional<std::uint64_t> number(const NumberSyntax& syntax, const char* what);
  bool has_room();  // for one more stage
  int line() const;

  struct JoinParts;
  void join_names(const JoinSyntax& syntax, const BoundRelation& right, JoinParts& parts);
  void join_condition(const JoinSyntax& syntax, const BoundRelation& both, JoinParts& parts);
  BoundRelation side_by_side(const BoundRelation& right) const;

  BindContext& context_;
  BoundRelation relation_;
  Span word_;  // of the stage at hand
};

}  // namespace stave
