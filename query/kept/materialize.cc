// Computing what is kept: over a snapshot, without the lock; then, under it, put in place.
#include "stave/materialize.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "engine/execute.h"
#include "query/kept/kept_program.h"
#include "query/kept/kept_rows.h"
#include "query/planning/optimize.h"
#include "query/running/result_view.h"
#include "storage/guarded.h"
#include "storage/store_folder.h"
#include "storage/store_root.h"

namespace stave {
namespace {

using RowsByPeriod = std::map<std::int32_t, KeptRowsWriter>;

// The days of the facts that lie in one of the periods.
std::vector<std::int32_t> days_in(const KeptProgram& program, const Manifest& manifest,
                                  const std::vector<std::int32_t>& periods) {
  const std::set<std::int32_t> wanted(periods.begin(), periods.end());
  std::set<std::int32_t> days;
  for (const auto& [name, columns] : program.sources.facts) {
    for (const SegmentState& segment : manifest.find_table(name)->segments) {
      if (wanted.contains(period_of(segment.day, program.partitioned.unit))) {
        days.insert(segment.day);
      }
    }
  }
  return {days.begin(), days.end()};
}

std::int32_t period_at(const BatchView& view, std::uint32_t row, const KeptProgram& program) {
  const PartitionedPlan& partitioned = program.partitioned;
  if (partitioned.unit == KeptUnit::kWhole) return 0;
  const auto column = static_cast<std::size_t>(partitioned.carrier);
  if (view.is_null(row, column)) return kNoDay;
  const std::int64_t value = view.int64_at(row, column);
  const bool is_date = partitioned.plan->fields[column].type.kind == TypeKind::kDate;
  const std::int64_t day = is_date ? value : program.zone.day_of(value);
  return period_of(static_cast<std::int32_t>(day), partitioned.unit);
}

// The rows of the periods that are stale, by period.
Result<RowsByPeriod> compute(const KeptProgram& program, const Staleness& stale,
                             const Snapshot& snapshot, const QueryOptions& options) {
  const Manifest& manifest = snapshot.manifest();
  PlanPointer plan = program.partitioned.plan;
  if (!stale.everything) {
    plan = restrict_to_days(plan, manifest, days_in(program, manifest, stale.periods));
  }
  ExecutionOptions execution;
  execution.threads = options.threads;
  execution.memory_limit = options.memory_limit;
  execution.timezone = program.zone.name();
  execution.week_start = program.week_start;
  execution.cancelled = options.cancelled;
  RowsByPeriod rows;
  auto ran = execute(optimize(plan, manifest), snapshot, execution,
                     [&](const Batch& batch) -> Result<void> {
                       const BatchView view(batch, program.zone);
                       for (std::uint32_t row = 0; row < batch.rows; ++row) {
                         const std::int32_t period = period_at(view, row, program);
                         rows.try_emplace(period, program.columns).first->second.add(view, row);
                       }
                       return {};
                     });
  if (!ran) return pass(ran);
  return rows;
}

// What the paths of a table led to before, where that is what they lead to now: the same files, and
// no key more.
const KeptPaths* paths_as_before(const KeptResult* before, const std::string& table,
                                 std::uint64_t files, const Manifest& manifest) {
  if (before == nullptr) return nullptr;
  const auto known = std::ranges::find(before->paths, table, &KeptPaths::table);
  if (known == before->paths.end() || known->files != files) return nullptr;
  const TableSchema& schema = *manifest.schema.find_table(table);
  const DomainState* keys = manifest.find_domain(
      schema.columns[static_cast<std::size_t>(schema.find_column(schema.key[0]))].domain);
  return keys != nullptr && known->rows.size() == std::size_t{keys->size} + 1 ? &*known : nullptr;
}

Result<KeptResult> put_together(const KeptProgram& program, const Staleness& stale,
                                const KeptResult* before, RowsByPeriod rows,
                                const Snapshot& snapshot) {
  const Manifest& manifest = snapshot.manifest();
  KeptResult result;
  result.program = program.fingerprint;
  result.unit = program.partitioned.unit;
  result.descending = program.partitioned.descending;
  result.snapshot = manifest.snapshot;
  result.computed_at = current_microseconds();
  result.columns = program.columns;
  const bool is_whole = result.unit == KeptUnit::kWhole;
  result.sources = is_whole ? all_sources(program.sources, manifest) : program.sources.others;
  for (const auto& [table, paths] : program.sources.paths) {
    if (is_whole) break;
    const std::uint64_t files = fingerprint_of_files(paths, manifest);
    if (const KeptPaths* known = paths_as_before(before, table, files, manifest)) {
      result.paths.push_back(*known);
      continue;
    }
    auto fingerprints = fingerprints_by_code(paths, snapshot);
    if (!fingerprints) return pass(fingerprints);
    result.paths.push_back({table, files, *std::move(fingerprints)});
  }
  std::map<std::int32_t, std::uint64_t> periods{{0, 0}};
  if (!is_whole) periods = fingerprints_by_period(program.sources, manifest, result.unit);
  const std::set<std::int32_t> again(stale.periods.begin(), stale.periods.end());
  for (const auto& [period, fingerprint] : periods) {
    KeptPart part{period, fingerprint, 0, {}};
    if (!stale.everything && !again.contains(period)) {
      part = *std::ranges::find(before->parts, period, &KeptPart::period);
    } else {
      KeptRowsWriter& writer = rows.try_emplace(period, program.columns).first->second;
      part.rows = writer.rows();
      part.bytes = writer.finish();
      rows.erase(period);
    }
    result.parts.push_back(std::move(part));
  }
  if (!rows.empty()) {
    return fail(ErrorCode::kInternal,
                fmt::format("A report gave rows of a period that was not asked for: {} of {}. "
                            "Please report this.",
                            rows.size(), program.question.report));
  }
  return result;
}

// Brings one result up to date where it is not.
Result<RefreshedReport> bring_up_to_date(FileSystem& files, const Store& store,
                                         const std::string& name, const QueryOptions& options,
                                         bool full) {
  std::string why_not;
  const auto program = compile_kept(store.snapshot(), name, options, why_not);
  if (!program) return pass(program);
  if (!*program) return fail(ErrorCode::kInvalidArgument, why_not);
  const auto entries = read_kept_index(files);
  if (!entries) return pass(entries);
  const auto entry = std::ranges::find(*entries, (*program)->question, &KeptEntry::question);
  std::optional<KeptResult> before;
  if (entry != entries->end() && entry->number != 0 && !full) {
    auto read = read_kept_result(files, *entry);
    if (read) {
      before = *std::move(read);
    } else if (read.error().code != ErrorCode::kDamaged) {
      return pass(read);
    }
  }
  auto stale = staleness_of(**program, before ? &*before : nullptr, store.snapshot());
  if (!stale) return pass(stale);
  if (full) stale->because = "all of it was asked for";
  RefreshedReport refreshed{name,
                            (*program)->question.parameters,
                            std::string(name_of((*program)->partitioned.unit)),
                            0,
                            0,
                            0,
                            stale->because};
  const auto count = [&](const KeptResult& result) {
    refreshed.periods = result.parts.size();
    for (const KeptPart& part : result.parts) refreshed.rows += part.rows;
  };
  if (stale->is_fresh()) {
    count(*before);
    return refreshed;
  }
  RowsByPeriod rows;
  if (stale->everything || !stale->periods.empty()) {
    auto computed = compute(**program, *stale, store.snapshot(), options);
    if (!computed) return pass(computed);
    rows = *std::move(computed);
  }
  const auto result = put_together(**program, *stale, before ? &*before : nullptr, std::move(rows),
                                   store.snapshot());
  if (!result) return pass(result);
  count(*result);
  refreshed.computed = stale->everything ? refreshed.periods : stale->periods.size();
  const auto lock = files.lock(kLockPath);
  if (!lock) return pass(lock);
  if (auto kept = keep_result(files, (*program)->question, encode_kept(*result)); !kept) {
    return pass(kept);
  }
  return refreshed;
}

struct Opened {
  std::shared_ptr<FileSystem> files;
  Store store;
};

Result<Opened> open(const std::string& path) {
  auto files = open_store_root(path);
  if (!files) return pass(files);
  auto store = Store::open(path);
  if (!store) return pass(store);
  return Opened{*std::move(files), *std::move(store)};
}

std::string time_text(std::int64_t microseconds) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(microseconds / 1'000'000));
}

