// A plan as common table expressions, one for each stage.
// Invariant: a step has a column for each field of its plan node, under names that are its own, and
// the hidden ones that its order needs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "query/sql/select_scope.h"

namespace stave {

inline constexpr const char* kHiddenPrefix = "__";

struct SqlOrder {
  std::string column;
  bool descending = false;
};

struct SqlStep {
  std::string name;                  // of the common table expression
  std::vector<std::string> columns;  // for the fields, in their order
  std::vector<SqlOrder> order;       // in which the rows come; may name hidden columns
};

class PlanSql {
 public:
  PlanSql(const SqlSettings& settings, const Schema& schema)
      : settings_(settings), schema_(schema) {}

  // The whole statement, its columns named as given.
  Result<std::string> statement(const Plan& plan, const std::vector<std::string>& names);

 private:
  SqlStep step(const Plan& plan);
  SqlStep of(const Plan& plan, const ScanNode& node);
  SqlStep of(const Plan& plan, const FilterNode& node);
  SqlStep of(const Plan& plan, const ProjectNode& node);
  SqlStep of(const Plan& plan, const AggregateNode& node);
  SqlStep of(const Plan& plan, const SortNode& node);
  SqlStep of(const Plan& plan, const LimitNode& node);
  SqlStep of(const Plan& plan, const TopNode& node);
  SqlStep of(const Plan& plan, const JoinNode& node);
  SqlStep of(const Plan& plan, const UnionNode& node);
  SqlStep of(const Plan& plan, const WindowNode& node);
  SqlStep of(const Plan& plan, const ExpandNode& node);
  SqlStep of(const Plan& plan, const ExpectNode& node);

  // A scope that sees the columns of a step behind `alias`.
  SelectScope scope_of(const SqlStep& input, const char* alias) const;
  // Takes over what the scope could not say, as a fault of that stage.
  void check(const SelectScope& scope, const char* stage);
  void cannot_say(const std::string& what, const char* stage);
  // Writes the next common table expression.
  std::string add(const std::string& select);
  std::string name(std::string_view plain) const { return sql_name(plain, settings_.dialect); }
  // A column of this layer's own; `idea` tells those of one select apart.
  std::string hidden(const char* idea) const { return name(std::string(kHiddenPrefix) + idea); }
  // ", text as a hidden column", by which the output is ordered next.
  std::string order_item(SqlStep& output, const std::string& text, bool descending) const;
  std::string order_by(const SqlStep& step, const std::string& prefix) const;
  std::string hidden_order(const SqlStep& input, const char* alias, SqlStep& output,
                           const std::vector<std::string>& kept) const;
  // Texts and clauses of aggregates (aggregate_sql.cc) and windows (window_sql.cc).
  std::string aggregate(SelectScope& scope, AggregateFunction function, const AggregateCall& call,
                        const std::string& over);
  SqlStep with_top_values(const Plan& plan, const AggregateNode& node, SqlStep main);
  std::string window(SelectScope& scope, const WindowCall& call);
  // `made`: columns that the input has beyond those of its step.
  std::string allocate(const SqlStep& input, const std::vector<std::string>& made,
                       const WindowCall& call, const std::string& column);

  const SqlSettings& settings_;
  const Schema& schema_;
  std::map<const Plan*, SqlStep> done_;
  std::vector<std::string> expressions_;  // "s1 as (...)"
  std::optional<std::string> fault_;
};

// Names for the fields that are unlike each other and unlike any hidden column.
std::vector<std::string> own_names(const std::vector<Field>& fields);

}  // namespace stave
