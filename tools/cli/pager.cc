// Runs by the user's shell, as $PAGER may hold options.
#include "tools/cli/pager.h"

#include <cstdlib>
#include <string>

namespace stave::cli {

bool Pager::open() {
  const char* chosen = std::getenv("PAGER");
  std::string command = chosen != nullptr ? chosen : "less -FRSX";
  if (command.empty()) {
    return false;
  }
  if (chosen == nullptr && std::system("command -v less >/dev/null 2>&1") != 0) {
    return false;
  }
  if (command == "less") {
    command += " -FRSX";
  }
  std::fflush(stdout);
  pipe_ = ::popen(command.c_str(), "w");
  return pipe_ != nullptr;
}

Result<void> Pager::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), pipe_) != text.size()) {
    return fail(ErrorCode::kCancelled, "The pager was left.");
  }
  return {};
}

void Pager::close() {
  if (pipe_ != nullptr) {
    ::pclose(pipe_);
    pipe_ = nullptr;
  }
}

}  // namespace stave::cli