// A report that does not compile any more, or cannot be kept any more, is stale for that.
Result<KeptReport> describe_kept(const Store& store, const KeptEntry& entry) {
  KeptReport described;
  described.name = entry.question.report;
  described.parameters = entry.question.parameters;
  described.now = entry.question.now;
  described.bytes = entry.bytes;
  if (entry.number == 0) {
    described.stale_because = "it was dropped by a repair";
    return described;
  }
  const auto kept = read_kept_result(store.snapshot().files(), entry);
  if (!kept) {
    if (kept.error().code != ErrorCode::kDamaged) return pass(kept);
    described.stale_because = "it is damaged";
    return described;
  }
  described.kept_by = name_of(kept->unit);
  described.periods = described.stale_periods = kept->parts.size();
  for (const KeptPart& part : kept->parts) described.rows += part.rows;
  described.snapshot = kept->snapshot;
  described.computed_at = time_text(kept->computed_at);
  std::string why_not;
  const auto program = compile_kept(store.snapshot(), described.name,
                                    options_of(entry.question, QueryOptions()), why_not);
  if (!program || !*program) {
    described.stale_because = "the report does not run any more";
    return described;
  }
  const auto stale = staleness_of(**program, &*kept, store.snapshot());
  if (!stale) return pass(stale);
  described.is_fresh = stale->is_fresh();
  described.stale_because = stale->because;
  if (!stale->everything) described.stale_periods = stale->periods.size() + stale->gone.size();
  return described;
}

}  // namespace

