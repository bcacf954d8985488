// The commands of `stave`: each file X_command.cc declares its options and runs them through the
// public interface.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/cli/errors.h"
#include "tools/cli/global_options.h"

namespace CLI {
class App;
}

namespace stave::cli {

struct Command {
  CLI::App* parser = nullptr;
  std::function<int()> run;  // gives the exit code
};

Command add_init(CLI::App& root, GlobalOptions& options);
Command add_import(CLI::App& root, GlobalOptions& options);
Command add_query(CLI::App& root, GlobalOptions& options);
Command add_check(CLI::App& root, GlobalOptions& options);
Command add_fmt(CLI::App& root, GlobalOptions& options);
Command add_shell(CLI::App& root, GlobalOptions& options);
Command add_sql(CLI::App& root, GlobalOptions& options);
Command add_completion(CLI::App& root, GlobalOptions& options);
Command add_report(CLI::App& root, GlobalOptions& options);
Command add_refresh(CLI::App& root, GlobalOptions& options);
Command add_dashboard(CLI::App& root, GlobalOptions& options);
Command add_describe(CLI::App& root, GlobalOptions& options);
Command add_gen(CLI::App& root, GlobalOptions& options);
Command add_verify(CLI::App& root, GlobalOptions& options);
Command add_inspect(CLI::App& root, GlobalOptions& options);
Command add_snapshots(CLI::App& root, GlobalOptions& options);
Command add_imports(CLI::App& root, GlobalOptions& options);
Command add_gc(CLI::App& root, GlobalOptions& options);
Command add_compact(CLI::App& root, GlobalOptions& options);
Command add_repair(CLI::App& root, GlobalOptions& options);
Command add_backup(CLI::App& root, GlobalOptions& options);
Command add_upgrade(CLI::App& root, GlobalOptions& options);
Command add_royalty(CLI::App& root, GlobalOptions& options);
Command add_export(CLI::App& root, GlobalOptions& options);
Command add_watch(CLI::App& root, GlobalOptions& options);

// A subcommand with the options that all share. `examples` are lines of a session.
CLI::App* add_command(CLI::App& root, GlobalOptions& options, const std::string& name,
                      const std::string& summary, const std::string& details,
                      const std::string& examples);

}  // namespace stave::cli
