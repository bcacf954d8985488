// What every command accepts.
#pragma once

#include <cstdint>
#include <string>

#include "stave/output.h"
#include "stave/result.h"

namespace CLI {
class App;
}

namespace stave::cli {

struct GlobalOptions {
  std::string format_name;  // empty: as the name of the output file says
  std::string output_path;  // empty: standard output
  std::string memory_limit_text;
  std::string errors = "text";
  std::uint64_t max_rows = 0;
  bool max_rows_given = false;
  bool no_header = false;
  bool quiet = false;
  int threads = 0;

  // Set by `check_global_options`.
  OutputFormat format = OutputFormat::kTable;
  std::uint64_t memory_limit = 0;

  bool errors_as_json() const { return errors == "json"; }
};

void add_global_options(CLI::App& app, GlobalOptions& options);
// Reads the texts into what they mean; an error is a usage error.
Result<void> check_global_options(GlobalOptions& options);

// Bytes of "800", "64KiB", "1.5GiB", "2GB"; a bare K, M, G or T counts in 1024s.
Result<std::uint64_t> size_from_text(const std::string& text);

}  // namespace stave::cli
