// `stave init`: makes an empty store.
#include <cstdio>

#include "stave/store.h"
#include "tools/cli/cli11.h"
#include "tools/cli/command.h"

namespace stave::cli {
namespace {

struct InitArguments {
  std::string store;
  CreateOptions create;
};

int run(const InitArguments& arguments, const GlobalOptions& options) {
  if (auto made = create_store(arguments.store, arguments.create); !made) {
    return report_error(made.error(), options);
  }
  if (!options.quiet) {
    std::printf(
        "Made %s: %s schema, days in %s.\n"
        "Next: stave import %s tracks tracks.csv     (stave describe %s lists its tables)\n",
        arguments.store.c_str(),
        arguments.create.schema_path.empty() ? "the music" : arguments.create.schema_path.c_str(),
        arguments.create.timezone.c_str(), arguments.store.c_str(), arguments.store.c_str());
  }
  return kDone;
}

}  // namespace

Command add_init(CLI::App& root, GlobalOptions& options) {
  auto arguments = std::make_shared<InitArguments>();
  CLI::App* parser = add_command(
      root, options, "init", "Make an empty store",
      "A store is a folder, NAME.stave by custom. Its schema says which tables it has; the "
      "built-in\n"
      "one covers streams, tracks, users, artists, subscriptions, royalty rates, pools and more.",
      "  stave init music.stave\n"
      "  stave init music.stave --timezone Europe/Berlin    # days begin at midnight there\n"
      "  stave init radio.stave --schema radio.toml         # tables of your own\n");
  parser->add_option("STORE", arguments->store, "The folder to make")->type_name("")->required();
  parser->add_option("--schema", arguments->create.schema_path, "A schema in TOML (default: music)")
      ->type_name("FILE");
  parser
      ->add_option("--timezone", arguments->create.timezone,
                   "The IANA time zone whose days partition the plays (default UTC)")
      ->type_name("ZONE");
  return {parser, [arguments, &options] { return run(*arguments, options); }};
}

}  // namespace stave::cli
