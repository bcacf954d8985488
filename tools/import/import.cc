// One load from beginning to commit, pass by pass. Whatever fails before the commit leaves the
// store as it was: the transaction takes back what it wrote.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>

#include "stave/import.h"
#include "storage/store_files.h"
#include "storage/transaction.h"
#include "tools/import/artist_credits.h"
#include "tools/import/chunk_reader.h"
#include "tools/import/column_assembly.h"
#include "tools/import/deduplication.h"
#include "tools/import/dimension_upsert.h"
#include "tools/import/fact_assembly.h"
#include "tools/import/import_run.h"
#include "tools/import/input_description.h"
#include "tools/import/load.h"
#include "tools/import/load_ledger.h"
#include "tools/import/load_pipeline.h"
#include "tools/import/load_preview.h"
#include "tools/import/memory_limit.h"
#include "tools/import/parallel.h"
#include "tools/import/target_table.h"

namespace stave::loading {

namespace {

Failure too_many_rejects(const Load& load, const ImportRun& run) {
  std::string first;
  for (const std::string& line : load.rejects.first()) first += "\n  " + line;
  const std::uint64_t count = load.rejects.count();
  const std::string tolerance = load.options.max_rejects_percent
                                    ? fmt::format("{}%", *load.options.max_rejects_percent)
                                    : fmt::format("{}", load.options.max_rejects);
  return fail(
      ErrorCode::kTooManyRejects,
      fmt::format("Too many rows were rejected; nothing {}was imported: {} rejected, {} "
                  "tolerated.{}{}\nAll of them are in {}. Correct the input, or tolerate "
                  "them with `--max-rejects`.",
                  run.in_steps ? "of this step " : "", count, tolerance, first,
                  count > load.rejects.first().size() ? "\n  ..." : "", load.rejects.path()));
}

bool exceeds_tolerance(const Load& load, const ImportRun& run) {
  const std::uint64_t rejected = load.rejects.count();
  if (rejected == 0) return false;
  if (!load.options.max_rejects_percent) return rejected > load.options.max_rejects;
  const auto all = static_cast<double>(run.rows + load.rows + rejected);
  return static_cast<double>(rejected) * 100.0 > *load.options.max_rejects_percent * all;
}

Result<void> parse_inputs(Load& load, ChunkReader& reader, const ImportRun& run) {
  Result<void> parsed = run_pipeline(load, reader);
  if (Result<void> finished = load.rejects.finish(); !finished) return finished;
  if (Result<void> finished = load.corrections.finish(); !finished) return finished;
  if (!parsed && parsed.error().code == ErrorCode::kTooManyRejects)
    return too_many_rejects(load, run);
  if (!parsed) return parsed;
  if (exceeds_tolerance(load, run)) return too_many_rejects(load, run);
  return {};
}

Result<void> put_together(Load& load, ImportRun& run, ImportSummary& summary) {
  Result<std::vector<ColumnConversion>> conversions = settle_columns(load);
  if (!conversions) return pass(conversions);
  Result<void> entered = enter_target_table(load.table, load.transaction.manifest());
  if (!entered) return entered;
  if (load.table.schema().kind == TableKind::kFact) {
    if (load.options.deduplication.wanted()) {
      Result<std::uint64_t> removed = remove_repeated_rows(load, *conversions);
      if (!removed) return pass(removed);
      summary.removed = *removed;
    }
    if (Result<void> assembled = assemble_facts(load, *conversions); !assembled) return assembled;
    if (!load.table.schema().time_column.empty()) {
      for (const auto& [day, pieces] : load.pieces.days()) run.days.insert(day);
    }
    summary.partitions = run.days.size();
    summary.rows = load.rows - summary.removed;
    return {};
  }
  Result<RowTargets> targets = upsert_dimension(load, *conversions);
  if (!targets) return pass(targets);
  summary.inserted = targets->inserted;
  summary.updated = targets->updated;
  summary.duplicates = targets->duplicates;
  summary.rows = targets->inserted + targets->updated;
  const auto brought = [&](const char* name) {
    const int column = load.table.schema().find_column(name);
    return column >= 0 && load.table.is_brought(static_cast<std::size_t>(column));
  };
  if (load.options.before_commit) load.touched = targets->positions;
  if (!targets->positions.empty() &&
      needs_artist_credits(load.transaction.manifest().schema, load.table, brought("artists"),
                           brought("artist_id"))) {
    return derive_artist_credits(load, *targets);
  }
  return {};
}

// Of the files that `after` names and `before` does not.
std::uint64_t added_bytes(const std::vector<FileReference>& before, const Manifest& after) {
  std::set<std::string> known;
  for (const FileReference& file : before) known.insert(file.path);
  std::uint64_t bytes = 0;
  for (const FileReference& file : files_of(after)) {
    bytes += known.contains(file.path) ? 0 : file.size;
  }
  return bytes;
}

void enter_into_ledger(Load& load, const ChunkReader& reader, const ImportSummary& summary) {
  LoadState state;
  state.id = load.load_id;
  state.table = summary.table;
  state.snapshot = load.transaction.manifest().snapshot + 1;
  state.at = std::chrono::duration_cast<std::chrono::microseconds>(
                 std::chrono::system_clock::now().time_since_epoch())
                 .count();
  state.rows = summary.rows;
  state.rejected = summary.rejected;
  state.duplicates = summary.duplicates;
  state.files = reader.files();
  load.transaction.manifest().operation =
      fmt::format("import of {}, load {}", state.table, state.id);
  load.transaction.manifest().loads.push_back(std::move(state));
}

Result<ImportSummary> import_table(ImportRun& run, Transaction& transaction, LoadTable& table,
                                   const std::vector<std::string>& files) {
  const ImportOptions& options = run.options;
  ImportSummary summary;
  summary.table = table.schema().name;
  if (Result<void> checked = check_format(options.format); !checked) return pass(checked);
  Result<ValueParser> values = ValueParser::find(options.values, transaction.manifest().timezone);
  if (!values) return pass(values);
  if (options.format.escape == QuoteEscape::kLetters) values->nulls.emplace_back("\\N");
  std::vector<std::string> fresh = files;
  if (!options.again && run.stream == nullptr) {
    Result<LedgerAnswer> answer = ask_ledger(transaction.manifest(), summary.table, files);
    if (!answer) return pass(answer);
    fresh = std::move(answer->fresh);
    summary.skipped_files = std::move(answer->skipped);
  }
  summary.snapshot = transaction.manifest().snapshot;
  if (fresh.empty()) return summary;

  Result<std::string> spill_path = transaction.temporary_path("pieces");
  if (!spill_path) return pass(spill_path);
  const std::uint64_t memory = memory_of(options.memory_limit);
  Load load{options,
            transaction,
            table,
            std::move(*values),
            thread_count(options.threads),
            transaction.manifest().next_load_id++,
            {},
            PieceStore(transaction.files(), *spill_path, memory / 2),
            run.rejects,
            run.corrections,
            {},
            {},
            0,
            {}};
  transaction.work_with(load.threads);
  load.numbers_rows = options.deduplication.wanted() && may_span_days(table, options.deduplication);
  const std::uint64_t rejected_before = run.rejects.count();
  const std::vector<FileReference> files_before = files_of(transaction.manifest());
  load.domains.by_column.resize(table.schema_columns(), nullptr);
  ChunkReader reader(fresh, options.format, options.extra_columns, table);
  reader.read_with({load.threads, options.cancelled, run.stream});
  if (Result<void> parsed = parse_inputs(load, reader, run); !parsed) return pass(parsed);
  if (!options.again) {
    for (const LoadedFile& file : reader.files()) {
      if (!is_in_ledger(transaction.manifest(), summary.table, file)) continue;
      if (reader.files().size() == 1) {
        summary.skipped_files.push_back(file.name);
        return summary;
      }
      return fail(
          ErrorCode::kInvalidData,
          fmt::format("An input was imported into {} before: {}. Leave it out, or import it "
                      "once more with `--again`.",
                      summary.table, file.name));
    }
  }
  summary.load_id = load.load_id;
  summary.rejected = run.rejects.count() - rejected_before;
  summary.rejects_path = run.rejects.path();
  summary.bytes = reader.bytes_read();
  if (Result<void> done = put_together(load, run, summary); !done) return pass(done);
  for (std::size_t i = table.schema_columns(); i < table.columns(); ++i) {
    summary.new_columns.push_back(table.column(i).name);
  }
  summary.inputs = describe_inputs(reader.inputs(), load.passed_over, table);
  if (Result<void> allowed = ask_before_commit(load, run.store, summary); !allowed)
    return pass(allowed);
  enter_into_ledger(load, reader, summary);
  if (load.cancelled()) return cancelled_failure();
  if (options.dry_run) {
    if (Result<void> domains = transaction.finish_domains(); !domains) return pass(domains);
    summary.stored_bytes = added_bytes(files_before, transaction.manifest());
    return summary;
  }
  Result<std::uint64_t> snapshot = transaction.commit();
  if (!snapshot) return pass(snapshot);
  summary.snapshot = *snapshot;
  summary.loads.push_back(summary.load_id);
  run.rows += load.rows;
  summary.stored_bytes = added_bytes(files_before, transaction.manifest());
  return summary;
}

}  // namespace

Result<ImportSummary> import_load(ImportRun& run, const std::vector<std::string>& files) {
  Result<std::unique_ptr<Transaction>> transaction = Transaction::begin(run.store);
  if (!transaction) return pass(transaction);
  Result<LoadTable> target =
      find_target_table((*transaction)->manifest().schema, run.table, run.options.create);
  if (!target) return pass(target);
  Result<void> possible = check_deduplication(*target, run.options.deduplication);
  if (!possible) return pass(possible);
  if (!run.options.map_path.empty()) {
    Result<ColumnMap> map = ColumnMap::read(run.options.map_path);
    if (!map) return pass(map);
    target->use(std::move(*map));
  }
  Result<ImportSummary> summary = import_table(run, **transaction, *target, files);
  if (summary && !summary->loads.empty()) {
    summary->corrections = run.corrections.keep();
  } else {
    run.corrections.discard();
  }
  return summary;
}

}  // namespace stave::loading
