// Memory that is used again from batch to batch: touching fresh pages costs more than decoding.
// Invariant: an object is handed out again only once nobody holds it any more; holders may be on
// other threads and may outlive the recycler. A free object holds no other: they would keep each
// other alive for good.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace stave {

template <typename T>
class Recycler {
 public:
  std::shared_ptr<T> take() {
    std::unique_ptr<T> object;
    {
      const std::lock_guard lock(state_->mutex);
      if (!state_->free.empty()) {
        object = std::move(state_->free.back());
        state_->free.pop_back();
      }
    }
    if (!object) object = std::make_unique<T>();
    return std::shared_ptr<T>(object.release(), [state = state_](T* returned) {
      std::unique_ptr<T> owned(returned);
      if constexpr (requires { owned->parents; }) owned->parents.clear();
      const std::lock_guard lock(state->mutex);
      state->free.push_back(std::move(owned));
    });
  }

 private:
  struct State {
    std::mutex mutex;
    std::vector<std::unique_ptr<T>> free;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace stave