Result<std::vector<KeptReport>> list_kept_reports(const Store& store) {
  return guarded("kept reports were listed", [&]() -> Result<std::vector<KeptReport>> {
    const auto entries = read_kept_index(store.snapshot().files());
    if (!entries) return pass(entries);
    std::vector<KeptReport> all;
    for (const KeptEntry& entry : *entries) {
      auto described = describe_kept(store, entry);
      if (!described) return pass(described);
      all.push_back(*std::move(described));
    }
    return all;
  });
}

Result<RefreshedReport> materialize(const std::string& path, const std::string& name,
                                    const QueryOptions& options) {
  return guarded("a report was kept", [&]() -> Result<RefreshedReport> {
    if (!options.metrics.empty() || options.skip_damaged) {
      return fail(ErrorCode::kInvalidArgument,
                  "A report is kept as the store alone makes it. Leave metrics and damaged days "
                  "aside.");
    }
    const auto opened = open(path);
    if (!opened) return pass(opened);
    QueryOptions named = options;
    named.origin = name;
    return bring_up_to_date(*opened->files, opened->store, name, named, false);
  });
}

Result<std::vector<RefreshedReport>> refresh(const std::string& path,
                                             const RefreshOptions& options) {
  return guarded("kept reports were refreshed", [&]() -> Result<std::vector<RefreshedReport>> {
    const auto opened = open(path);
    if (!opened) return pass(opened);
    const auto entries = read_kept_index(*opened->files);
    if (!entries) return pass(entries);
    QueryOptions like;
    like.threads = options.threads;
    like.memory_limit = options.memory_limit;
    like.cancelled = options.cancelled;
    std::vector<RefreshedReport> all;
    for (const KeptEntry& entry : *entries) {
      auto refreshed = bring_up_to_date(*opened->files, opened->store, entry.question.report,
                                        options_of(entry.question, like), options.full);
      if (!refreshed) {
        return fail(
            refreshed.error().code,
            fmt::format("The kept report {} cannot be refreshed: {} `stave refresh STORE "
                        "--forget {}` drops it.",
                        entry.question.report, refreshed.error().message, entry.question.report));
      }
      all.push_back(*std::move(refreshed));
    }
    return all;
  });
}

Result<std::uint64_t> forget_kept_report(const std::string& path, const std::string& name) {
  return guarded("a kept report was forgotten", [&]() -> Result<std::uint64_t> {
    const auto files = open_store_root(path);
    if (!files) return pass(files);
    if (auto marked = read_marker(**files); !marked) return pass(marked);
    const auto lock = (*files)->lock(kLockPath);
    if (!lock) return pass(lock);
    return forget_results(**files, name);
  });
}

}  // namespace stave
