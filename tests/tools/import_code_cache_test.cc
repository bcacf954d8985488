// What the cache of codes may forget and what it must never mix up.
#include "tools/import/code_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace stave::loading {
namespace {

// With bytes behind it that are no part of it.
CodeCache::Key key_of(std::string text, char behind = '#') {
  const std::size_t size = text.size();
  text.append(CodeCache::kMaxBytes, behind);
  return CodeCache::key_of(text.data(), size);
}

TEST(CodeCache, KnowsATextByItsBytesAlone) {
  CodeCache cache;
  cache.remember(key_of("US", ','), 7);
  EXPECT_EQ(cache.find(key_of("US", 'x')), 7U);
  EXPECT_EQ(cache.find(key_of("UX")), kNullCode);
  EXPECT_EQ(cache.find(key_of("U")), kNullCode);
  EXPECT_EQ(cache.find(key_of("USA")), kNullCode);
}

TEST(CodeCache, TellsTextsApartByTheirSize) {
  CodeCache cache;
  cache.remember(key_of("ab"), 1);
  cache.remember(key_of(std::string("ab\0", 3)), 2);
  EXPECT_EQ(cache.find(key_of("ab")), 1U);
  EXPECT_EQ(cache.find(key_of(std::string("ab\0", 3))), 2U);
}

TEST(CodeCache, SeesEveryByte) {
  CodeCache cache;
  for (std::size_t size = 1; size <= CodeCache::kMaxBytes; ++size) {
    const std::string text(size, 'a');
    cache.remember(key_of(text), 9);
    EXPECT_EQ(cache.find(key_of(text)), 9U);
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = 'b';
      EXPECT_EQ(cache.find(key_of(other)), kNullCode) << size << " " << at;
    }
  }
}

TEST(CodeCache, NeverGivesTheCodeOfAnotherTextHoweverManyThereAre) {
  CodeCache cache;
  std::size_t found = 0;
  for (int round = 0; round < 12; ++round) {
    found = 0;
    for (std::uint32_t i = 1; i <= 20'000; ++i) {
      const CodeCache::Key key = key_of("track " + std::to_string(i));
      const std::uint32_t code = cache.find(key);
      EXPECT_TRUE(code == kNullCode || code == i);
      found += code == i ? 1U : 0U;
      if (code == kNullCode) cache.remember(key, i);
    }
    cache.note_lookups(20'000, 20'000, 20'000);
  }
  // It grew until it held most of them.
  EXPECT_GT(found, 15'000U);
  EXPECT_TRUE(cache.is_large());
}

}  // namespace
}  // namespace stave::loading
