// The public face of making and opening a store.
#include "stave/store.h"

#include <fmt/format.h>

#include <filesystem>

#include "storage/guarded.h"
#include "storage/snapshot.h"

namespace stave {
namespace {

Result<Schema> read_schema_file(const std::string& path) {
  const std::filesystem::path file(path);
  const std::string folder = file.parent_path().string();
  const auto files = posix_file_system(folder.empty() ? "." : folder);
  const auto opened = files ? (*files)->open(file.filename().string())
                            : Result<std::unique_ptr<ReadableFile>>(pass(files));
  if (!opened) {
    return fail(opened.error().code, fmt::format("Could not read a schema: {} Check the path: {}.",
                                                 opened.error().message, path));
  }
  std::string text((*opened)->size(), '\0');
  if (auto read = (*opened)->read(0, std::as_writable_bytes(std::span(text))); !read) {
    return pass(read);
  }
  return schema_from_toml(text, path);
}

Result<Schema> schema_for(const CreateOptions& options) {
  return options.schema_path.empty() ? music_schema() : read_schema_file(options.schema_path);
}

}  // namespace

Result<void> create_store(const std::string& path, const CreateOptions& options) {
  return guarded("a store was made", [&]() -> Result<void> {
    const auto schema = schema_for(options);
    if (!schema) {
      return pass(schema);
    }
    return create_store(path, *schema, options.timezone);
  });
}

Result<Store> Store::open(const std::string& path, const std::string& as_of) {
  return guarded("a store was opened", [&]() -> Result<Store> {
    auto snapshot = Snapshot::open(path, as_of);
    if (!snapshot) {
      return pass(snapshot);
    }
    return Store(path, *std::move(snapshot));
  });
}

}  // namespace stave
