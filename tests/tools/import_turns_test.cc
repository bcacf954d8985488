// Threads that come in any order go by their numbers.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tools/import/turns.h"

namespace stave::loading {
namespace {

TEST(ImportTurns, GoByNumber) {
  constexpr std::uint64_t kNumbers = 2000;
  constexpr std::uint64_t kThreads = 4;
  Turns turns;
  std::vector<std::uint64_t> seen;
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::uint64_t number = thread; number < kNumbers; number += kThreads) {
        if (!turns.wait_for(number)) return;
        seen.push_back(number);
        turns.pass();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(seen.size(), kNumbers);
  for (std::uint64_t number = 0; number < kNumbers; ++number) EXPECT_EQ(seen[number], number);
}

TEST(ImportTurns, WhoWaitsIsToldThatAllStopped) {
  Turns turns;
  std::thread waiting([&] { EXPECT_FALSE(turns.wait_for(3)); });
  turns.stop();
  waiting.join();
  EXPECT_FALSE(turns.wait_for(0));
}

}  // namespace
}  // namespace stave::loading
