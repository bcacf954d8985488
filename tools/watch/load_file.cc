// See load_file.h.
#include "tools/watch/load_file.h"

#include <fmt/format.h>

#include "tools/import/correction_files.h"
#include "tools/watch/file_away.h"

namespace stave::watching {

namespace {

Result<ImportSummary> import(const std::string& store, const Inbox& inbox, const InboxFile& file,
                             const WatchOptions& options, LoadReport& report) {
  const std::string rejects = rejects_folder_of(file);
  if (Result<void> made = inbox.make_folders(rejects); !made) return pass(made);
  const auto own = options.import_of.find(file.table);
  ImportOptions import = own == options.import_of.end() ? options.import : own->second;
  import.rejects_directory = inbox.full(rejects);
  import.cancelled = options.cancelled;
  import.again = import.resume = import.dry_run = false;
  if (!options.rules.empty()) {
    QualityOptions quality;
    quality.now = microseconds_now();
    quality.arrival = file.mark.modified / 1'000;
    quality.threads = import.threads;
    quality.memory_limit = import.memory_limit;
    quality.cancelled = options.cancelled;
    import.before_commit = quality_gate(options.rules, quality, report.rules);
  }
  Result<ImportSummary> imported = import_files(store, file.table, report.files, import);
  // Of an attempt that was killed.
  if (imported && imported->load_id != 0 && imported->rejected == 0) {
    const std::string rows = loading::correction_name(file.name) + loading::kUnfinishedEnding;
    for (const std::string& left : {std::string("rejects.csv"), rows}) {
      if (Result<void> removed = inbox.remove(rejects + "/" + left); !removed) return imported;
    }
  }
  return imported;
}

Error changed_behind(const InboxFile& file, std::uint64_t load) {
  return {ErrorCode::kInvalidData,
          fmt::format("A file was written to while it was imported: {}. Load {} has what was read. "
                      "Take it back (`stave imports STORE --undo {}`) and put the whole file into "
                      "the inbox; write it under a name such as NAME.part first.",
                      file.path(), load, load)};
}

}  // namespace

LoadedRun load_file(const std::string& store, const Inbox& inbox, const InboxFile& file,
                    const WatchOptions& options) {
  LoadedRun loaded;
  Run& run = loaded.run;
  run.file = file;
  run.began = microseconds_now();
  run.load.table = file.table;
  run.load.files = {inbox.full(file.path())};
  Result<ImportSummary> imported = import(store, inbox, file, options, run.load);
  const std::optional<FileMark> mark = inbox.look_at(file.path());
  const bool is_changed = !mark || *mark != file.mark;
  loaded.is_gone = !mark || mark->inode != file.mark.inode;
  if (!imported) {
    run.load.error = imported.error();
    loaded.remedy = remedy_for(imported.error().code, Store::open(store).has_value());
    const bool is_of_file = loaded.remedy == Remedy::kNone || loaded.remedy == Remedy::kRead;
    if (is_of_file && is_changed) loaded.remedy = Remedy::kSettle;
  } else if (is_changed && !loaded.is_gone && imported->load_id != 0) {
    run.load.error = changed_behind(file, imported->load_id);
  } else {
    run.load.summary = *std::move(imported);
  }
  return loaded;
}

}  // namespace stave::watching
