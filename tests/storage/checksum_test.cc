// The checksum is the same by whatever instructions, in one piece or in many.
#include "storage/checksum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "storage/kernel_dispatch.h"

namespace stave {
namespace {

TEST(Checksum, IsTheSameByWhateverInstructions) {
  std::mt19937_64 random(7);
  std::string text(70'000, '\0');
  for (char& byte : text) byte = static_cast<char>(random());
  const std::string_view bytes = text;
  const std::int64_t machine = machine_targets();
  for (const std::size_t size :
       {0U, 1U, 8U, 100U, 240U, 241U, 1023U, 1024U, 1025U, 4096U, 16'385U, 70'000U}) {
    std::vector<std::uint64_t> seen;
    for (std::int64_t targets = machine; targets != 0; targets &= targets - 1) {
      use_kernel_targets(targets & -targets);
      seen.push_back(checksum_of(bytes.substr(0, size)));
      RunningChecksum running;
      for (std::size_t at = 0; at < size; at += 777) {
        running.add(bytes.substr(at, std::min<std::size_t>(777, size - at)));
      }
      seen.push_back(running.value());
    }
    use_kernel_targets(0);
    for (const std::uint64_t each : seen) EXPECT_EQ(each, seen.front()) << size;
  }
}

// As the library gives it: what is on disk depends on it.
TEST(Checksum, IsXxh3) {
  EXPECT_EQ(checksum_of(std::string_view("")), 0x2d06800538d394c2u);
  EXPECT_EQ(checksum_of(std::string_view("abc")), 0x78af5f94892f3950u);
}

}  // namespace
}  // namespace stave
