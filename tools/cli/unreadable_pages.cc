// See the header. Nothing is undone: what a command writes beside the store is found as a leftover
// by the next one.
#include "tools/cli/unreadable_pages.h"

#include <unistd.h>

#include <csignal>
#include <string_view>

#include "tools/cli/errors.h"

namespace stave::cli {
namespace {

extern "C" void end_with_message(int) {
  constexpr std::string_view kMessage =
      "error: A file of the store could not be read any more: it was cut short while it was in "
      "use, "
      "or the disk failed. Run `stave verify`.\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kMessage.data(), kMessage.size());
  _exit(kDamagedStore);
}

}  // namespace

void report_unreadable_pages() {
  struct sigaction action {};
  action.sa_handler = end_with_message;
  sigaction(SIGBUS, &action, nullptr);
}

}  // namespace stave::cli
