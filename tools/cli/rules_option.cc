// See rules_option.h.
#include "tools/cli/rules_option.h"

#include "tools/cli/cli11.h"

namespace stave::cli {

void add_rules_option(CLI::App& parser, std::string& path) {
  parser
      .add_option("--rules", path,
                  "Check the rules in FILE (TOML) before the commit: a broken one refuses the load "
                  "or warns")
      ->type_name("FILE");
}

Result<std::vector<QualityRule>> read_rules(const std::string& path, const Store& store,
                                            bool more_may_come) {
  if (path.empty()) {
    return std::vector<QualityRule>{};
  }
  auto rules = read_quality_rules(path);
  if (!rules) {
    return rules;
  }
  if (auto fit = check_rules_fit(*rules, store, more_may_come); !fit) {
    return pass(fit);
  }
  return rules;
}

}  // namespace stave::cli
