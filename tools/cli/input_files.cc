// Folders give their dumps by ending; patterns are matched as the shell would.
#include "tools/cli/input_files.h"

#include <glob.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "tools/cli/errors.h"

namespace stave::cli {
namespace {

namespace fs = std::filesystem;

// Hidden files are no dumps: what a copy left behind, or a system notes beside a file
// (`._plays.csv`).
bool is_dump(std::string name) {
  if (name.starts_with('.')) return false;
  std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
  });
  constexpr std::array<std::string_view, 3> kCompressions{".gz", ".zst", ".bz2"};
  constexpr std::array<std::string_view, 6> kEndings{".csv",    ".tsv",  ".jsonl",
                                                     ".ndjson", ".json", ".parquet"};
  std::string_view plain = name;
  for (const std::string_view compression : kCompressions) {
    if (plain.ends_with(compression)) {
      plain.remove_suffix(compression.size());
      break;
    }
  }
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
    return plain.size() > ending.size() && plain.ends_with(ending);
  });
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Exports lie in folders called like day=2025-05-01; any other folder in a folder is its own
// affair.
bool is_partition(const fs::path& path) {
  std::error_code ignored;
  return path.filename().string().find('=') != std::string::npos && fs::is_directory(path, ignored);
}

std::vector<std::string> dumps_in(const fs::path& folder) {
  std::vector<std::string> files;
  for (const std::string& name : names_in(folder)) {
    const fs::path path = folder / name;
    if (is_partition(path)) {
      const std::vector<std::string> inside = dumps_in(path);
      files.insert(files.end(), inside.begin(), inside.end());
    } else if (is_dump(name) && name != "rejects.csv") {  // what an import before refused
      files.push_back(path.string());
    }
  }
  return files;
}

std::vector<std::string> matches_of(const std::string& pattern) {
  std::vector<std::string> files;
  glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  ::globfree(&found);
  return files;
}

Failure no_such_file(const std::string& argument) {
  const fs::path path(argument);
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  return fail(ErrorCode::kNotFound, with_hint("There is no such file: " + argument + ".",
                                              path.filename().string(), names_in(folder)));
}

}  // namespace

Result<std::vector<std::string>> find_input_files(const std::vector<std::string>& arguments) {
  std::vector<std::string> files;
  for (const std::string& argument : arguments) {
    std::error_code ignored;
    std::vector<std::string> found{argument};
    if (fs::is_directory(argument, ignored)) {
      found = dumps_in(argument);
      if (found.empty()) {
        return fail(ErrorCode::kNotFound, "The folder holds no dumps: " + argument +
                                              ". They are known by their endings: .csv, .tsv, "
                                              ".jsonl, .parquet, .csv.gz, .csv.zst, .csv.bz2.");
      }
    } else if (argument != "-" && !fs::exists(argument, ignored)) {
      found = matches_of(argument);
      if (found.empty()) {
        return no_such_file(argument);
      }
    }
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

}  // namespace stave::cli
