// A walk over the plan that traces the base of each path back to the scan it comes from.
#include "query/kept/plan_sources.h"

#include <algorithm>
#include <optional>
#include <span>
#include <type_traits>

#include "engine/context.h"
#include "engine/evaluator.h"
#include "engine/plan_inputs.h"
#include "engine/runtime/vector_buffer.h"
#include "query/kept/partition_unit.h"
#include "storage/checksum.h"

namespace stave {
namespace {

class Fingerprint {
 public:
  Fingerprint& add(std::uint64_t number) {
    sum_.add(std::as_bytes(std::span(&number, 1)));
    return *this;
  }
  Fingerprint& add(std::string_view text) {
    add(text.size());
    sum_.add(text);
    return *this;
  }
  Fingerprint& add(const FileReference& file) {
    return add(file.exists() ? 1 : 0).add(file.size).add(file.checksum);
  }
  std::uint64_t value() const { return sum_.value(); }

 private:
  RunningChecksum sum_;
};

// A load as it happened: numbers alone could come again after a repair.
std::map<std::uint64_t, std::uint64_t> fingerprints_of_loads(const Manifest& manifest) {
  std::map<std::uint64_t, std::uint64_t> loads;
  for (const LoadState& load : manifest.loads) {
    Fingerprint of;
    of.add(load.id).add(static_cast<std::uint64_t>(load.at)).add(load.snapshot).add(load.rows);
    for (const LoadedFile& file : load.files) of.add(file.bytes).add(file.content_hash);
    loads.emplace(load.id, of.value());
  }
  return loads;
}

// The rows of a segment, whichever files they lie in now.
void add_segment(const SegmentState& segment, const std::map<std::uint64_t, std::uint64_t>& loads,
                 std::set<std::uint64_t>& parts, std::uint64_t& rows) {
  rows += segment.rows;
  for (const std::uint64_t id : segment.loads) {
    const auto load = loads.find(id);
    if (load != loads.end()) {
      parts.insert(load->second);
      continue;
    }
    Fingerprint of;
    for (const FileReference& column : segment.columns) of.add(column);
    parts.insert(of.value());
  }
}

// By period, of one table.
std::map<std::int32_t, std::uint64_t> fingerprints_of(const TableState& table,
                                                      const Manifest& manifest, KeptUnit unit) {
  struct Rows {
    std::set<std::uint64_t> parts;
    std::uint64_t rows = 0;
  };
  const auto loads = fingerprints_of_loads(manifest);
  std::map<std::int32_t, Rows> by_day;
  for (const SegmentState& segment : table.segments) {
    Rows& of = by_day[segment.day];
    add_segment(segment, loads, of.parts, of.rows);
  }
  std::map<std::int32_t, Fingerprint> by_period;
  for (const auto& [day, rows] : by_day) {
    Fingerprint& period = by_period[unit == KeptUnit::kWhole ? 0 : period_of(day, unit)];
    period.add(static_cast<std::uint64_t>(day)).add(rows.rows).add(rows.parts.size());
    for (const std::uint64_t part : rows.parts) period.add(part);
  }
  std::map<std::int32_t, std::uint64_t> found;
  for (const auto& [period, of] : by_period) found.emplace(period, of.value());
  return found;
}

const FileReference* column_file(const Manifest& manifest, const PathStep& step) {
  const TableSchema* schema = manifest.schema.find_table(step.table);
  const TableState* state = manifest.find_table(step.table);
  const int position = schema == nullptr ? -1 : schema->find_column(step.column);
  if (state == nullptr || position < 0) return nullptr;
  const auto column = static_cast<std::size_t>(position);
  return column < state->columns.size() ? &state->columns[column] : nullptr;
}

std::uint64_t fingerprint_of_dimension(const Manifest& manifest, const std::string& name,
                                       const std::set<int>& columns) {
  const TableState* table = manifest.find_table(name);
  Fingerprint of;
  of.add(table->rows).add(table->positions).add(table->present);
  for (const int column : columns) {
    const auto at = static_cast<std::size_t>(column);
    of.add(static_cast<std::uint64_t>(column));
    of.add(at < table->columns.size() ? table->columns[at] : FileReference());
  }
  return of.value();
}

class SourceWalk {
 public:
  explicit SourceWalk(const Manifest& manifest) : manifest_(manifest) {}

  void visit(const PlanPointer& plan);
  PlanSources finish();

 private:
  // The scanned table that a column of a plan's rows comes from unchanged.
  std::optional<std::string> origin(const PlanPointer& plan, int column) const;
  // Columns of `inputs` one after the other, as a join's expressions see them.
  void note_lookups(const Expression& expression, const std::vector<PlanPointer>& inputs);

