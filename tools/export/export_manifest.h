// `manifest.json` of an export. Invariant: it names every file of the export but itself; nothing in
// it depends on the clock or on where the store lies.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "stave/export.h"
#include "storage/manifest.h"
#include "tools/export/table_export.h"

namespace stave {

struct FinishedTable {
  const TableExport* table = nullptr;
  std::vector<ExportedFile> files;
};

std::string export_manifest(const Manifest& snapshot, const ExportOptions& options,
                            const std::vector<FinishedTable>& tables,
                            const std::vector<std::string>& scripts);

// "parquet"; "day"; "zstd".
const char* name_of(ExportFormat format);
const char* name_of(ExportBy by);
const char* name_of(ExportCompression compression);

}  // namespace stave
