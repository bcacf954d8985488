// Each sync waits for the disk, and on a busy machine for the next tick of the scheduler too, so
// that twenty files one after the other cost more than many a load's work: they wait side by side.
#include "storage/sync_queue.h"

#include <algorithm>
#include <utility>

#include "storage/guarded.h"

namespace stave {
namespace {

// More are not kept open: who closes one more syncs another.
constexpr std::size_t kMostOpen = 256;
// So many may wait for the commit, where one sync often makes many files durable; beyond them
// threads go ahead.
constexpr std::size_t kLeftForCommit = 128;
constexpr std::size_t kFewestForThreads = 4;  // with fewer there is little to gain
constexpr std::size_t kThreads = 8;

}  // namespace

SyncQueue::~SyncQueue() {
  drop();
  {
    const std::lock_guard guard(mutex_);
    is_stopped_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

bool SyncQueue::has_work() const {
  return waiting_.size() > (is_finishing_ ? 0 : kLeftForCommit) && outcome_.has_value();
}

// Of threads that cannot be had, nothing is lost but time.
void SyncQueue::start_threads() noexcept {
  has_started_ = true;
  [[maybe_unused]] const auto started =
      guarded("threads were started that make files durable", [&]() -> Result<void> {
        const std::size_t wanted = std::min(kThreads, waiting_.size());
        threads_.reserve(wanted);
        while (threads_.size() < wanted) {
          threads_.emplace_back([this] { work(); });
        }
        return {};
      });
}

void SyncQueue::work() noexcept {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return is_stopped_ || has_work(); });
    if (is_stopped_) {
      return;
    }
    sync_eldest(lock);
  }
}

void SyncQueue::sync_eldest(std::unique_lock<std::mutex>& lock) noexcept {
  std::list<std::unique_ptr<WritableFile>> file;
  file.splice(file.end(), waiting_, waiting_.begin());
  ++in_work_;
  lock.unlock();
  Result<void> synced = guarded("a file was made durable", [&] { return file.front()->sync(); });
  file.clear();
  lock.lock();
  --in_work_;
  if (outcome_ && !synced) {
    outcome_ = std::move(synced);
  }
  changed_.notify_all();
}

void SyncQueue::add(std::list<std::unique_ptr<WritableFile>>& file) noexcept {
  std::unique_lock lock(mutex_);
  waiting_.splice(waiting_.end(), file);
  if (waiting_.size() <= kLeftForCommit) {
    return;
  }
  if (!has_started_) {
    start_threads();
  }
  changed_.notify_all();
  if (waiting_.size() > kMostOpen) {
    outcome_ ? sync_eldest(lock) : waiting_.pop_front();
  }
}

void SyncQueue::note(Result<void> result) noexcept {
  const std::lock_guard guard(mutex_);
  if (outcome_ && !result) {
    outcome_ = std::move(result);
  }
}

Result<void> SyncQueue::finish() {
  std::unique_lock lock(mutex_);
  is_finishing_ = true;
  if (!has_started_ && waiting_.size() >= kFewestForThreads) {
    start_threads();
  }
  changed_.notify_all();
  while (has_work()) {
    sync_eldest(lock);
  }
  changed_.wait(lock, [&] { return in_work_ == 0; });
  is_finishing_ = false;
  return outcome_;
}

void SyncQueue::drop() noexcept {
  std::unique_lock lock(mutex_);
  waiting_.clear();
  changed_.wait(lock, [&] { return in_work_ == 0; });
}

}  // namespace stave
