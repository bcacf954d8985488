// Threads that do something by turns, in the order of their numbers.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace stave::loading {

class Turns {
 public:
  // Until it is the turn of `number`; false where `stop` came first.
  bool wait_for(std::uint64_t number);
  // To the next number.
  void pass();
  void stop();

 private:
  bool is_over(std::uint64_t number) const {
    return stopped_.load(std::memory_order_acquire) ||
           turn_.load(std::memory_order_acquire) == number;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::uint64_t> turn_{0};
  std::atomic<bool> stopped_{false};
};

}  // namespace stave::loading
