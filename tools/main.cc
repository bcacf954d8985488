// The `stave` binary: only the command line's way into the public interface.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "stave/generate.h"

int main(int argc, char** argv) {
  CLI::App app{"stave"};
  stave::GenerateOptions options;
  std::string directory;
  auto* gen = app.add_subcommand("gen", "Write deterministic CSV dumps");
  gen->add_option("DIR", directory)->required();
  gen->add_option("--streams", options.streams);
  gen->add_option("--tracks", options.tracks);
  gen->add_option("--users", options.users);
  gen->add_option("--days", options.days);
  gen->add_option("--seed", options.seed);
  gen->add_option("--first-day", options.first_day);
  gen->add_option("--threads", options.threads);
  CLI11_PARSE(app, argc, argv);
  if (const auto made = stave::generate(directory, options); !made) {
    std::fprintf(stderr, "error: %s\n", made.error().message.c_str());
    return 1;
  }
  return 0;
}
