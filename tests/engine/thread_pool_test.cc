// Who takes part in a job: all workers, within a job of the same pool the caller alone, within one
// of another pool all again.
#include "engine/runtime/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>

namespace stave {
namespace {

TEST(ThreadPool, JobsWithinJobs) {
  ThreadPool pool(3);
  ThreadPool other(2);
  for (int round = 0; round < 20; ++round) {
    std::mutex mutex;
    std::set<int> workers;
    std::set<int> others;
    std::atomic<int> inner = 0;
    pool.run(3, [&](int worker) {
      pool.run(3, [&](int alone) {
        EXPECT_EQ(alone, 0);
        ++inner;
      });
      if (worker == 2) {
        other.run(2, [&](int its_worker) {
          const std::lock_guard lock(mutex);
          others.insert(its_worker);
        });
      }
      const std::lock_guard lock(mutex);
      workers.insert(worker);
    });
    EXPECT_EQ(workers, (std::set<int>{0, 1, 2}));
    EXPECT_EQ(others, (std::set<int>{0, 1}));
    EXPECT_EQ(inner, 3);
  }
}

}  // namespace
}  // namespace stave
