// Runs a plan from its leaves up. Scans, filters and projections are fused into pipelines and
// stream; every other operator gives a relation in memory that the next one reads.
// Invariant: an operator that several others read (a `let` used twice) runs once; streaming parts
// are read again by each, since that is cheaper than holding their rows.
#include "engine/execute.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/aggregate/aggregate.h"
#include "engine/context.h"
#include "engine/operators/allocated_sums.h"
#include "engine/operators/operators.h"
#include "engine/operators/reservation.h"
#include "engine/operators/telling_top.h"
#include "engine/operators/top_screen.h"
#include "engine/pipeline.h"
#include "engine/pipeline_rows.h"
#include "engine/plan_readers.h"
#include "engine/run_profile.h"
#include "engine/spill/row_collector.h"
#include "engine/wanted_groups.h"

namespace stave {
namespace {

class PlanRunner {
 public:
  // `profile` may be null.
  PlanRunner(const std::vector<PlanPointer>& plans, ExecutionContext& context,
             RunProfile* profile = nullptr)
      : context_(context), profile_(profile), readers_(plans), wanted_(readers_) {}

  Result<void> run(const PlanPointer& plan, const BatchSink& sink) {
    auto pipeline = pipeline_of(plan);
    if (!pipeline) return pass(pipeline);
    return stream_rows(*pipeline, context_, sink);
  }

  Result<SharedRelation> relation_of(const PlanPointer& plan) {
    if (const auto* join = std::get_if<JoinNode>(&plan->node)) {
      auto joined = join_of(*join, *plan);
      if (!joined) return pass(std::move(joined));
      return joined->streamed ? collect(*joined->streamed, context_) : joined->rows;
    }
    if (streams(*plan)) {
      auto pipeline = pipeline_of(plan);
      if (!pipeline) return pass(std::move(pipeline));
      return collect(*pipeline, context_);
    }
    const auto known = computed_.find(plan.get());
    if (known != computed_.end()) return known->second;
    const Begun begun = begin();
    auto relation = compute(*plan);
    if (relation) relation = kept(*std::move(relation), context_);
    if (!relation) return pass(std::move(relation));
    if (profile_ != nullptr) note(*plan, *relation, begun);
    auto shared = std::make_shared<const Relation>(*std::move(relation));
    if (readers_.is_shared(*plan)) computed_.emplace(plan.get(), shared);
    return shared;
  }

  // Lets go of what none of these plans reads.
  void keep_for(std::span<const PlanPointer> plans) {
    std::unordered_set<const Plan*> read;
    for (const PlanPointer& plan : plans) collect_plans(plan, read);
    std::erase_if(computed_, [&](const auto& known) { return !read.contains(known.first); });
    std::erase_if(joined_, [&](const auto& known) { return !read.contains(known.first); });
  }

  // What was scanned since the last call; to be called once a plan ran.
  void note_scans() {
    for (const auto& [plan, pipeline] : scans_) {
      const ScanProfile more = pipeline.scan_profile();
      ScanProfile& scan = profile_->scans[plan];
      scan.rows = more.rows;
      scan.rows_read += more.rows_read;
      scan.rows_passed += more.rows_passed;
      scan.blocks = more.blocks;
      scan.blocks_pruned = more.blocks_pruned;
      scan.bytes = std::max(scan.bytes, more.bytes);
      scan.bytes_read += more.bytes_read;
      scan.nanoseconds += more.nanoseconds;
    }
    scans_.clear();
  }

 private:
  struct Begun {
    std::chrono::steady_clock::time_point time;
    std::uint64_t spilled = 0;
  };
  Begun begin() { return {std::chrono::steady_clock::now(), context_.spill().bytes_written()}; }

  void note(const Plan& plan, const Relation& rows, const Begun& begun) {
    OperatorProfile& done = profile_->operators[&plan];
    done.rows = rows.rows;
    for (const Batch& batch : rows.batches) done.bytes += bytes_of(batch);
    done.spilled_bytes = context_.spill().bytes_written() - begun.spilled;
    done.nanoseconds =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                       std::chrono::steady_clock::now() - begun.time)
                                       .count());
  }

  Result<Pipeline> pipeline_of(const PlanPointer& plan) {
    if (const auto* scan = std::get_if<ScanNode>(&plan->node)) {
      auto pipeline = Pipeline::over_scan(*scan, plan->fields, context_);
      if (pipeline && profile_ != nullptr) scans_.emplace_back(plan.get(), *pipeline);
      return pipeline;
    }
    if (const auto* filter = std::get_if<FilterNode>(&plan->node)) {
      auto input = pipeline_of(filter->input);
      if (!input) return input;
      auto filtered = input->filtered(filter->predicate);
      // What the filter prunes is not read: it stands for the scan now.
      if (profile_ != nullptr && !scans_.empty() && scans_.back().second.is_same_scan(filtered)) {
        scans_.back().second = filtered;
      }
      return filtered;
    }
    if (const auto* project = std::get_if<ProjectNode>(&plan->node)) {
      const auto* top = std::get_if<TopNode>(&project->input->node);
      if (top != nullptr && !readers_.is_shared(*project->input)) projected_[top] = project;
      auto input = pipeline_of(project->input);
      if (!input) return input;
      return input->projected(project->columns, plan->fields);
    }
    if (const auto* window = std::get_if<WindowNode>(&plan->node);
        window && !readers_.is_shared(*plan)) {
      return pipeline_of(*window, plan->fields);
    }
    if (const auto* join = std::get_if<JoinNode>(&plan->node)) {
      auto joined = join_of(*join, *plan);
      if (!joined) return pass(std::move(joined));
      return joined->streamed ? *joined->streamed : Pipeline::over_relation(joined->rows);
    }
    auto relation = relation_of(plan);
    if (!relation) return pass(std::move(relation));
    return Pipeline::over_relation(*std::move(relation));
  }

