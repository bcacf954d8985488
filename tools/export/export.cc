// The whole of an export: lay out all tables, write their pieces in any order, then scripts and
// manifest.
#include "stave/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include "storage/guarded.h"
#include "tools/export/ddl.h"
#include "tools/export/export_folder.h"
#include "tools/export/export_manifest.h"
#include "tools/export/table_export.h"

namespace stave {
namespace {

struct Work {
  std::size_t table = 0;
  std::size_t piece = 0;
};

Result<std::vector<const TableSchema*>> wanted_tables(const Schema& schema,
                                                      const std::vector<std::string>& names) {
  std::vector<const TableSchema*> tables;
  for (const std::string& name : names) {
    const TableSchema* table = schema.resolve_table(name);
    if (table == nullptr) {
      return fail(ErrorCode::kNotFound, "There is no table " + name +
                                            " in this store. `stave describe STORE` lists them.");
    }
    if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
  }
  if (names.empty()) {
    for (const TableSchema& table : schema.tables) tables.push_back(&table);
  }
  return tables;
}

class Export {
 public:
  Export(const Store& store, const ExportOptions& options)
      : snapshot_(store.snapshot()), options_(options), context_(snapshot_, execution(options)) {}

  Result<ExportSummary> run(const std::string& directory);

 private:
  static ExecutionOptions execution(const ExportOptions& options) {
    ExecutionOptions execution;
    execution.threads = options.threads;
    execution.cancelled = options.cancelled;
    return execution;
  }
  Result<void> lay_out();
  Result<void> write_tables();
  Result<std::vector<std::string>> write_scripts();
  ExportSummary summary() const;

  const Snapshot& snapshot_;
  const ExportOptions& options_;
  ExecutionContext context_;
  std::vector<std::unique_ptr<TableExport>> tables_;
  std::vector<FinishedTable> finished_;
  std::unique_ptr<ExportFolder> folder_;
};

Result<void> Export::lay_out() {
  const auto wanted = wanted_tables(snapshot_.manifest().schema, options_.tables);
  if (!wanted) return pass(wanted);
  for (const TableSchema* schema : *wanted) {
    auto table = TableExport::open(*schema, options_.by, context_);
    if (!table) return pass(table);
    for (const auto& other : tables_) {
      if (other->folder() == (*table)->folder()) {
        return fail(
            ErrorCode::kUnsupported,
            fmt::format("The tables {} and {} would share the folder {}. Export them apart.",
                        other->schema().name, schema->name, other->folder()));
      }
    }
    tables_.push_back(std::move(*table));
  }
  return {};
}

Result<void> Export::write_tables() {
  std::vector<Work> work;
  std::uint64_t rows_total = 0;
  for (std::size_t table = 0; table < tables_.size(); ++table) {
    for (std::size_t piece = 0; piece < tables_[table]->pieces(); ++piece) {
      work.push_back({table, piece});
    }
    rows_total += tables_[table]->rows();
  }
  // Text has no offset beside its times, so all of them are of one that has no gaps.
  auto zone = ProgramZone::find("UTC");
  if (!zone) return pass(zone);
  std::vector<std::unique_ptr<RowFormat>> formats;
  formats.reserve(static_cast<std::size_t>(context_.threads()));
  for (int worker = 0; worker < context_.threads(); ++worker) {
    formats.push_back(std::make_unique<RowFormat>(options_.format, options_.compression, *zone));
  }
  std::atomic<std::uint64_t> rows_done{0};
  std::vector<std::vector<ExportedFile>> files(work.size());
  auto written = context_.parallel_for(work.size(), [&](std::size_t item, int worker) {
    auto made = tables_[work[item].table]->write(
        work[item].piece, worker, *folder_, *formats[static_cast<std::size_t>(worker)], rows_done);
    if (!made) return Result<void>(pass(made));
    files[item] = std::move(*made);
    if (options_.on_progress) options_.on_progress(rows_done.load(), rows_total);
    return Result<void>();
  });
  if (!written) return written;
  if (auto checked = context_.check_domains(); !checked) return checked;
  for (const auto& table : tables_) finished_.push_back({table.get(), {}});
  for (std::size_t item = 0; item < work.size(); ++item) {
    auto& all = finished_[work[item].table].files;
    std::move(files[item].begin(), files[item].end(), std::back_inserter(all));
  }
  return {};
}

Result<std::vector<std::string>> Export::write_scripts() {
  std::vector<std::string> paths;
  for (const DdlScript& script : ddl_scripts(options_, finished_)) {
    auto file = folder_->create(script.path);
    if (!file) return pass(file);
    if (auto written = (*file)->append(script.text); !written) return pass(written);
    if (auto finished = (*file)->finish(); !finished) return pass(finished);
    paths.push_back(script.path);
  }
  return paths;
}

ExportSummary Export::summary() const {
  ExportSummary summary;
  summary.snapshot = snapshot_.manifest().snapshot;
  for (const FinishedTable& finished : finished_) {
    ExportedTable table;
    table.table = finished.table->schema().name;
    table.files = finished.files.size();
    for (const ExportedFile& file : finished.files) {
      table.rows += file.part.rows;
      table.bytes += file.part.bytes;
    }
    summary.tables.push_back(table);
  }
  return summary;
}

Result<ExportSummary> Export::run(const std::string& directory) {
  const auto begun = std::chrono::steady_clock::now();
  if (auto laid_out = lay_out(); !laid_out) return pass(laid_out);
  auto folder = ExportFolder::take(directory, options_.force);
  if (!folder) return pass(folder);
  folder_ = std::move(*folder);
  if (auto written = write_tables(); !written) return pass(written);
  const auto scripts = write_scripts();
  if (!scripts) return pass(scripts);
  const std::string manifest = export_manifest(snapshot_.manifest(), options_, finished_, *scripts);
  if (auto finished = folder_->finish(manifest); !finished) return pass(finished);
  ExportSummary result = summary();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return result;
}

}  // namespace

Result<ExportSummary> export_store(const Store& store, const std::string& directory,
                                   const ExportOptions& options) {
  return guarded("a store was exported", [&]() -> Result<ExportSummary> {
    return std::make_unique<Export>(store, options)->run(directory);
  });
}

}  // namespace stave
