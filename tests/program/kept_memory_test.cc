// The memory of the program, which replaces operator new: threads that come and go leave nothing
// behind.
#include "tools/cli/kept_memory.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

namespace stave::cli {
namespace {

void work_in_a_thread() {
  std::thread([] {
    std::vector<std::unique_ptr<char[]>> buffers;
    for (int i = 0; i < 100; ++i) {
      constexpr std::size_t kSize = 100'000;
      buffers.push_back(std::make_unique<char[]>(kSize));
      std::memset(buffers.back().get(), 1, kSize);
    }
  }).join();
}

std::size_t bytes_in_use() {
  return mallinfo2().uordblks;
}

TEST(KeptMemory, ThreadsThatComeAndGoLeaveNothing) {
  keep_freed_memory();
  work_in_a_thread();
  const std::size_t before = bytes_in_use();
  for (int i = 0; i < 100; ++i) work_in_a_thread();
  EXPECT_LT(bytes_in_use(), before + (std::size_t{2} << 20));
}

}  // namespace
}  // namespace stave::cli
