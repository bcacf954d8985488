// Grouping, step by step: how the keys are obtained, all rows into groups (scope by scope or
// morsel by morsel), threads into one, groups into order, columns out.
#include "engine/aggregate/aggregate.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "engine/aggregate/aggregate_run.h"
#include "engine/aggregate/grouper.h"
#include "engine/aggregate/joined_scopes.h"
#include "engine/aggregate/key_columns.h"
#include "engine/evaluate/may_fault.h"
#include "engine/operators/reservation.h"
#include "engine/scan/morsel_shares.h"
#include "engine/spill/aggregate_on_disk.h"
#include "engine/spill/spill_space.h"

namespace stave {
namespace {

constexpr std::uint32_t kResultBatchRows = 16384;
// Scopes are dealt to threads in runs of about this many rows, so that blocks shared by neighbours
// are decoded once.
constexpr std::uint64_t kRowsAtOnce = std::uint64_t{1} << 18;
constexpr std::size_t kMorselsAtOnce = 16;

Vector slice(const Vector& vector, std::uint32_t first, std::uint32_t rows) {
  Vector part = vector;
  part.size = rows;
  const auto* bytes = static_cast<const std::byte*>(vector.data);
  part.data = bytes + std::size_t{first} * width_of(vector.representation);
  if (vector.validity != nullptr) part.validity = vector.validity + first / 64;
  return part;
}

Relation cut(const std::vector<Field>& fields, const std::vector<Vector>& columns,
             std::uint32_t rows) {
  Relation relation;
  relation.fields = fields;
  relation.rows = rows;
  for (std::uint32_t first = 0; first < rows; first += kResultBatchRows) {
    Batch batch;
    batch.rows = std::min(kResultBatchRows, rows - first);
    for (const Vector& column : columns) batch.columns.push_back(slice(column, first, batch.rows));
    relation.batches.push_back(std::move(batch));
  }
  return relation;
}

// Batch by batch, on all threads.
Result<Relation> finish_batches(const AggregateNode& node, const std::vector<Field>& fields,
                                const Grouping& groups, const std::vector<KeyColumn>& keys,
                                std::span<const std::uint32_t> order, ExecutionContext& context) {
  Relation relation;
  relation.fields = fields;
  relation.rows = order.size();
  relation.batches.resize((order.size() + kResultBatchRows - 1) / kResultBatchRows);
  const auto finish_batch = [&](std::size_t item, int) -> Result<void> {
    const std::size_t first = item * kResultBatchRows;
    const auto part =
        order.subspan(first, std::min<std::size_t>(kResultBatchRows, order.size() - first));
    Batch& batch = relation.batches[item];
    batch.rows = static_cast<std::uint32_t>(part.size());
    batch.columns = plain_key_values(keys, part);
    for (std::size_t call = 0; call < node.aggregates.size(); ++call) {
      auto results = groups.finish(call, part);
      if (!results) return pass(results);
      batch.columns.push_back(std::move(*results));
    }
    return {};
  };
  auto done = context.parallel_for(relation.batches.size(), finish_batch);
  if (!done) return pass(done);
  return relation;
}

bool may_fault_deriving(const KeyPlan& plan) {
  return std::ranges::any_of(plan.keys, [](const PlannedKey& key) {
    return key.source == KeySource::kDerived && may_fault(key.expression);
  });
}

Result<std::vector<std::uint32_t>> order_as_met(std::uint32_t groups) {
  std::vector<std::uint32_t> order(groups);
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

Result<Relation> finish(const AggregateNode& node, const std::vector<Field>& fields,
                        const KeyPlan& plan, Grouping& groups, const std::vector<KeyColumn>& keys,
                        const GroupsWanted& wanted, ExecutionContext& context) {
  const std::uint32_t rows = groups.groups();
  Reservation result(context);
  const std::size_t columns_made = node.keys.size() + node.aggregates.size();
  if (auto taken = result.add(rows * (columns_made + 1) * sizeof(std::uint64_t)); !taken) {
    return pass(taken);
  }
  // Groups as they were met are in an order of the threads' making, but for those by place. Where
  // several could stop the query, the first of them tells why.
  const PlacedGroups* const placed = groups.placed();
  const bool as_they_are =
      (wanted.in_any_order && !may_fault_deriving(plan)) || (!wanted.in_order && placed != nullptr);
  auto order = as_they_are ? order_as_met(rows) : order_by_key(plan, keys, rows, placed, context);
  if (!order) return pass(order);
  if (rows > kResultBatchRows && !has_derived_keys(plan)) {
    return finish_batches(node, fields, groups, keys, *order, context);
  }
  auto values = key_values(plan, keys, *order, context);
  if (!values) return pass(values);
  std::vector<Vector> columns = std::move(*values);
  for (std::size_t call = 0; call < node.aggregates.size(); ++call) {
    auto results = groups.finish(call, *order);
    if (!results) return pass(results);
    columns.push_back(std::move(*results));
  }
  return cut(fields, columns, rows);
}

// Runs of whole scopes, each a share of work.
std::vector<std::pair<std::size_t, std::size_t>> shares_of(const std::vector<Scope>& scopes) {
  std::vector<std::pair<std::size_t, std::size_t>> shares;
  std::uint64_t rows = 0;
  std::size_t first = 0;
  for (std::size_t scope = 0; scope < scopes.size(); ++scope) {
    rows += scopes[scope].rows;
    const bool last = scope + 1 == scopes.size();
    if (last || rows >= kRowsAtOnce || scopes[scope + 1].day != scopes[scope].day) {
      shares.emplace_back(first, scope + 1);
      first = scope + 1;
      rows = 0;
    }
  }
  return shares;
}

Result<Relation> finish_scopes(const AggregateNode& node, const std::vector<Field>& fields,
                               const Pipeline& input, ExecutionContext& context,
                               const AggregateTuning& tuning, Grouper& grouper,
                               const std::vector<Scope>& scopes) {
  auto groups = grouper.unite_or_empty();
  if (!groups) return pass(groups);
  auto keys = collect_keys(grouper.plan(), **groups, scopes, input, context);
  if (!keys) return pass(keys);
  if (auto completed = (*groups)->complete(); !completed) return pass(completed);
  return finish(node, fields, grouper.plan(), **groups, *keys, tuning.wanted, context);
}

// What is constant within each day need not be so within several: only keys of the scope are.
bool is_constant_when_joined(const Expression& expression, const AggregateNode& node,
                             const KeyPlan& plan) {
  for (std::size_t key = 0; key < plan.keys.size(); ++key) {
    if (plan.keys[key].source == KeySource::kScope && node.keys[key].expression == expression) {
      return true;
    }
  }
  return false;
}

// Where groups are of more than a day, but of whole days: nothing where that does not pay.
Result<std::optional<Relation>> run_by_joined_scopes(const AggregateNode& node,
                                                     const std::vector<Field>& fields,
                                                     const Pipeline& input,
                                                     ExecutionContext& context,
                                                     const AggregateTuning& tuning) {
  if (!input.has_days()) return std::nullopt;
  KeyPlan plan = plan_keys(node.keys, input, ScopeKind::kDay);
  if (plan.scope_expressions().empty() || plan.row_expressions().empty()) return std::nullopt;
  auto joined = join_scopes(plan, input.scopes(ScopeKind::kDay), input, context);
  if (!joined) return pass(joined);
  if (!*joined) return std::nullopt;
  const std::vector<Scope>& scopes = **joined;
  AggregateTuning joined_tuning = tuning;
  std::optional<GroupCut>& cut = joined_tuning.wanted.cut;
  if (cut && !std::ranges::all_of(cut->per, [&](const Expression& per) {
        return is_constant_when_joined(per, node, plan);
      })) {
    cut.reset();
  }
  Grouper grouper(node, input, context, joined_tuning);
  if (auto done = grouper.prepare(std::move(plan)); !done) return pass(done);
  // All groups in one array are the better way while it is small.
  const auto places = grouper.row_key_places();
  if (places && *places * scopes.size() <= input.rows()) return std::nullopt;
  auto done = context.parallel_for(scopes.size(), [&](std::size_t scope, int worker) {
    return grouper.add_scopes(scopes, scope, scope + 1, worker);
  });
  if (!done) return pass(done);
  auto relation = finish_scopes(node, fields, input, context, tuning, grouper, scopes);
  if (!relation) return pass(relation);
  return *std::move(relation);
}

// Whether rows that agree on these are of one scope.
bool tells_scope(const std::vector<Expression>& expressions, ScopeKind kind,
                 const Pipeline& input) {
  const auto any = [&](const auto& tells) {
    return std::any_of(expressions.begin(), expressions.end(), tells);
  };
  return any([&](const Expression& each) { return input.determines_day(each); }) &&
         (kind == ScopeKind::kDay ||
          any([&](const Expression& each) { return input.determines_cluster(each); }));
}

Result<Relation> run_by_scope(const AggregateNode& node, const std::vector<Field>& fields,
                              const Pipeline& input, ExecutionContext& context,
                              const AggregateTuning& tuning, ScopeKind kind) {
  const std::vector<Scope> scopes = input.scopes(kind);
  const bool any_stale =
      kind == ScopeKind::kDayAndCluster &&
      std::any_of(scopes.begin(), scopes.end(), [](const Scope& scope) { return !scope.has_code; });
  Grouper by_run(node, input, context, tuning);
  Grouper by_day(node, input, context, tuning);
  if (auto done = by_run.prepare(plan_keys(node.keys, input, kind)); !done) return pass(done);
  if (any_stale) {
    auto done = by_day.prepare(plan_keys(node.keys, input, ScopeKind::kDay));
    if (!done) return pass(done);
  }
  const auto shares = shares_of(scopes);
  auto done =
      context.parallel_for(shares.size(), [&](std::size_t item, int worker) -> Result<void> {
        // A share is of one day, whose scopes have codes or have none.
        const auto [first, last] = shares[item];
        Grouper& grouper = any_stale && !scopes[first].has_code ? by_day : by_run;
        return grouper.add_scopes(scopes, first, last, worker);
      });
  if (!done) return pass(done);
  auto groups = by_run.unite_or_empty();
  if (!groups) return pass(groups);
  auto keys = collect_keys(by_run.plan(), **groups, scopes, input, context);
  if (!keys) return pass(keys);
  if (any_stale) {
    auto stale = by_day.unite();
    if (!stale) return pass(stale);
    if (*stale != nullptr) {
      auto stale_keys = collect_keys(by_day.plan(), **stale, scopes, input, context);
      if (!stale_keys) return pass(stale_keys);
      if (!append_keys(*keys, *stale_keys)) {
        return run_by_scope(node, fields, input, context, tuning, ScopeKind::kDay);
      }
      if (auto appended = (*groups)->append_values(**stale); !appended) return pass(appended);
    }
  }
  if (auto completed = (*groups)->complete(); !completed) return pass(completed);
  const bool is_cut = !any_stale && by_run.cuts_scopes() && (*groups)->can_cut() &&
                      tells_scope(tuning.wanted.cut->per, kind, input);
  auto relation = finish(node, fields, by_run.plan(), **groups, *keys, tuning.wanted, context);
  if (relation) relation->is_cut = is_cut;
  return relation;
}

Result<Relation> run_whole(const AggregateNode& node, const std::vector<Field>& fields,
                           const Pipeline& input, ExecutionContext& context,
                           const AggregateTuning& tuning) {
  Grouper grouper(node, input, context, tuning);
  auto prepared = grouper.prepare(plan_keys(node.keys, input, std::nullopt));
  if (!prepared) return pass(prepared);
  std::vector<Morsel> morsels = input.morsels(MorselCut::kBlocks);
  const auto shares = share_morsels(morsels, kMorselsAtOnce, context.threads());
  auto done = context.parallel_for(shares.size(), [&](std::size_t share, int worker) {
    Result<void> added;
    for (std::size_t i = shares[share].begin; added && i < shares[share].end; ++i) {
      added = grouper.add_morsel(morsels[i], worker);
    }
    return added;
  });
  if (!done) return pass(done);
  auto groups = grouper.unite_or_empty();
  if (!groups) return pass(groups);
  if (node.keys.empty()) (*groups)->open_single_group();
  if (auto completed = (*groups)->complete(); !completed) return pass(completed);
  if (tuning.wanted.cut && tuning.wanted.cut->per.empty()) {
    if (auto cut = (*groups)->cut_groups(*tuning.wanted.cut, 0); !cut) return pass(cut);
  }
  auto keys = collect_keys(grouper.plan(), **groups, {}, input, context);
  if (!keys) return pass(keys);
  return finish(node, fields, grouper.plan(), **groups, *keys, tuning.wanted, context);
}

Result<Relation> run_in_memory(const AggregateNode& node, const std::vector<Field>& fields,
                               const Pipeline& input, ExecutionContext& context,
                               const AggregateTuning& tuning) {
  if (tuning.use_scopes) {
    if (const auto scopes = scopes_for(node.keys, input)) {
      return run_by_scope(node, fields, input, context, tuning, *scopes);
    }
    auto joined = run_by_joined_scopes(node, fields, input, context, tuning);
    if (!joined) return pass(joined);
    if (*joined) return **std::move(joined);
  }
  return run_whole(node, fields, input, context, tuning);
}

}  // namespace

Result<Relation> run_aggregate(const AggregateNode& node, const std::vector<Field>& fields,
                               const Pipeline& input, ExecutionContext& context,
                               const AggregateTuning& tuning) {
  const bool has_way_out = may_aggregate_on_disk(node, tuning);
  if (has_way_out && context.spill().is_too_large(input.rows())) {
    return aggregate_on_disk(node, fields, input, context, tuning);
  }
  const std::uint64_t refusals = context.memory().refusals();
  auto groups = run_in_memory(node, fields, input, context, tuning);
  if (groups || !has_way_out || context.memory().refusals() == refusals) return groups;
  return aggregate_on_disk(node, fields, input, context, tuning);
}

Result<Relation> run_aggregate(const AggregateNode& node, const std::vector<Field>& fields,
                               const Pipeline& input, ExecutionContext& context,
                               const GroupsWanted& wanted) {
  AggregateTuning tuning;
  tuning.wanted = wanted;
  return run_aggregate(node, fields, input, context, tuning);
}

}  // namespace stave
