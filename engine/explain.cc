// A plan in words: one operator a line, what it reads indented below it. Plans that several
// operators share are shown once and referred to afterwards.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unordered_map>

#include "engine/execute.h"
#include "engine/expression_text.h"
#include "engine/join_kind_name.h"
#include "engine/plan_inputs.h"
#include "engine/run_profile.h"

namespace stave {
namespace {

using Fields = std::vector<Field>;

std::string list_of(const std::vector<Expression>& expressions, const Fields& fields) {
  std::vector<std::string> parts;
  parts.reserve(expressions.size());
  for (const Expression& expression : expressions) {
    parts.push_back(expression_text(expression, fields));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string list_of(const std::vector<NamedExpression>& columns, const Fields& fields) {
  std::vector<std::string> parts;
  for (const NamedExpression& column : columns) {
    const std::string text = expression_text(column.expression, fields);
    parts.push_back(text == column.name ? text : column.name + " = " + text);
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string list_of(const std::vector<SortKey>& keys, const Fields& fields) {
  std::vector<std::string> parts;
  parts.reserve(keys.size());
  for (const SortKey& key : keys) {
    parts.push_back(expression_text(key.expression, fields) + (key.descending ? " desc" : ""));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

template <typename Call>
std::string names_of(const std::vector<Call>& calls) {
  std::vector<std::string> parts;
  parts.reserve(calls.size());
  for (const Call& call : calls) parts.push_back(call.name);
  return fmt::format("{}", fmt::join(parts, ", "));
}

// The line of an operator, over the fields of what it reads.
struct Line {
  const Plan& plan;
  const Fields& input;  // of the first input
  const Fields& other;  // of the second
  const Manifest& manifest;

  std::string operator()(const ScanNode& node) const {
    std::vector<std::string> names;
    for (const Field& field : plan.fields) names.push_back(field.name);
    const TableState* table = manifest.find_table(node.table);
    std::string line = fmt::format("scan {} ({} rows) columns {}", node.table,
                                   table == nullptr ? 0 : table->rows, fmt::join(names, ", "));
    if (node.predicate) line += " where " + expression_text(*node.predicate, plan.fields);
    return line;
  }
  std::string operator()(const FilterNode& node) const {
    return "where " + expression_text(node.predicate, input);
  }
  std::string operator()(const ProjectNode& node) const {
    return "select " + list_of(node.columns, input);
  }
  std::string operator()(const AggregateNode& node) const {
    if (node.aggregates.empty()) return "distinct " + list_of(node.keys, input);
    std::string line = "summarize " + names_of(node.aggregates);
    if (!node.keys.empty()) line += " by " + list_of(node.keys, input);
    return line;
  }
  std::string operator()(const SortNode& node) const { return "sort " + list_of(node.keys, input); }
  std::string operator()(const LimitNode& node) const {
    return node.offset == 0 ? fmt::format("take {}", node.count)
                            : fmt::format("take {} offset {}", node.count, node.offset);
  }
  std::string operator()(const TopNode& node) const {
    std::string line = fmt::format("top {}{} by {}", node.count, node.with_ties ? " with ties" : "",
                                   list_of(node.keys, input));
    if (!node.per.empty()) line += " per " + list_of(node.per, input);
    return line;
  }
  std::string operator()(const JoinNode& node) const {
    std::string line = fmt::format("join {}{}", name_of(node.kind), node.many ? " many" : "");
    if (!node.left_keys.empty()) {
      line += fmt::format(" on ({}) == ({})", list_of(node.left_keys, input),
                          list_of(node.right_keys, other));
    }
    if (node.residual) {
      Fields both = input;
      both.insert(both.end(), other.begin(), other.end());
      line += " where " + expression_text(*node.residual, both);
    }
    return line;
  }
  std::string operator()(const UnionNode& node) const {
    return fmt::format("union of {}", node.inputs.size());
  }
  std::string operator()(const WindowNode& node) const { return "windows " + names_of(node.calls); }
  std::string operator()(const ExpandNode& node) const {
    return "expand " + node.list.name + " = " + expression_text(node.list.expression, input);
  }
  std::string operator()(const ExpectNode& node) const {
    return "expect " + expression_text(node.condition, input);
  }
};

std::string kibibytes(std::uint64_t bytes) {
  return fmt::format("{} KiB", (bytes + 1023) / 1024);
}
std::string milliseconds(std::uint64_t nanoseconds) {
  return fmt::format("{:.1f} ms", static_cast<double>(nanoseconds) / 1e6);
}

class Explanation {
 public:
  // `profile` may be null.
  Explanation(const Plan& plan, const Manifest& manifest, const RunProfile* profile)
      : manifest_(manifest), profile_(profile) {
    count_readers(plan);
  }

  void append(const Plan& plan, std::size_t depth, std::string& out) {
    static const Fields kNone;
    const std::vector<PlanPointer> inputs = inputs_of(plan);
    out.append(2 * depth, ' ');
    const auto known = numbers_.find(&plan);
    if (known != numbers_.end()) {
      out += fmt::format("rows of #{}\n", known->second);
      return;
    }
    if (readers_[&plan] > 1) {
      const std::size_t number = numbers_.size() + 1;
      numbers_.emplace(&plan, number);
      out += fmt::format("#{}: ", number);
    }
    const Line line{plan, inputs.empty() ? kNone : inputs[0]->fields,
                    inputs.size() < 2 ? kNone : inputs[1]->fields, manifest_};
    out += std::visit(line, plan.node);
    if (profile_ != nullptr) out += done_by(plan);
    out += '\n';
    for (const PlanPointer& input : inputs) append(*input, depth + 1, out);
  }

 private:
  void count_readers(const Plan& plan) {
    for (const PlanPointer& input : inputs_of(plan)) {
      if (++readers_[input.get()] == 1) count_readers(*input);
    }
  }

  std::string done_by(const Plan& plan) const {
    if (const auto scan = profile_->scans.find(&plan); scan != profile_->scans.end()) {
      const ScanProfile& done = scan->second;
      return fmt::format(
          "  [read {} of {} rows, {} passed; pruned {} of {} blocks; read {} of {}, skipped {}; {} "
          "of all threads]",
          done.rows_read, done.rows, done.rows_passed, done.blocks_pruned, done.blocks,
          kibibytes(done.bytes_read), kibibytes(done.bytes),
          kibibytes(done.bytes > done.bytes_read ? done.bytes - done.bytes_read : 0),
          milliseconds(done.nanoseconds));
    }
    const auto found = profile_->operators.find(&plan);
    if (found == profile_->operators.end()) return {};
    const OperatorProfile& done = found->second;
    const std::string spilled =
        done.spilled_bytes == 0 ? "" : fmt::format(", {} spilled", kibibytes(done.spilled_bytes));
    return fmt::format("  [{} rows, {} in memory{}; {} with its inputs]", done.rows,
                       kibibytes(done.bytes), spilled, milliseconds(done.nanoseconds));
  }

  const Manifest& manifest_;
  const RunProfile* profile_;
  std::unordered_map<const Plan*, int> readers_;
  std::unordered_map<const Plan*, std::size_t> numbers_;
};

}  // namespace

std::string explain(const PlanPointer& plan, const Snapshot& snapshot) {
  std::string text;
  Explanation(*plan, snapshot.manifest(), nullptr).append(*plan, 0, text);
  return text;
}

std::string explain(const PlanPointer& plan, const Snapshot& snapshot, const RunProfile& profile) {
  std::string text;
  Explanation(*plan, snapshot.manifest(), &profile).append(*plan, 0, text);
  return text;
}

}  // namespace stave
