// Grouping, step by step: how the keys are obtained, all rows into groups (scope by scope or
// morsel by morsel), threads into one, groups into order, columns out.
#include "engine/aggregate/aggregate.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "engine/aggregate/aggregate_run.h"
#include "engine/aggregate/group_order.h"
#include "engine/aggregate/grouping.h"
#include "engine/aggregate/key_plan.h"

namespace stave {
namespace {

constexpr std::uint64_t kMostSlots = std::uint64_t{1} << 24;
constexpr std::uint64_t kFewestSlots = std::uint64_t{1} << 16;
constexpr std::uint32_t kResultBatchRows = 16384;
// Scopes are dealt to threads in runs of about this many rows, so that blocks shared by neighbours
// are decoded once.
constexpr std::uint64_t kRowsAtOnce = std::uint64_t{1} << 18;
constexpr std::size_t kMorselsBetweenAccounts = 16;

// One way of obtaining the keys, with the readers and groups of every thread.
class Grouper {
 public:
  Grouper(const AggregateNode& node, const Pipeline& input, ExecutionContext& context,
          const AggregateTuning& tuning)
      : node_(node), input_(input), context_(context), tuning_(tuning) {}

  Result<void> prepare(KeyPlan plan) {
    plan_ = std::move(plan);
    std::vector<Expression> expressions = plan_.row_expressions();
    layout_.row_keys = expressions.size();
    for (const AggregateCall& call : node_.aggregates) {
      expressions.insert(expressions.end(), call.arguments.begin(), call.arguments.end());
    }
    auto reader = input_.read(expressions, context_);
    if (!reader) return pass(reader);
    reader_ = std::move(*reader);
    layout_.calls = &node_.aggregates;
    layout_.shapes = reader_->shapes();
    layout_.strategy = tuning_.strategy;
    layout_.most_slots = std::clamp(input_.rows() * 2, kFewestSlots, kMostSlots);
    threads_.resize(static_cast<std::size_t>(context_.threads()));
    return {};
  }

  const KeyPlan& plan() const { return plan_; }

  Result<void> add_scope(const std::vector<Scope>& scopes, std::size_t scope, int worker) {
    Thread& thread = threads_[static_cast<std::size_t>(worker)];
    for (const Morsel& morsel : scopes[scope].morsels) {
      if (auto done = add_morsel(morsel, thread); !done) return done;
    }
    return thread.grouping->end_scope(static_cast<std::uint32_t>(scope));
  }

  Result<void> add_morsel(const Morsel& morsel, int worker) {
    return add_morsel(morsel, threads_[static_cast<std::size_t>(worker)]);
  }

  // The groups of all threads as one; none where no row was read.
  Result<Grouping*> unite() {
    Grouping* all = nullptr;
    for (Thread& thread : threads_) {
      if (!thread.grouping) continue;
      if (all == nullptr) {
        all = thread.grouping.get();
        continue;
      }
      auto done = plan_.scopes ? all->append(*thread.grouping) : all->merge(*thread.grouping);
      if (!done) return pass(done);
      thread.grouping.reset();
      thread.worker.reset();
      thread.batch = Batch();
    }
    return all;
  }

  // For a result over no rows at all.
  Result<Grouping*> empty() {
    if (auto done = open(threads_[0]); !done) return pass(done);
    return threads_[0].grouping.get();
  }

 private:
  struct Thread {
    std::unique_ptr<Pipeline::Worker> worker;
    std::unique_ptr<Grouping> grouping;
    Batch batch;
    std::size_t morsels = 0;
  };

  Result<void> open(Thread& thread) {
    if (thread.grouping) return {};
    thread.worker = reader_->make_worker();
    auto grouping = Grouping::make(layout_, context_);
    if (!grouping) return pass(grouping);
    thread.grouping = std::move(*grouping);
    return {};
  }

