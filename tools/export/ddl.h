// Scripts that make the tables of an export on other engines. How each is run: docs/export.md.
#pragma once

#include <string>
#include <vector>

#include "stave/export.h"
#include "tools/export/export_manifest.h"

namespace stave {

struct DdlScript {
  std::string path;  // "ddl/duckdb.sql"
  std::string text;
};

// Those of the engines that read the format.
std::vector<DdlScript> ddl_scripts(const ExportOptions& options,
                                   const std::vector<FinishedTable>& tables);

}  // namespace stave
