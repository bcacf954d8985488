// Threads of one run: see thread_pool.h.
#include "engine/runtime/thread_pool.h"

#include <algorithm>

namespace stave {

namespace {

struct Release {
  explicit Release(std::atomic<bool>& flag) : held(flag) {}
  ~Release() { held = false; }
  Release(const Release&) = delete;
  Release& operator=(const Release&) = delete;

  std::atomic<bool>& held;
};

}  // namespace

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : started_) thread.join();
}

void ThreadPool::run(int workers, const std::function<void(int)>& job) {
  workers = std::min(workers, threads_);
  if (workers <= 1 || is_running_.exchange(true)) {
    job(0);
    return;
  }
  const Release release(is_running_);
  while (static_cast<int>(started_.size()) + 1 < workers) {
    const int worker = static_cast<int>(started_.size()) + 1;
    started_.emplace_back([this, worker] { work(worker); });
  }
  {
    const std::lock_guard lock(mutex_);
    job_ = &job;
    wanted_ = workers;
    working_ = workers - 1;
    ++generation_;
  }
  changed_.notify_all();
  job(0);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return working_ == 0; });
  job_ = nullptr;
}

void ThreadPool::work(int worker) {
  std::uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stopping_ || (generation_ != seen && worker < wanted_); });
    if (stopping_) return;
    seen = generation_;
    const std::function<void(int)>* job = job_;
    lock.unlock();
    (*job)(worker);
    lock.lock();
    if (--working_ == 0) changed_.notify_all();
  }
}

}  // namespace stave
