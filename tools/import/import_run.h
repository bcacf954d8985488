// One call of import_files: a load, or several in steps, which share a file of rejects and how many
// of them are tolerated.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "stave/import.h"
#include "tools/import/correction_files.h"
#include "tools/import/reject_file.h"

namespace stave::loading {

struct ImportRun {
  ImportRun(std::string store_path, std::string table_name, ImportOptions import_options)
      : store(std::move(store_path)),
        table(std::move(table_name)),
        options(std::move(import_options)),
        rejects(options.rejects_directory),
        corrections(options) {}

  std::string store;
  std::string table;  // as the caller calls it
  ImportOptions options;
  const ImportStream* stream = nullptr;  // instead of files
  RejectFile rejects;
  CorrectionFiles corrections;
  bool in_steps = false;
  std::uint64_t rows = 0;       // of the loads committed before, by the parser's count
  std::set<std::int32_t> days;  // of facts
};

// One load of `files`, from the beginning of its transaction to its commit.
Result<ImportSummary> import_load(ImportRun& run, const std::vector<std::string>& files);

}  // namespace stave::loading
