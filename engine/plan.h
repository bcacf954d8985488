// What to compute, as a tree of relational operators over typed columns.
// Invariant: `fields` describes the rows that a node gives; expressions of a node are over the
// fields of its input (for joins: left fields, then right fields).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/expression.h"
#include "stave/type.h"

namespace stave {

struct Field {
  std::string name;
  Type type;
};

struct Plan;
using PlanPointer = std::shared_ptr<const Plan>;  // a node used twice (`let`) is computed once

struct NamedExpression {
  std::string name;
  Expression expression;
};

struct SortKey {
  Expression expression;
  bool descending = false;  // nulls last either way
};

// A stored table. Column position kDayColumn is the partition day of a fact table.
inline constexpr int kDayColumn = -1;
struct ScanNode {
  std::string table;
  std::vector<int> columns;             // positions in the table's schema; the fields in this order
  std::optional<Expression> predicate;  // over the fields; only rows for which it is true
};

struct FilterNode {
  PlanPointer input;
  Expression predicate;
};

// Exactly these columns.
struct ProjectNode {
  PlanPointer input;
  std::vector<NamedExpression> columns;
};

enum class AggregateFunction : std::uint8_t {
  kCount,    // rows; no argument
  kCountIf,  // rows for which the argument is true
  kSum,
  kAverage,
  kMin,
  kMax,
  kDistinct,  // exact
  kApproximateDistinct,
  kQuantile,           // parameter: f64 in 0..1; interpolated
  kStandardDeviation,  // of the sample
  kFirstBy,
  kLastBy,     // (value, order keys...): ties by the remaining arguments ascending
  kTopValue,   // the most frequent; ties: the smallest
  kTopValues,  // parameter: k; a list
};

struct AggregateCall {
  AggregateFunction function = AggregateFunction::kCount;
  std::vector<Expression> arguments;
  Value parameter;
  Type type;
  std::string name;
};

// Fields: keys, then aggregates. Rows come by key (each ascending, nulls last). Without keys: one
// row, also over nothing. Without aggregates: distinct rows.
struct AggregateNode {
  PlanPointer input;
  std::vector<NamedExpression> keys;
  std::vector<AggregateCall> aggregates;
};

// Stable.
struct SortNode {
  PlanPointer input;
  std::vector<SortKey> keys;
};

struct LimitNode {
  PlanPointer input;
  std::uint64_t count = 0;
  std::uint64_t offset = 0;
};

// The first `count` rows by `keys` of each group of equal `per` values. Rows come ordered by `per`,
// then keys. The binder appended tie-breaking keys unless `with_ties`.
struct TopNode {
  PlanPointer input;
  std::uint64_t count = 0;
  bool with_ties = false;
  std::vector<SortKey> keys;
  std::vector<Expression> per;
};

enum class JoinKind : std::uint8_t { kInner, kLeft, kFull, kSemi, kAnti };

// Fields: left, then right; semi and anti: left only. Rows in left order, matches in right order;
// for kFull the unmatched right rows follow, in right order.
struct JoinNode {
  JoinKind kind = JoinKind::kInner;
  bool many = false;  // else a left row with a second match stops the query and shows it
  PlanPointer left;
  PlanPointer right;
  // left_keys[i] equals right_keys[i]; null never equals, but where null_safe[i].
  std::vector<Expression> left_keys;   // over left fields
  std::vector<Expression> right_keys;  // over right fields
  std::vector<bool> null_safe;
  std::optional<Expression> residual;  // over left then right fields
};

struct UnionNode {
  std::vector<PlanPointer> inputs;  // same types by position
};

enum class WindowFunction : std::uint8_t {
  kRowNumber,
  kRank,
  kDenseRank,
  kLag,   // (x[, default]); parameter: how many rows, 1 where null
  kLead,  // the same
  kFirst,
  kLast,       // (x) of the partition in its order, or of the frame
  kShare,      // x / sum(x) of the partition as f64
  kAllocate,   // (total, weight): largest remainder, see ../shared rules in docs/language.md
  kAggregate,  // `aggregate` over the partition or frame
};

struct WindowCall {
  WindowFunction function = WindowFunction::kRowNumber;
  AggregateFunction aggregate = AggregateFunction::kCount;
  std::vector<Expression> arguments;
  Value parameter;
  std::vector<Expression> per;
  std::vector<SortKey> sort;
  // How many of `sort` were asked for; those after them only break ties. 0: not told apart.
  std::size_t asked_keys = 0;
  // `rows a .. b` relative to the current row; absent: open. Without a frame an aggregate is over
  // the whole partition, or up to the current row and its peers where there is a `sort`. Where the
  // order of rows matters, `sort` is followed by all fields of the input ascending.
  bool has_frame = false;
  std::optional<std::int64_t> frame_from;
  std::optional<std::int64_t> frame_to;
  Type type;
  std::string name;
};

// Fields: the input's, then one for each call. Row order is kept.
struct WindowNode {
  PlanPointer input;
  std::vector<WindowCall> calls;
};

// One row for each part of the list; the list's field is added at the end.
struct ExpandNode {
  PlanPointer input;
  NamedExpression list;
};

// Stops the query with `message` where the condition is false or null for some row.
struct ExpectNode {
  PlanPointer input;
  Expression condition;
  std::string message;
};

struct Plan {
  std::variant<ScanNode, FilterNode, ProjectNode, AggregateNode, SortNode, LimitNode, TopNode,
               JoinNode, UnionNode, WindowNode, ExpandNode, ExpectNode>
      node;
  std::vector<Field> fields;
};

}  // namespace stave
