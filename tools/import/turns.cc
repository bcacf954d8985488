// Turns are short: a thread looks a while before it sleeps, since to be woken takes longer than
// most of them.
#include "tools/import/turns.h"

#include <hwy/cache_control.h>

namespace stave::loading {

namespace {

// About twenty microseconds.
constexpr int kLooks = 500;

}  // namespace

bool Turns::wait_for(std::uint64_t number) {
  for (int look = 0; look < kLooks && !is_over(number); ++look) hwy::Pause();
  if (!is_over(number)) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return is_over(number); });
  }
  return !stopped_.load(std::memory_order_acquire);
}

void Turns::pass() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    turn_.fetch_add(1, std::memory_order_release);
  }
  changed_.notify_all();
}

void Turns::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_.store(true, std::memory_order_release);
  }
  changed_.notify_all();
}

}  // namespace stave::loading
