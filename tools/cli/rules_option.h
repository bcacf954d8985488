// `--rules FILE`, of the commands that load.
#pragma once

#include <string>
#include <vector>

#include "stave/quality.h"
#include "tools/cli/global_options.h"

namespace stave::cli {

void add_rules_option(CLI::App& parser, std::string& path);

// None where no file was named. For `more_may_come` see check_rules_fit.
Result<std::vector<QualityRule>> read_rules(const std::string& path, const Store& store,
                                            bool more_may_come);

}  // namespace stave::cli
