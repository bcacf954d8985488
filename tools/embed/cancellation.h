// A wish to stop, shared by the caller's token and all calls that it was given to.
// Invariant: a call's flag is set once its token was cancelled, whichever came first.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace stave::embed {

using StopFlag = std::shared_ptr<std::atomic<bool>>;

class Cancellation {
 public:
  void cancel() {
    const std::lock_guard lock(mutex_);
    is_cancelled_ = true;
    for (const auto& waiting : flags_) {
      if (const StopFlag flag = waiting.lock()) *flag = true;
    }
  }
  // Of a new call, which may also set it itself.
  StopFlag new_flag() {
    const std::lock_guard lock(mutex_);
    std::erase_if(flags_, [](const auto& waiting) { return waiting.expired(); });
    auto flag = std::make_shared<std::atomic<bool>>(is_cancelled_);
    flags_.push_back(flag);
    return flag;
  }

 private:
  std::mutex mutex_;
  bool is_cancelled_ = false;
  std::vector<std::weak_ptr<std::atomic<bool>>> flags_;
};

}  // namespace stave::embed
