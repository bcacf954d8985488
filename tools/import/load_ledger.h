// The ledger of loads: which files were imported already, told by their content.
#pragma once

#include <string>
#include <vector>

#include "stave/result.h"
#include "storage/manifest.h"

namespace stave::loading {

struct LedgerAnswer {
  std::vector<std::string> fresh;    // to be imported, in the given order
  std::vector<std::string> skipped;  // imported into this table before, or twice in this list
};

// Only files of a size that the ledger knows are read for their hash. Standard input is always
// fresh.
Result<LedgerAnswer> ask_ledger(const Manifest& manifest, const std::string& table,
                                const std::vector<std::string>& files);

// Whether the ledger holds this content for the table.
bool is_in_ledger(const Manifest& manifest, const std::string& table, const LoadedFile& file);

}  // namespace stave::loading
