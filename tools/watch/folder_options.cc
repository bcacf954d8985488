// The file of options for single folders. What the options mean is known to the command line alone.
#include "stave/watch.h"
#include "storage/guarded.h"
#include "tools/settings/settings_reader.h"

namespace stave {

namespace {

Result<std::vector<FolderOptions>> read(const std::string& path) {
  const Result<settings::Setting> root = settings::read_settings_file(path);
  if (!root) return pass(root);
  settings::SettingsReader reader(path, "docs/watch.md");
  std::vector<FolderOptions> folders;
  for (const auto& [folder, setting] : root->table) {
    folders.push_back({folder, reader.text(*root, folder).value_or(""), reader.place_of(setting)});
  }
  if (Result<void> understood = reader.outcome(); !understood) return pass(understood);
  return folders;
}

}  // namespace

Result<std::vector<FolderOptions>> read_folder_options(const std::string& path) {
  return guarded("options of folders were read", [&] { return read(path); });
}

}  // namespace stave
