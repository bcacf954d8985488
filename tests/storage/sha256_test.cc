// The digests of FIPS 180-4's examples, and that pieces give the digest of the whole.
#include "storage/sha256.h"

#include <gtest/gtest.h>

#include <random>

namespace stave {
namespace {

TEST(Sha256Test, GivesTheDigestsOfTheStandard) {
  EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_of(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, DoesNotDependOnThePieces) {
  std::mt19937 random(8);
  std::string bytes;
  while (bytes.size() < 3000) bytes.push_back(static_cast<char>(random()));
  const std::string whole = sha256_of(bytes);
  for (int round = 0; round < 200; ++round) {
    Sha256 pieces;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = random() % 200;
      pieces.add(std::string_view(bytes).substr(at, size));
      at += size;
    }
    EXPECT_EQ(pieces.finish(), whole);
  }
}

}  // namespace
}  // namespace stave
