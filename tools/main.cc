// The `stave` binary: only the command line's way into the public interface.
#include <csignal>
#include <cstdio>
#include <exception>

#include "tools/cli/command_line.h"
#include "tools/cli/kept_memory.h"
#include "tools/cli/open_files_limit.h"
#include "tools/cli/unreadable_pages.h"

int main(int argc, char** argv) {
  // A closed pipe is an error of write(), which the output handles.
  std::signal(SIGPIPE, SIG_IGN);
  stave::cli::keep_freed_memory();
  stave::cli::raise_open_files_limit();
  stave::cli::report_unreadable_pages();
  try {
    return stave::cli::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s. This is a fault of stave; please report it.\n", error.what());
    return 1;
  }
}
