// Threads of one run, started when first needed.
// Invariant: `run` returns only when every worker is out of the job.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace stave {

class ThreadPool {
 public:
  explicit ThreadPool(int threads) : threads_(threads) {}
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Calls job(worker) once on each of `workers` <= threads workers; worker 0 is the caller. While
  // another job runs, within it for one, the caller alone; a job of another pool does not matter.
  void run(int workers, const std::function<void(int)>& job);

 private:
  void work(int worker);

  int threads_;
  std::atomic<bool> is_running_ = false;
  std::vector<std::thread> started_;
  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void(int)>* job_ = nullptr;
  std::uint64_t generation_ = 0;
  int wanted_ = 0;   // workers 1..wanted_ - 1 take part in this generation
  int working_ = 0;  // and so many of them are not done yet
  bool stopping_ = false;
};

}  // namespace stave