  // A join streams where it can, and then for all of its readers.
  struct Joined {
    std::optional<Pipeline> streamed;
    SharedRelation rows;  // otherwise
  };

  Result<Joined> join_of(const JoinNode& join, const Plan& plan) {
    const auto known = joined_.find(&plan);
    if (known != joined_.end()) return known->second;
    auto right = relation_of(join.right);
    if (!right) return pass(std::move(right));
    const bool needs_match = join.kind == JoinKind::kInner || join.kind == JoinKind::kSemi;
    if (needs_match && (*right)->rows == 0) {  // so the left side need not be read
      auto nothing = std::make_shared<Relation>();
      nothing->fields = plan.fields;
      return Joined{std::nullopt, std::move(nothing)};
    }
    auto left = pipeline_of(join.left);
    if (!left) return pass(std::move(left));
    auto streamed = stream_join(join, plan.fields, *left, **right, context_);
    if (!streamed) return pass(std::move(streamed));
    Joined joined{*std::move(streamed), nullptr};
    if (!joined.streamed) {
      const Begun begun = begin();
      auto rows = run_join(join, plan.fields, *left, **right, context_);
      if (!rows) return pass(std::move(rows));
      if (profile_ != nullptr) note(plan, *rows, begun);
      joined.rows = std::make_shared<const Relation>(*std::move(rows));
    }
    if (readers_.is_shared(plan)) joined_.emplace(&plan, joined);
    return joined;
  }

  Result<Pipeline> pipeline_of(const WindowNode& window, const std::vector<Field>& fields) {
    auto input = pipeline_of(window.input);
    if (!input) return input;
    auto pipeline = stream_window(window, fields, *input, context_);
    if (!pipeline) return pass(std::move(pipeline));
    if (*pipeline) return **std::move(pipeline);
    auto rows = collect(*input, context_);
    if (!rows) return pass(std::move(rows));
    auto relation = run_window(window, fields, **rows, context_);
    if (relation) relation = kept(*std::move(relation), context_);
    if (!relation) return pass(std::move(relation));
    return Pipeline::over_relation(std::make_shared<const Relation>(*std::move(relation)));
  }

  Result<Relation> compute(const Plan& plan) {
    return std::visit([&](const auto& node) { return compute(node, plan.fields); }, plan.node);
  }

  using Fields = std::vector<Field>;

  // Streaming nodes are parts of pipelines and never computed on their own.
  Result<Relation> compute(const ScanNode&, const Fields&) { return not_an_operator(); }
  Result<Relation> compute(const FilterNode&, const Fields&) { return not_an_operator(); }
  Result<Relation> compute(const ProjectNode&, const Fields&) { return not_an_operator(); }
  static Result<Relation> not_an_operator() {
    return fail(ErrorCode::kInternal, "A streaming node was computed on its own.");
  }

