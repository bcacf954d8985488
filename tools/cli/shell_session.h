// What the shell does with a program or a command, and what it remembers between them.
// Invariant: nothing that goes wrong ends the session; the first fault is its exit code.
#pragma once

#include <memory>
#include <string>

#include "stave/query.h"
#include "tools/cli/errors.h"
#include "tools/cli/global_options.h"
#include "tools/cli/output_target.h"

namespace stave::cli {

class ShellSession {
 public:
  ShellSession(std::string store, std::string as_of, const GlobalOptions& options,
               QueryOptions query, bool has_terminal);

  void program(const std::string& text, const std::string& origin = "shell");
  // A line that begins with `\`. False: it was the end.
  bool command(const std::string& line);
  // Closes the file of `\o`.
  void close_output();
  int exit_code() const { return exit_code_; }

  // The commands, `\` included.
  static const std::vector<std::string>& commands();

 private:
  void describe(const std::string& table);
  void explain(const std::string& text);
  void timing(const std::string& argument);
  void format(const std::string& name);
  void output(const std::string& path);
  void include(const std::string& path);
  void help();
  void failed(const Error& error, const std::vector<Diagnostic>& diagnostics = {});
  Result<Store> open() const;
  QueryOptions query_options(const std::string& origin) const;
  // Gives `use` a sink for the place and form that results now have.
  void print(const std::function<Result<void>(ResultSink&, std::vector<Diagnostic>&)>& use);

  std::string store_;
  std::string as_of_;
  GlobalOptions options_;
  QueryOptions query_;  // what all programs have in common
  bool has_terminal_;
  bool timing_ = false;
  std::string last_program_;
  std::unique_ptr<OutputTarget> file_;  // of `\o`
  int exit_code_ = kDone;
};

}  // namespace stave::cli
