// See run_program.h.
#include "tests/query/support/run_program.h"

#include <fmt/format.h>

#include "query/planning/optimize.h"
#include "query/running/compile.h"
#include "query/running/result_view.h"
#include "storage/kernel_dispatch.h"
#include "tests/query/support/text_sink.h"

namespace stave::testing {
namespace {

// Few enough that most steps of a program over a small store go to disk, some of them again.
constexpr std::uint64_t kSpillRows = 7;

RunWay way_of(std::string name, int threads) {
  RunWay way;
  way.name = std::move(name);
  way.execution.threads = threads;
  return way;
}

PlanPointer optimized(const PlanPointer& plan, const Manifest& manifest, unsigned rules) {
  Plans plans = {plan};
  if ((rules & kDropEmpty) != 0) plans = drop_empty(plans, manifest);
  if ((rules & kPushFilters) != 0) plans = push_filters(plans);
  if ((rules & kDropUnseenSorts) != 0) plans = drop_unseen_sorts(plans);
  if ((rules & kMergeEqual) != 0) plans = merge_equal(plans);
  if ((rules & kCutSorts) != 0) plans = cut_sorts(plans);
  if ((rules & kPruneColumns) != 0) plans = prune_columns(plans);
  return plans.front();
}

}  // namespace

std::vector<RunWay> run_ways() {
  std::vector<RunWay> ways;
  for (const int threads : {1, 2, 3, 8}) {
    ways.push_back(way_of(fmt::format("{} threads", threads), threads));
    ways.push_back(way_of(fmt::format("{} threads that spill", threads), threads));
    ways.back().execution.spill_rows = kSpillRows;
  }
  for (const std::uint32_t rows : {1U, 7U, 64U, 65'536U}) {
    ways.push_back(way_of(fmt::format("batches of {} rows", rows), 2));
    ways.back().execution.batch_rows = rows;
  }
  for (const Rule rule :
       {kDropEmpty, kPushFilters, kDropUnseenSorts, kMergeEqual, kCutSorts, kPruneColumns}) {
    ways.push_back(way_of(fmt::format("all rules of the optimizer but {}", unsigned{rule}), 2));
    ways.back().rules = kAllRules & ~unsigned{rule};
  }
  ways.push_back(way_of("no rule of the optimizer", 2));
  ways.back().rules = 0;
  for (std::uint64_t rest = static_cast<std::uint64_t>(machine_targets()); rest != 0;
       rest &= rest - 1) {
    ways.push_back(way_of(fmt::format("kernels for target {:#x}", rest & (~rest + 1)), 2));
    ways.back().kernel_targets = static_cast<std::int64_t>(rest & (~rest + 1));
  }
  return ways;
}

Result<std::string> run_program(const Store& store, std::string_view program, const RunWay& way) {
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> warnings;
  const auto compiled = compile(store.snapshot(), program, QueryOptions(), diagnostics, warnings,
                                CompileFor::kTranslating);
  if (!compiled) return pass(compiled);
  const BoundPipeline& pipeline = compiled->pipelines.at(0);
  ExecutionOptions execution = way.execution;
  execution.timezone = compiled->zone.name();
  execution.week_start = compiled->week_start;
  TextSink sink;
  if (auto begun = sink.begin(pipeline.columns); !begun) return pass(begun);
  use_kernel_targets(way.kernel_targets);
  const auto plan = optimized(pipeline.plan, store.snapshot().manifest(), way.rules);
  const auto ran = execute(plan, store.snapshot(), execution, [&](const Batch& batch) {
    return sink.batch(BatchView(batch, compiled->zone));
  });
  use_kernel_targets(0);
  if (!ran) return pass(ran);
  return sink.results().at(0);
}

}  // namespace stave::testing
