// A call that is resumed needs no notes of its own: the ledger knows by their content which files
// are in. Steps bound what is lost by an interruption and, with it, how much is held at once.
#include "tools/import/import_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>

#include "storage/snapshot.h"
#include "tools/import/correction_origin.h"
#include "tools/import/load_ledger.h"
#include "tools/import/target_table.h"

namespace stave {

namespace loading {

namespace {

struct Step {
  std::vector<std::string> files;
  std::uint64_t bytes = 0;  // as they lie on disk
  bool has_size = true;
};

// What has no size, such as a pipe, is a step of its own.
std::vector<Step> steps_of(const std::vector<std::string>& files, std::uint64_t step_bytes) {
  std::vector<Step> steps;
  for (const std::string& file : files) {
    std::error_code error;
    std::uint64_t size = std::filesystem::file_size(file, error);
    const bool has_size = !error;
    if (!has_size) size = 0;
    const bool fits = !steps.empty() && has_size && steps.back().has_size &&
                      steps.back().bytes + size <= step_bytes;
    if (!fits) steps.emplace_back();
    steps.back().files.push_back(file);
    steps.back().bytes += size;
    steps.back().has_size = has_size;
  }
  return steps;
}

template <typename T>
void append(const std::vector<T>& more, std::vector<T>& all) {
  all.insert(all.end(), more.begin(), more.end());
}

void add_step(const ImportSummary& step, ImportSummary& all) {
  all.table = step.table;
  if (step.load_id != 0) all.load_id = step.load_id;
  all.snapshot = step.snapshot;
  append(step.loads, all.loads);
  all.rows += step.rows;
  all.inserted += step.inserted;
  all.updated += step.updated;
  all.duplicates += step.duplicates;
  all.removed += step.removed;
  all.rejected += step.rejected;
  all.bytes += step.bytes;
  all.stored_bytes += step.stored_bytes;
  all.partitions = step.partitions;
  append(step.new_columns, all.new_columns);
  append(step.skipped_files, all.skipped_files);
  all.rejects_path = step.rejects_path;
  append(step.corrections, all.corrections);
  append(step.inputs, all.inputs);
}

Failure stopped_between(Error error, const ImportSummary& done, std::size_t files_in,
                        std::size_t files_in_all) {
  if (done.loads.empty()) return Failure(std::move(error));
  if (error.code == ErrorCode::kCancelled) error.message = "The import was cancelled.";
  error.message += fmt::format(
      "\n{} of {} files are in the store, as {} {} to {}. The same command goes on with the "
      "others.",
      files_in, files_in_all, done.loads.size() == 1 ? "load" : "loads", done.loads.front(),
      done.loads.back());
  return Failure(std::move(error));
}

// Which of the files are not in the table yet. A table that will be made has none.
Result<LedgerAnswer> find_fresh_files(const ImportRun& run, const std::vector<std::string>& files) {
  Result<std::shared_ptr<const Snapshot>> snapshot = Snapshot::open(run.store);
  if (!snapshot) return pass(snapshot);
  const Manifest& manifest = (*snapshot)->manifest();
  Result<LoadTable> target = find_target_table(manifest.schema, run.table, run.options.create);
  if (!target) return pass(target);
  return ask_ledger(manifest, target->schema().name, files);
}

Result<ImportSummary> import_in_steps(ImportRun& run, const std::vector<std::string>& files) {
  Result<LedgerAnswer> answer = find_fresh_files(run, files);
  if (!answer) return pass(answer);
  if (answer->fresh.empty()) return import_load(run, files);
  if (Result<void> kept = run.rejects.go_on_without(answer->fresh); !kept) return pass(kept);
  const std::vector<Step> steps = steps_of(answer->fresh, run.options.step_bytes);
  ImportProgress before;
  for (const Step& step : steps) before.bytes_total += step.bytes;
  if (!std::ranges::all_of(steps, &Step::has_size)) before.bytes_total = 0;
  if (const auto on_progress = run.options.on_progress) {
    run.options.on_progress = [on_progress, &before](const ImportProgress& of_step) {
      on_progress({before.bytes_read + of_step.bytes_read, before.bytes_total,
                   before.rows + of_step.rows, of_step.rejected});
    };
  }
  ImportSummary all;
  std::size_t files_in = answer->skipped.size();
  all.skipped_files = std::move(answer->skipped);
  for (const Step& step : steps) {
    Result<ImportSummary> done = import_load(run, step.files);
    if (!done) return stopped_between(done.error(), all, files_in, files.size());
    add_step(*done, all);
    files_in += step.files.size();
    before.bytes_read += step.bytes;
    before.rows = run.rows;
    run.in_steps = true;
  }
  return all;
}

}  // namespace

}  // namespace loading

namespace {

// Runs an import, whatever it throws, and takes its time.
template <typename Import>
Result<ImportSummary> timed(const Import& import) {
  const auto begin = std::chrono::steady_clock::now();
  try {
    Result<ImportSummary> summary = import();
    if (summary) {
      const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
      summary->seconds = elapsed.count();
    }
    return summary;
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kInternal,
                "The import needs more memory than the machine gives. Lower `--memory-limit`, or "
                "import fewer files at once.");
  } catch (const std::exception& exception) {
    return fail(ErrorCode::kInternal, std::string("The import failed: ") + exception.what() + ".");
  }
}

}  // namespace

Result<ImportSummary> import_files(const std::string& store, const std::string& table,
                                   const std::vector<std::string>& files,
                                   const ImportOptions& options) {
  if (files.empty()) {
    return fail(ErrorCode::kInvalidArgument, "No file to import was named. Give at least one.");
  }
  if (options.resume && options.again) {
    return fail(ErrorCode::kInvalidArgument,
                "`--resume` leaves out files that were imported before, `--again` imports them: "
                "choose one.");
  }
  return timed([&] {
    Result<loading::KnownOrigin> known = loading::KnownOrigin{options, ""};
    if (files.size() == 1) known = loading::with_origin(files.front(), options);
    if (!known) return Result<ImportSummary>(pass(known));
    loading::ImportRun run(store, table, known->options);
    run.rejects.spare(files);
    // Nothing is there to go on from where nothing is committed.
    const bool in_steps = options.resume && !options.dry_run;
    auto summary =
        in_steps ? loading::import_in_steps(run, files) : loading::import_load(run, files);
    if (summary) summary->origin_path = known->path;
    return summary;
  });
}

Result<ImportSummary> import_stream(const std::string& store, const std::string& table,
                                    const ImportStream& stream, const ImportOptions& options) {
  return timed([&] {
    loading::ImportRun run(store, table, options);
    run.stream = &stream;
    return loading::import_load(run, {stream.name});
  });
}

}  // namespace stave