  const Manifest& manifest_;
  std::set<const Plan*> seen_;
  PlanSources found_;
  std::map<std::string, std::set<int>> tables_;
  std::set<PathStep> lookups_;
};

std::optional<std::string> SourceWalk::origin(const PlanPointer& plan, int column) const {
  const auto at = static_cast<std::size_t>(column);
  if (const auto* scan = std::get_if<ScanNode>(&plan->node)) return scan->table;
  const auto through = [&](const Expression& expression, const PlanPointer& input) {
    return expression.kind == ExpressionKind::kColumn ? origin(input, expression.column)
                                                      : std::nullopt;
  };
  if (const auto* project = std::get_if<ProjectNode>(&plan->node)) {
    return through(project->columns[at].expression, project->input);
  }
  if (const auto* aggregate = std::get_if<AggregateNode>(&plan->node)) {
    return at < aggregate->keys.size() ? through(aggregate->keys[at].expression, aggregate->input)
                                       : std::nullopt;
  }
  if (std::holds_alternative<UnionNode>(plan->node)) return std::nullopt;
  const std::vector<PlanPointer> inputs = inputs_of(*plan);
  std::size_t first = 0;
  for (const PlanPointer& input : inputs) {
    if (at < first + input->fields.size()) return origin(input, column - static_cast<int>(first));
    first += input->fields.size();
  }
  return std::nullopt;
}

void SourceWalk::note_lookups(const Expression& expression,
                              const std::vector<PlanPointer>& inputs) {
  if (expression.kind == ExpressionKind::kLookup) {
    Path path;
    const Expression* base = &expression;
    for (; base->kind == ExpressionKind::kLookup; base = &base->arguments[0]) {
      path.insert(path.begin(), {base->table, base->table_column});
    }
    std::optional<std::string> table;
    if (base->kind == ExpressionKind::kColumn) {
      int column = base->column;
      for (const PlanPointer& input : inputs) {
        const auto width = static_cast<int>(input->fields.size());
        if (column < width) {
          table = origin(input, column);
          break;
        }
        column -= width;
      }
    }
    if (table && is_partitioned(manifest_, *table)) {
      found_.paths[path[0].table].insert(path);
    } else {
      lookups_.insert(path.begin(), path.end());
    }
    if (base->kind != ExpressionKind::kColumn) note_lookups(*base, inputs);
    return;
  }
  for (const Expression& argument : expression.arguments) note_lookups(argument, inputs);
}

// Calls `visit` for each expression of a node.
template <typename Visit>
void for_each_expression(const Plan& plan, const Visit& visit) {
  const auto all = [&](const auto& list) {
    for (const auto& one : list) visit(one.expression);
  };
  const auto plain = [&](const std::vector<Expression>& list) {
    for (const Expression& one : list) visit(one);
  };
  std::visit(
      [&](const auto& node) {
        using Node = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Node, ScanNode> || std::is_same_v<Node, FilterNode>) {
          if constexpr (std::is_same_v<Node, ScanNode>) {
            if (node.predicate) visit(*node.predicate);
          } else {
            visit(node.predicate);
          }
        } else if constexpr (std::is_same_v<Node, ProjectNode>) {
          all(node.columns);
        } else if constexpr (std::is_same_v<Node, AggregateNode>) {
          all(node.keys);
          for (const AggregateCall& call : node.aggregates) plain(call.arguments);
        } else if constexpr (std::is_same_v<Node, SortNode>) {
          all(node.keys);
        } else if constexpr (std::is_same_v<Node, TopNode>) {
          all(node.keys);
          plain(node.per);
        } else if constexpr (std::is_same_v<Node, JoinNode>) {
          if (node.residual) visit(*node.residual);
        } else if constexpr (std::is_same_v<Node, WindowNode>) {
          for (const WindowCall& call : node.calls) {
            plain(call.arguments);
            plain(call.per);
            all(call.sort);
          }
        } else if constexpr (std::is_same_v<Node, ExpandNode>) {
          visit(node.list.expression);
        } else if constexpr (std::is_same_v<Node, ExpectNode>) {
          visit(node.condition);
        }
      },
      plan.node);
}

void SourceWalk::visit(const PlanPointer& plan) {
  if (!seen_.insert(plan.get()).second) return;
  const std::vector<PlanPointer> inputs = inputs_of(*plan);
  if (const auto* scan = std::get_if<ScanNode>(&plan->node)) {
    std::set<int>& columns =
        is_partitioned(manifest_, scan->table) ? found_.facts[scan->table] : tables_[scan->table];
    columns.insert(scan->columns.begin(), scan->columns.end());
    for_each_expression(*plan, [&](const Expression& one) { note_lookups(one, {plan}); });
  } else {
    for_each_expression(*plan, [&](const Expression& one) { note_lookups(one, inputs); });
  }
  if (const auto* join = std::get_if<JoinNode>(&plan->node)) {
    for (const Expression& key : join->left_keys) note_lookups(key, {join->left});
    for (const Expression& key : join->right_keys) note_lookups(key, {join->right});
  }
  for (const PlanPointer& input : inputs) visit(input);
}

PlanSources SourceWalk::finish() {
  for (const auto& [name, columns] : tables_) {
    const TableState* table = manifest_.find_table(name);
    const bool is_fact = manifest_.schema.find_table(name)->kind == TableKind::kFact;
    std::uint64_t fingerprint = 0;
    if (is_fact) {
      const auto whole = fingerprints_of(*table, manifest_, KeptUnit::kWhole);
      fingerprint = whole.empty() ? 0 : whole.begin()->second;
    } else {
      fingerprint = fingerprint_of_dimension(manifest_, name, columns);
    }
    found_.others.push_back({name, fingerprint});
  }
  for (const PathStep& step : lookups_) {
    const FileReference* file = column_file(manifest_, step);
    Fingerprint of;
    if (file != nullptr) of.add(*file);
    found_.others.push_back({step.table + "." + step.column, of.value()});
  }
  return std::move(found_);
}

std::string_view bytes_at(const Vector& values, std::size_t row) {
  if (is_null_at(values, row)) return {};
  if (values.representation == Representation::kString) {
    return values.values<std::string_view>()[row];
  }
  const std::size_t width = width_of(values.representation);
  return {values.values<char>() + row * width, width};
}

// What comes to `before` by one value more; an empty text is not null.
std::uint64_t fingerprint_with(std::uint64_t before, const Vector& values, std::size_t row) {
  const std::uint64_t parts[3] = {before, checksum_of(bytes_at(values, row)),
                                  is_null_at(values, row) ? std::uint64_t{1} : 0};
  return checksum_of(std::as_bytes(std::span(parts)));
}

}  // namespace

