// What is read within a word is what the parser of any number reads, to the bit.
#include "tools/import/short_numbers.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <string>

#include "tools/import/parse_number.h"
#include "tools/import/structure.h"

namespace stave::loading {
namespace {

// Whether it is read; then as parse_float64 does.
bool check_float(const std::string& text) {
  const std::string padded = text + std::string(kTextPadding, '7');
  double value = 77;
  if (!read_short_float(padded.data(), padded.data() + text.size(), value)) return false;
  double wanted = 0;
  EXPECT_EQ(parse_float64(padded.data(), padded.data() + text.size(), wanted), ParseFault::kNone)
      << text;
  EXPECT_EQ(std::bit_cast<std::uint64_t>(value), std::bit_cast<std::uint64_t>(wanted)) << text;
  return true;
}

TEST(ShortNumbers, ReadsFloatsOfUpToEightBytes) {
  std::mt19937 random(1);
  for (int i = 0; i < 300'000; ++i) {
    const std::size_t size = 1 + random() % 8;
    std::string text;
    while (text.size() < size) text += static_cast<char>('0' + random() % 10);
    const std::size_t point = random() % size;
    if (point + 1 < size) text[point] = '.';
    ASSERT_TRUE(check_float(text)) << text;
    ASSERT_TRUE(check_float("-" + text)) << text;
  }
  for (const char* text : {"0", "-0", "-0.000", "0.1", "-.5", ".25", "99999999", "0.000001"}) {
    EXPECT_TRUE(check_float(text)) << text;
  }
}

TEST(ShortNumbers, LeavesWhatIsNoShortFloat) {
  for (const char* text : {"", "-", "--1", "+1", ".", "-.", "1.", "1e5", "nan", "inf", "-inf",
                           "1,5", "1.2.3", "123456789", "-123456.78", "0x10", "1-2", "- 1"}) {
    EXPECT_FALSE(check_float(text)) << text;
  }
}

TEST(ShortNumbers, ReadsNoOtherFloatThanTheParserDoes) {
  constexpr std::string_view kBytes = "0123456789.-+eE n";
  std::mt19937 random(2);
  for (int i = 0; i < 300'000; ++i) {
    std::string text;
    for (std::size_t size = random() % 10; text.size() < size;) {
      text += kBytes[random() % kBytes.size()];
    }
    check_float(text);
    ASSERT_FALSE(testing::Test::HasFailure());
  }
}

}  // namespace
}  // namespace stave::loading
