// How the dump was read whose rejected rows a correction file holds: kept in a hidden file beside
// it, so that nobody has to say it again for a few rows that tell less than the dump did.
// Invariant: it counts only while the correction file begins with the line that was written first;
// what the user says goes before it.
#pragma once

#include <string>
#include <string_view>

#include "stave/import.h"
#include "tools/import/load_table.h"

namespace stave::loading {

// Beside the correction file of that path.
std::string origin_path(const std::string& corrections);

// `options`: as the dump was asked to be read; `plan`: as it was. `first_line` is that of the
// correction file; empty: none that must be there.
std::string describe_origin(const ImportOptions& options, const FilePlan& plan,
                            std::string_view first_line);

struct KnownOrigin {
  ImportOptions options;
  std::string path;  // empty: the options are as they were
};

// The options with what is known of the file's origin; as they are where it has none.
Result<KnownOrigin> with_origin(const std::string& file, ImportOptions options);

}  // namespace stave::loading
