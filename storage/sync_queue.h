// Closed files on their way to the disk. A sync is nearly all waiting, so several threads wait at
// once; where there are many files they begin before the commit asks for it.
// Invariant: a handle stays open until its sync, which reports a write-back that failed long
// before; after the first fault nothing is synced any more, and `finish` fails for good.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "storage/file_system.h"

namespace stave {

// Thread-safe.
class SyncQueue {
 public:
  SyncQueue() = default;
  ~SyncQueue();
  SyncQueue(const SyncQueue&) = delete;
  SyncQueue& operator=(const SyncQueue&) = delete;

  // `file`: a list of one. It is moved over without taking memory, so that closing cannot fail.
  void add(std::list<std::unique_ptr<WritableFile>>& file) noexcept;
  // Keeps a fault that was found elsewhere.
  void note(Result<void> result) noexcept;
  // Returns once everything added is durable, or at the first fault, which it gives.
  Result<void> finish();
  // What waits is closed without being synced.
  void drop() noexcept;

 private:
  void start_threads() noexcept;
  void work() noexcept;
  bool has_work() const;
  void sync_eldest(std::unique_lock<std::mutex>& lock) noexcept;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<std::unique_ptr<WritableFile>> waiting_;
  std::size_t in_work_ = 0;
  bool is_finishing_ = false;
  bool is_stopped_ = false;
  bool has_started_ = false;
  Result<void> outcome_;
  std::vector<std::thread> threads_;
};

}  // namespace stave
