// Threads live as long as the call; tasks are large.
#include "tools/import/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "storage/guarded.h"

namespace stave::loading {

int thread_count(int asked) {
  constexpr int kMost = 256;
  if (asked > 0) return std::min(asked, kMost);
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMost);
}

Result<void> run_parallel(std::size_t count, int threads,
                          const std::function<Result<void>(std::size_t)>& task) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::optional<Error> error;
  std::size_t error_task = count;
  const auto keep = [&](std::size_t index, Error found) {
    failed = true;
    const std::lock_guard<std::mutex> lock(mutex);
    if (index >= error_task) return;
    error_task = index;
    error = std::move(found);
  };
  const auto work = [&] {
    while (!failed) {
      const std::size_t index = next.fetch_add(1);
      if (index >= count) return;
      Result<void> done = guarded("rows were imported", [&] { return task(index); });
      if (!done) keep(index, std::move(done.error()));
    }
  };
  std::vector<std::thread> others;
  const std::size_t wanted = std::min(count, static_cast<std::size_t>(std::max(threads, 1)));
  try {
    others.reserve(wanted);
    while (others.size() + 1 < wanted) others.emplace_back(work);
  } catch (const std::exception&) {
    // No more threads to be had: those there are do the work.
  }
  work();
  for (std::thread& other : others) other.join();
  if (error) return Failure(std::move(*error));
  return {};
}

}  // namespace stave::loading
