// The empty store lies in the folder for temporary files.
#include "tools/cli/schema_option.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "tools/cli/cli11.h"

namespace stave::cli {

SchemaOption::~SchemaOption() {
  if (!folder_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
}

void SchemaOption::add(CLI::App& parser, ProgramSource& source) {
  parser.add_option("STORE", first_, "The store that it is for; none with --schema")->type_name("");
  add_program_source(parser, source);
  parser
      .add_option("--schema", schema_,
                  "Instead of a store: a schema in TOML, or music for the built-in one")
      ->type_name("FILE");
}

Result<ProgramText> SchemaOption::read_program(const ProgramSource& source) const {
  const bool second = source.argument_option != nullptr && source.argument_option->count() > 0;
  if (schema_.empty() || first_.empty()) {
    return cli::read_program(source);
  }
  if (second || !source.file.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "There is a schema and a store: " + first_ + ". Leave one of them out.");
  }
  return program_of_argument(first_);
}

Result<Store> SchemaOption::open() {
  if (schema_.empty()) {
    if (first_.empty()) {
      return fail(ErrorCode::kInvalidArgument,
                  "There is no store. Name one, or a schema with --schema FILE.");
    }
    return Store::open(first_);
  }
  std::error_code failed;
  const auto temporary = std::filesystem::temp_directory_path(failed);
  std::string folder = (failed ? std::filesystem::path("/tmp") : temporary) / "stave-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    return fail(ErrorCode::kIo, "Cannot make a folder for temporary files: " + folder + " (" +
                                    std::strerror(errno) + "). Name another one in TMPDIR.");
  }
  folder_ = folder;
  CreateOptions create;
  create.schema_path = schema_ == "music" ? "" : schema_;
  const std::string store = folder_ + "/schema.stave";
  if (auto made = create_store(store, create); !made) {
    return pass(made);
  }
  return Store::open(store);
}

}  // namespace stave::cli