PlanSources sources_of(const PlanPointer& plan, const Manifest& manifest) {
  SourceWalk walk(manifest);
  walk.visit(plan);
  return walk.finish();
}

std::map<std::int32_t, std::uint64_t> fingerprints_by_period(const PlanSources& sources,
                                                             const Manifest& manifest,
                                                             KeptUnit unit) {
  std::map<std::int32_t, Fingerprint> by_period;
  for (const auto& [name, columns] : sources.facts) {
    for (const auto& [period, of] : fingerprints_of(*manifest.find_table(name), manifest, unit)) {
      by_period[period].add(name).add(of);
    }
  }
  std::map<std::int32_t, std::uint64_t> found;
  for (const auto& [period, of] : by_period) found.emplace(period, of.value());
  return found;
}

std::vector<KeptSource> all_sources(const PlanSources& sources, const Manifest& manifest) {
  std::vector<KeptSource> all = sources.others;
  for (const auto& [name, columns] : sources.facts) {
    const auto whole = fingerprints_of(*manifest.find_table(name), manifest, KeptUnit::kWhole);
    all.push_back({name, whole.empty() ? 0 : whole.begin()->second});
  }
  for (const auto& [table, paths] : sources.paths) {
    all.push_back({table + " by paths", fingerprint_of_files(paths, manifest)});
  }
  return all;
}

std::uint64_t fingerprint_of_files(const std::set<Path>& paths, const Manifest& manifest) {
  Fingerprint of;
  for (const Path& path : paths) {
    of.add(path.size());
    for (const PathStep& step : path) {
      const FileReference* file = column_file(manifest, step);
      of.add(step.table).add(step.column).add(file == nullptr ? FileReference() : *file);
    }
  }
  return of.value();
}

Result<std::vector<std::uint64_t>> fingerprints_by_code(const std::set<Path>& paths,
                                                        const Snapshot& snapshot) {
  ExecutionContext context(snapshot, {});
  std::vector<std::uint64_t> found;
  for (const Path& path : paths) {
    std::vector<std::shared_ptr<const LookupArray>> arrays;
    for (const PathStep& step : path) {
      auto array = context.lookup(step.table, step.column);
      if (!array) return pass(array);
      arrays.push_back(*std::move(array));
    }
    found.resize(arrays[0]->values.size);
    for (std::size_t slot = 0; slot < found.size(); ++slot) {
      std::size_t code = slot;
      for (std::size_t i = 0; i + 1 < arrays.size(); ++i) {
        const std::uint32_t next = arrays[i]->values.values<std::uint32_t>()[code];
        code = next < arrays[i + 1]->values.size ? next : 0;
      }
      found[slot] = fingerprint_with(found[slot], arrays.back()->values, code);
    }
  }
  return found;
}

}  // namespace stave
