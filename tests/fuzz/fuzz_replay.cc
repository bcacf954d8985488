// Runs files through a fuzz target without libFuzzer: the corpus is part of the ordinary tests.
//   fuzz_replay TARGET FOLDER
// Invariant: a target without a corpus is a failure, so that none is forgotten.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz_targets.h"

namespace {

const FuzzTarget* find_target(const std::string& name) {
  for (const FuzzTarget& target : kFuzzTargets) {
    if (name == target.name) {
      return &target;
    }
  }
  return nullptr;
}

int replay(const FuzzTarget& target, const std::filesystem::path& folder) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(file)),
                                  std::istreambuf_iterator<char>());
    // A copy of just its size: a sanitizer sees the first byte beyond.
    std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
    input.shrink_to_fit();
    std::printf("%s\n", entry.path().filename().c_str());
    std::fflush(stdout);
    target.run(input.data(), input.size());
    ++files;
  }
  std::printf("%s: %d inputs\n", target.name, files);
  return files > 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const FuzzTarget* target = count == 3 ? find_target(arguments[1]) : nullptr;
  if (target == nullptr || !std::filesystem::is_directory(arguments[2])) {
    std::fprintf(stderr, "usage: fuzz_replay TARGET FOLDER, where each target has a folder\n");
    return 2;
  }
  return replay(*target, arguments[2]);
}
