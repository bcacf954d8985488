// Equal size and equal hash are equal content.
#include "tools/import/load_ledger.h"

#include <algorithm>
#include <filesystem>

#include "tools/import/input_source.h"
#include "tools/import/raw_input.h"

namespace stave::loading {

namespace {

// What can be read only once; to open it would take it from the one that reads it.
bool is_pipe(const std::string& path) {
  std::error_code error;
  return path == "-" || std::filesystem::is_fifo(path, error);
}

bool same_content(const LoadedFile& left, const LoadedFile& right) {
  return left.bytes == right.bytes && left.content_hash == right.content_hash;
}

}  // namespace

bool is_in_ledger(const Manifest& manifest, const std::string& table, const LoadedFile& file) {
  return std::any_of(manifest.loads.begin(), manifest.loads.end(), [&](const LoadState& load) {
    return load.table == table &&
           std::any_of(load.files.begin(), load.files.end(),
                       [&](const LoadedFile& loaded) { return same_content(loaded, file); });
  });
}

Result<LedgerAnswer> ask_ledger(const Manifest& manifest, const std::string& table,
                                const std::vector<std::string>& files) {
  std::vector<std::uint64_t> sizes;
  for (const LoadState& load : manifest.loads) {
    if (load.table != table) continue;
    for (const LoadedFile& file : load.files) sizes.push_back(file.bytes);
  }
  std::vector<LoadedFile> given;
  for (const std::string& path : files) {
    LoadedFile file{path, 0, 0};
    if (!is_pipe(path)) {
      Result<std::unique_ptr<RawInput>> input = RawInput::open(path);
      if (!input) return pass(input);
      file.bytes = (*input)->bytes_total();
      sizes.push_back(file.bytes);
    }
    given.push_back(std::move(file));
  }
  LedgerAnswer answer;
  std::vector<LoadedFile> hashed;
  for (LoadedFile& file : given) {
    // Each file's own size is in the list once; a pipe has none.
    const bool size_is_known = std::count(sizes.begin(), sizes.end(), file.bytes) > 1;
    if (file.name == "-" || file.bytes == 0 || !size_is_known) {
      answer.fresh.push_back(file.name);
      continue;
    }
    Result<std::uint64_t> hash = hash_file(file.name);
    if (!hash) return pass(hash);
    file.content_hash = *hash;
    const bool twice = std::any_of(hashed.begin(), hashed.end(), [&](const LoadedFile& other) {
      return same_content(other, file);
    });
    if (twice || is_in_ledger(manifest, table, file)) {
      answer.skipped.push_back(file.name);
    } else {
      answer.fresh.push_back(file.name);
    }
    hashed.push_back(file);
  }
  return answer;
}

}  // namespace stave::loading
