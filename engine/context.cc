// Threads, budget and cancellation of one run: see context.h.
#include "engine/context.h"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

#include "engine/runtime/context_state.h"
#include "engine/runtime/time_zone.h"

namespace stave {

namespace {

constexpr int kMostThreads = 256;

int thread_count(int wanted) {
  if (wanted > 0) return std::min(wanted, kMostThreads);
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMostThreads);
}

std::uint64_t memory_limit(std::uint64_t wanted) {
  if (wanted > 0) return wanted;
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return std::uint64_t{1} << 32;
  return static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page) / 4 * 3;
}

// The error of the smallest item wins, whichever thread met it first.
class FirstFailure {
 public:
  void note(std::size_t item, Error error) {
    const std::lock_guard lock(mutex_);
    if (!error_ || item < item_) {
      item_ = item;
      error_ = std::move(error);
    }
    failed_.store(true, std::memory_order_relaxed);
  }
  bool failed() const { return failed_.load(std::memory_order_relaxed); }
  Result<void> result() {
    if (!error_) return {};
    return Failure(std::move(*error_));
  }

 private:
  std::mutex mutex_;
  std::size_t item_ = 0;
  std::optional<Error> error_;
  std::atomic<bool> failed_{false};
};

Result<void> guarded(const ExecutionContext::ParallelBody& body, std::size_t item, int worker) {
  try {
    return body(item, worker);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kEvaluation,
                "The machine has no memory left for this query. Narrow it with `where`.");
  }
}

}  // namespace

Result<void> MemoryBudget::reserve(std::uint64_t bytes) {
  const std::uint64_t before = used_.fetch_add(bytes, std::memory_order_relaxed);
  if (before + bytes <= limit_) return {};
  used_.fetch_sub(bytes, std::memory_order_relaxed);
  refusals_.fetch_add(1, std::memory_order_relaxed);
  return fail(ErrorCode::kEvaluation,
              "The query needs more memory than it may use: " + std::to_string(before + bytes) +
                  " > " + std::to_string(limit_) +
                  " bytes. Narrow it with `where`, or raise --memory-limit.");
}

ExecutionContext::ExecutionContext(const Snapshot& snapshot, const ExecutionOptions& options)
    : snapshot_(snapshot),
      options_(options),
      memory_(memory_limit(options.memory_limit)),
      threads_(thread_count(options.threads)),
      state_(std::make_unique<State>(threads_, memory_, options.spill_rows)) {}

ExecutionContext::~ExecutionContext() = default;

SpillSpace& ExecutionContext::spill() {
  return state_->spill;
}

Result<const TimeZone*> ExecutionContext::timezone() {
  const std::lock_guard lock(state_->mutex);
  if (!state_->timezone) {
    auto found = TimeZone::find(options_.timezone.empty() ? snapshot_.manifest().timezone
                                                          : options_.timezone);
    if (!found) return pass(found);
    state_->timezone = *found;
  }
  return state_->timezone.get();
}

bool ExecutionContext::uses_store_timezone() const {
  return options_.timezone.empty() || options_.timezone == snapshot_.manifest().timezone;
}

Result<void> ExecutionContext::check_cancelled() const {
  if (options_.cancelled != nullptr && options_.cancelled->load(std::memory_order_relaxed)) {
    return fail(ErrorCode::kCancelled, "Stopped.");
  }
  return {};
}

Result<void> ExecutionContext::parallel_for(std::size_t count, const ParallelBody& body) {
  std::atomic<std::size_t> next{0};
  FirstFailure failure;
  const auto job = [&](int worker) {
    while (!failure.failed()) {
      const std::size_t item = next.fetch_add(1, std::memory_order_relaxed);
      if (item >= count) return;
      Result<void> done = check_cancelled();
      if (done) done = guarded(body, item, worker);
      if (!done) failure.note(item, std::move(done).error());
    }
  };
  state_->pool.run(
      static_cast<int>(std::min<std::size_t>(count, static_cast<std::size_t>(threads_))), job);
  return failure.result();
}

Result<void> ExecutionContext::ordered_for(std::size_t count, std::size_t window,
                                           const ParallelBody& body,
                                           const OrderedConsumer& consume) {
  window = std::max<std::size_t>(window, 1);
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t next = 0;      // to be started
  std::size_t consumed = 0;  // items before this one are through
  bool consuming = false;
  bool stopped = false;
  std::vector<char> done(window, 0);  // of item i at i % window
  FirstFailure failure;

  // Whoever finds the next item done consumes it, and then those after it.
  const auto drain = [&](std::unique_lock<std::mutex>& lock) {
    if (consuming) return;
    consuming = true;
    while (!stopped && consumed < count && done[consumed % window] != 0) {
      const std::size_t item = consumed;
      lock.unlock();
      Result<bool> more = consume(item);
      lock.lock();
      done[item % window] = 0;
      ++consumed;
      if (!more || !*more) stopped = true;
      if (!more) failure.note(item, std::move(more).error());
      changed.notify_all();
    }
    consuming = false;
  };
  const auto job = [&](int worker) {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [&] { return stopped || next >= count || next < consumed + window; });
      if (stopped || next >= count) return;
      const std::size_t item = next++;
      lock.unlock();
      Result<void> result = check_cancelled();
      if (result) result = guarded(body, item, worker);
      lock.lock();
      if (!result) {
        // Items before this one still run and are consumed, so the error is the same for any
        // number of threads unless one of them fails first.
        failure.note(item, std::move(result).error());
        count = std::min(count, item);
        changed.notify_all();
        drain(lock);
        return;
      }
      done[item % window] = 1;
      drain(lock);
    }
  };
  const std::size_t total = count;
  state_->pool.run(
      static_cast<int>(std::min<std::size_t>(total, static_cast<std::size_t>(threads_))), job);
  return failure.result();
}

}  // namespace stave