  Result<Relation> compute(const AggregateNode& node, const Fields& fields) {
    auto split = allocated_sums(node, fields);
    if (!split) return pass(std::move(split));
    if (*split) return **std::move(split);
    wanted_.note_reader(node);
    auto input = pipeline_of(node.input);
    if (!input) return pass(input);
    auto groups = run_aggregate(node, fields, *input, context_, wanted_.of(node));
    if (groups && groups->is_cut) cut_groups_.insert(&node);
    return groups;
  }
  Result<std::optional<Relation>> allocated_sums(const AggregateNode& node, const Fields& fields) {
    const auto found =
        find_allocated_sums(node, [this](const Plan& plan) { return readers_.is_shared(plan); });
    if (!found) return std::nullopt;
    auto right = relation_of(found->join->right);
    if (!right) return pass(std::move(right));
    auto left = pipeline_of(found->counts->input);
    if (!left) return pass(std::move(left));
    return run_allocated_sums(*found, fields, *left, **right, context_);
  }
  Result<Relation> compute(const LimitNode& node, const Fields& fields) {
    return over_pipeline(node, fields, run_limit);
  }
  Result<Relation> compute(const ExpandNode& node, const Fields& fields) {
    return over_pipeline(node, fields, run_expand);
  }
  Result<Relation> compute(const SortNode& node, const Fields& fields) {
    return over_relation(node, fields, run_sort);
  }
  Result<Relation> compute(const TopNode& node, const Fields& fields) {
    const AggregateNode* const groups = wanted_.note_reader(node);
    const auto run = [&](const TopNode& top, const Fields& of, Relation rows,
                         ExecutionContext& context) {
      const bool is_cut = groups != nullptr && cut_groups_.contains(groups);
      return run_top(top, of, std::move(rows), context, is_cut);
    };
    if (!streams(*node.input)) return over_relation(node, fields, run);
    auto input = pipeline_of(node.input);
    if (!input) return pass(input);
    const auto run_over = [&](const TopNode& top, const Fields& of,
                              const Pipeline& from) -> Result<Relation> {
      if (groups == nullptr || !cut_groups_.contains(groups)) {
        auto screened = screened_rows(top, from, context_);
        if (!screened) return pass(std::move(screened));
        if (*screened) return run(top, of, **std::move(screened), context_);
      }
      auto rows = collect(from, context_);
      if (!rows) return pass(rows);
      return run(top, of, **rows, context_);
    };
    if (const auto telling = TellingTop::of(node, projected_[&node], *input)) {
      auto rows = run_over(telling->top(), telling->input().fields(), telling->input());
      if (!rows) return rows;
      auto whole = telling->completed(*std::move(rows), context_);
      if (!whole) return pass(std::move(whole));
      if (*whole) return **std::move(whole);
    }
    return run_over(node, fields, *input);
  }
  Result<Relation> compute(const WindowNode& node, const Fields& fields) {
    return over_relation(
        node, fields,
        [](const auto& window, const Fields& of, Relation input, ExecutionContext& context) {
          return run_window(window, of, std::move(input), context);
        });
  }
  Result<Relation> compute(const ExpectNode& node, const Fields& fields) {
    return over_relation(node, fields, run_expect);
  }

  Result<Relation> compute(const JoinNode&, const Fields&) { return not_an_operator(); }

  Result<Relation> compute(const UnionNode& node, const Fields& fields) {
    std::vector<Relation> inputs;
    for (const PlanPointer& plan : node.inputs) {
      auto input = relation_of(plan);
      if (!input) return pass(input);
      inputs.push_back(**input);
    }
    return run_union(node, fields, std::move(inputs), context_);
  }

  template <typename Node, typename Operator>
  Result<Relation> over_pipeline(const Node& node, const Fields& fields, Operator run) {
    auto input = pipeline_of(node.input);
    if (!input) return pass(input);
    return run(node, fields, *input, context_);
  }

  template <typename Node, typename Operator>
  Result<Relation> over_relation(const Node& node, const Fields& fields, Operator run) {
    auto input = relation_of(node.input);
    if (!input) return pass(input);
    return run(node, fields, **input, context_);
  }

  ExecutionContext& context_;
  RunProfile* profile_;
  std::vector<std::pair<const Plan*, Pipeline>> scans_;
  PlanReaders readers_;
  WantedGroups wanted_;
  std::unordered_set<const AggregateNode*> cut_groups_;  // as their reader wants them
  // What alone reads a top.
  std::unordered_map<const TopNode*, const ProjectNode*> projected_;
  std::unordered_map<const Plan*, SharedRelation> computed_;
  std::unordered_map<const Plan*, Joined> joined_;
};

}  // namespace

struct Execution::State {
  State(std::vector<PlanPointer> all, const Snapshot& snapshot, const ExecutionOptions& options,
        RunProfile* noted)
      : plans(std::move(all)),
        context(snapshot, options),
        runner(plans, context, noted),
        profile(noted) {}

  std::vector<PlanPointer> plans;
  ExecutionContext context;
  PlanRunner runner;
  RunProfile* profile;
};

Execution::Execution(std::vector<PlanPointer> plans, const Snapshot& snapshot,
                     const ExecutionOptions& options, RunProfile* profile)
    : state_(std::make_unique<State>(std::move(plans), snapshot, options, profile)) {}

Execution::~Execution() = default;

Result<void> Execution::run(std::size_t plan, const BatchSink& sink) {
  State& state = *state_;
  if (auto done = state.runner.run(state.plans[plan], sink); !done) return done;
  if (state.profile != nullptr) state.runner.note_scans();
  state.runner.keep_for(std::span(state.plans).subspan(plan + 1));
  return state.context.check_domains();
}

Result<void> execute(const PlanPointer& plan, const Snapshot& snapshot,
                     const ExecutionOptions& options, const BatchSink& sink) {
  return Execution({plan}, snapshot, options).run(0, sink);
}

Result<void> execute(const PlanPointer& plan, const Snapshot& snapshot,
                     const ExecutionOptions& options, const BatchSink& sink, RunProfile& profile) {
  return Execution({plan}, snapshot, options, &profile).run(0, sink);
}

Result<Relation> execute(const PlanPointer& plan, const Snapshot& snapshot,
                         const ExecutionOptions& options) {
  ExecutionContext context(snapshot, options);
  auto relation = PlanRunner({plan}, context).relation_of(plan);
  if (!relation) return pass(std::move(relation));
  if (auto sound = context.check_domains(); !sound) return pass(sound);
  auto rows = in_memory(**relation, context);
  if (!rows) return rows;
  rows->fields = plan->fields;
  rows->held.reset();  // what it takes is the caller's now
  return rows;
}

}  // namespace stave
