// Asks the operating system and the environment, each time anew.
#include "tools/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace stave::cli {
namespace {

constexpr int kUsualWidth = 80;

bool terminal_is_dumb() {
  const char* kind = std::getenv("TERM");
  return kind != nullptr && std::strcmp(kind, "dumb") == 0;
}

}  // namespace

bool output_is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

bool errors_go_to_terminal() {
  return ::isatty(STDERR_FILENO) == 1 && !terminal_is_dumb();
}

bool errors_may_be_coloured() {
  const char* refused = std::getenv("NO_COLOR");
  return errors_go_to_terminal() && (refused == nullptr || *refused == '\0');
}

int terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return size.ws_col;
  }
  return kUsualWidth;
}

}  // namespace stave::cli
