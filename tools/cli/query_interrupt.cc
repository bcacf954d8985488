// The handler only sets a lock-free flag; reads end with EINTR, since they are not restarted.
#include "tools/cli/query_interrupt.h"

#include <csignal>

namespace stave::cli {
namespace {

std::atomic<bool> flag{false};
static_assert(std::atomic<bool>::is_always_lock_free);

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { flag.store(true); };
  ::sigaction(SIGINT, &action, nullptr);
}

const std::atomic<bool>& interrupt_flag() {
  return flag;
}
bool interrupted() {
  return flag.load();
}
bool take_interrupt() {
  return flag.exchange(false);
}

}  // namespace stave::cli