  Result<void> add_morsel(const Morsel& morsel, Thread& thread) {
    if (auto done = open(thread); !done) return done;
    if (auto done = reader_->read(morsel, *thread.worker, thread.batch); !done) return done;
    if (auto done = thread.grouping->add(thread.batch); !done) return done;
    if (++thread.morsels % kMorselsBetweenAccounts != 0) return {};
    return thread.grouping->account_memory();
  }

  const AggregateNode& node_;
  const Pipeline& input_;
  ExecutionContext& context_;
  AggregateTuning tuning_;
  KeyPlan plan_;
  GroupingLayout layout_;
  std::shared_ptr<const Pipeline::Reader> reader_;
  std::vector<Thread> threads_;
};

// A key column of the result before it is ordered.
struct KeyColumn {
  std::optional<ValueEncoder> owned;  // of scope keys
  const ValueEncoder* encoder = nullptr;
  std::vector<std::uint32_t> codes;  // by group
};

Result<std::vector<Vector>> evaluate_scopes(const KeyPlan& plan, const std::vector<Scope>& scopes,
                                            const Pipeline& input, ExecutionContext& context,
                                            std::vector<ColumnShape>& shapes) {
  auto evaluator =
      Evaluator::prepare(plan.scope_expressions(), input.scope_shapes(), scopes.size(), context);
  if (!evaluator) return pass(evaluator);
  Evaluator::Scratch scratch;
  std::vector<Vector> values;
  auto done = evaluator->evaluate(input.scope_values(scopes), scratch, values);
  if (!done) return pass(done);
  shapes = evaluator->shapes();
  return values;
}

// Row and scope keys as codes by group; derived keys stay empty.
Result<std::vector<KeyColumn>> collect_keys(const KeyPlan& plan, Grouping& groups,
                                            const std::vector<Scope>& scopes, const Pipeline& input,
                                            ExecutionContext& context) {
  std::vector<ColumnShape> scope_shapes;
  std::vector<Vector> scope_values;
  if (!plan.scope_expressions().empty()) {
    auto values = evaluate_scopes(plan, scopes, input, context, scope_shapes);
    if (!values) return pass(values);
    scope_values = std::move(*values);
  }
  std::vector<KeyColumn> columns(plan.keys.size());
  std::size_t row_key = 0;
  std::size_t scope_key = 0;
  for (std::size_t key = 0; key < plan.keys.size(); ++key) {
    KeyColumn& column = columns[key];
    if (plan.keys[key].source == KeySource::kRow) {
      column.encoder = &groups.encoder(row_key);
      column.codes = groups.key_codes(row_key);
      ++row_key;
    } else if (plan.keys[key].source == KeySource::kScope) {
      column.owned.emplace(scope_shapes[scope_key]);
      column.encoder = &*column.owned;
      auto codes = column.owned->encode(scope_values[scope_key]);
      if (!codes) return pass(codes);
      const auto scope_of_group = groups.scopes();
      column.codes.resize(scope_of_group.size());
      std::transform(scope_of_group.begin(), scope_of_group.end(), column.codes.begin(),
                     [&](std::uint32_t scope) { return (*codes)[scope]; });
      ++scope_key;
    }
  }
  return columns;
}

RankedKey ranked(const KeyColumn& column) {
  RankedKey key;
  key.ranks = column.encoder->rank(column.codes, key.ranks_used);
  return key;
}

Vector slice(const Vector& vector, std::uint32_t first, std::uint32_t rows) {
  Vector part = vector;
  part.size = rows;
  const auto* bytes = static_cast<const std::byte*>(vector.data);
  part.data = bytes + std::size_t{first} * width_of(vector.representation);
  if (vector.validity != nullptr) part.validity = vector.validity + first / 64;
  return part;
}

// Evaluates the derived keys over the other key columns, all `rows` long.
Result<std::vector<Vector>> derive_keys(const KeyPlan& plan, const std::vector<KeyColumn>& columns,
                                        std::span<const Vector> keys, std::uint32_t rows,
                                        ExecutionContext& context) {
  std::vector<Expression> expressions;
  for (const PlannedKey& key : plan.keys) {
    if (key.source == KeySource::kDerived) expressions.push_back(key.expression);
  }
  std::vector<ColumnShape> shapes;
  for (const KeyColumn& column : columns) {
    shapes.push_back(column.encoder != nullptr ? column.encoder->shape() : ColumnShape());
  }
  auto evaluator = Evaluator::prepare(expressions, shapes, rows, context);
  if (!evaluator) return pass(evaluator);
  Batch batch;
  batch.rows = rows;
  batch.columns.assign(keys.begin(), keys.end());
  Evaluator::Scratch scratch;
  std::vector<Vector> values;
  if (auto done = evaluator->evaluate(batch, scratch, values); !done) return pass(done);
  return values;
}

std::vector<Vector> decode_keys(const std::vector<KeyColumn>& columns,
                                std::span<const std::uint32_t> order) {
  std::vector<Vector> keys(columns.size());
  std::vector<std::uint32_t> codes(order.size());
  for (std::size_t key = 0; key < columns.size(); ++key) {
    if (columns[key].encoder == nullptr) continue;
    for (std::size_t row = 0; row < order.size(); ++row)
      codes[row] = columns[key].codes[order[row]];
    keys[key] = columns[key].encoder->decode(codes);
  }
  return keys;
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

// Keys before the last one that a derived key depends on order as the derived key would; a derived
// key further left must be ranked by its own values.
Result<std::vector<std::uint32_t>> order_by_key(const KeyPlan& plan,
                                                std::vector<KeyColumn>& columns,
                                                std::uint32_t groups, ExecutionContext& context) {
  std::vector<std::uint32_t> as_is(groups);
  std::iota(as_is.begin(), as_is.end(), 0U);
  std::vector<Vector> derived;
  for (std::size_t key = 0; key < columns.size(); ++key) {
    if (plan.keys[key].source != KeySource::kDerived ||
        plan.keys[key].last_determinant < static_cast<int>(key)) {
      continue;
    }
    auto values = derive_keys(plan, columns, decode_keys(columns, as_is), groups, context);
    if (!values) return pass(values);
    derived = std::move(*values);
    break;
  }
  std::vector<RankedKey> ranks;
  std::size_t derived_key = 0;
  for (std::size_t key = 0; key < columns.size(); ++key) {
    if (plan.keys[key].source != KeySource::kDerived) {
      ranks.push_back(ranked(columns[key]));
      continue;
    }
    const std::size_t position = derived_key++;
    if (plan.keys[key].last_determinant < static_cast<int>(key)) continue;
    ColumnShape shape;
    shape.type = derived[position].type;
    shape.representation = derived[position].representation;
    shape.dictionary = derived[position].dictionary;
    KeyColumn column;
    column.owned.emplace(shape);
    column.encoder = &*column.owned;
    auto codes = column.owned->encode(derived[position]);
    if (!codes) return pass(codes);
    column.codes.assign(*codes, *codes + groups);
    ranks.push_back(ranked(column));
  }
  return order_groups(ranks, groups);
}

Result<Relation> finish(const AggregateNode& node, const std::vector<Field>& fields,
                        const KeyPlan& plan, Grouping& groups, std::vector<KeyColumn> keys,
                        ExecutionContext& context) {
  const std::uint32_t rows = groups.groups();
  auto order = order_by_key(plan, keys, rows, context);
  if (!order) return pass(order);
  std::vector<Vector> columns = decode_keys(keys, *order);
  const bool derives = std::any_of(plan.keys.begin(), plan.keys.end(), [](const PlannedKey& key) {
    return key.source == KeySource::kDerived;
  });
  if (derives) {
    auto derived = derive_keys(plan, keys, columns, rows, context);
    if (!derived) return pass(derived);
    std::size_t next = 0;
    for (std::size_t key = 0; key < plan.keys.size(); ++key) {
      if (plan.keys[key].source == KeySource::kDerived) columns[key] = (*derived)[next++];
    }
  }
  for (std::size_t call = 0; call < node.aggregates.size(); ++call) {
    auto values = groups.finish(call, *order);
    if (!values) return pass(values);
    columns.push_back(std::move(*values));
  }
  return cut(fields, columns, rows);
}

bool same_shape(const ColumnShape& left, const ColumnShape& right) {
  return left.representation == right.representation && left.dictionary == right.dictionary;
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
        for (std::size_t scope = shares[item].first; scope < shares[item].second; ++scope) {
          Grouper& grouper = any_stale && !scopes[scope].has_code ? by_day : by_run;
          if (auto added = grouper.add_scope(scopes, scope, worker); !added) return added;
        }
        return {};
      });
  if (!done) return pass(done);
  auto groups = by_run.unite();
  if (!groups) return pass(groups);
  if (*groups == nullptr) groups = by_run.empty();
  if (!groups) return pass(groups);
  auto keys = collect_keys(by_run.plan(), **groups, scopes, input, context);
  if (!keys) return pass(keys);
  if (any_stale) {
    auto stale = by_day.unite();
    if (!stale) return pass(stale);
    if (*stale != nullptr) {
      auto stale_keys = collect_keys(by_day.plan(), **stale, scopes, input, context);
      if (!stale_keys) return pass(stale_keys);
      for (std::size_t key = 0; key < keys->size(); ++key) {
        KeyColumn& mine = (*keys)[key];
        KeyColumn& theirs = (*stale_keys)[key];
        const bool fits = mine.encoder != nullptr && theirs.encoder != nullptr &&
                          mine.encoder->is_fixed() && theirs.encoder->is_fixed() &&
                          same_shape(mine.encoder->shape(), theirs.encoder->shape());
        if (!fits) return run_by_scope(node, fields, input, context, tuning, ScopeKind::kDay);
        mine.codes.insert(mine.codes.end(), theirs.codes.begin(), theirs.codes.end());
      }
      if (auto appended = (*groups)->append_values(**stale); !appended) return pass(appended);
    }
  }
  if (auto completed = (*groups)->complete(); !completed) return pass(completed);
  return finish(node, fields, by_run.plan(), **groups, std::move(*keys), context);
}

Result<Relation> run_whole(const AggregateNode& node, const std::vector<Field>& fields,
                           const Pipeline& input, ExecutionContext& context,
                           const AggregateTuning& tuning) {
  Grouper grouper(node, input, context, tuning);
  auto prepared = grouper.prepare(plan_keys(node.keys, input, std::nullopt));
  if (!prepared) return pass(prepared);
  const std::vector<Morsel> morsels = input.morsels(MorselCut::kBlocks);
  auto done = context.parallel_for(morsels.size(), [&](std::size_t item, int worker) {
    return grouper.add_morsel(morsels[item], worker);
  });
  if (!done) return pass(done);
  auto groups = grouper.unite();
  if (groups && *groups == nullptr) groups = grouper.empty();
  if (!groups) return pass(groups);
  if (node.keys.empty()) (*groups)->open_single_group();
  if (auto completed = (*groups)->complete(); !completed) return pass(completed);
  auto keys = collect_keys(grouper.plan(), **groups, {}, input, context);
  if (!keys) return pass(keys);
  return finish(node, fields, grouper.plan(), **groups, std::move(*keys), context);
}

}  // namespace

Result<Relation> run_aggregate(const AggregateNode& node, const std::vector<Field>& fields,
                               const Pipeline& input, ExecutionContext& context,
                               const AggregateTuning& tuning) {
  const auto scopes = tuning.use_scopes ? scopes_for(node.keys, input) : std::nullopt;
  if (scopes) return run_by_scope(node, fields, input, context, tuning, *scopes);
  return run_whole(node, fields, input, context, tuning);
}

Result<Relation> run_aggregate(const AggregateNode& node, const std::vector<Field>& fields,
                               const Pipeline& input, ExecutionContext& context) {
  return run_aggregate(node, fields, input, context, AggregateTuning());
}

}  // namespace stave
