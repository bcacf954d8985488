// Bytes in and out: round trips, and a reader that never leaves its span.
#include "storage/bytes.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "storage/checksum.h"

namespace stave {
namespace {

RC_GTEST_PROP(Bytes, VarintsComeBack, (std::vector<std::uint64_t> values)) {
  values.push_back(0);
  values.push_back(std::numeric_limits<std::uint64_t>::max());
  std::string bytes;
  ByteWriter writer(bytes);
  for (const std::uint64_t value : values) {
    writer.write_varint(value);
    writer.write_signed_varint(static_cast<std::int64_t>(value));
  }
  ByteReader reader{std::string_view(bytes)};
  for (const std::uint64_t value : values) {
    RC_ASSERT(reader.read_varint() == value);
    RC_ASSERT(reader.read_signed_varint() == static_cast<std::int64_t>(value));
  }
  RC_ASSERT(reader.finished());
}

TEST(Bytes, FixedWidthsAreLittleEndian) {
  std::string bytes;
  ByteWriter writer(bytes);
  writer.write_u16(0x0201);
  writer.write_u32(0x06050403);
  writer.write_text("ab");
  EXPECT_EQ(bytes, std::string("\1\2\3\4\5\6\2ab"));
  ByteReader reader{std::string_view(bytes)};
  EXPECT_EQ(reader.read_u16(), 0x0201);
  EXPECT_EQ(reader.read_u32(), 0x06050403U);
  EXPECT_EQ(reader.read_text(), "ab");
  EXPECT_TRUE(reader.finished());
}

TEST(Bytes, AReadBeyondTheEndFailsForGood) {
  ByteReader reader{std::string_view("\1\2\3")};
  EXPECT_EQ(reader.read_u32(), 0U);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.read_u8(), 0);
  EXPECT_EQ(reader.remaining(), 0U);
  EXPECT_TRUE(reader.read_bytes(1).empty());
}

TEST(Bytes, VarintsThatAreTooLongOrPaddedFail) {
  for (const std::string& bytes :
       {std::string(11, '\xFF'), std::string("\x80"), std::string("\x81\x00", 2),
        std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02")}) {
    ByteReader reader{std::string_view(bytes)};
    reader.read_varint();
    EXPECT_FALSE(reader.ok());
  }
}

RC_GTEST_PROP(Checksum, PiecesEqualTheWhole, (std::string first, std::string second)) {
  RunningChecksum running;
  running.add(first);
  running.add(second);
  RC_ASSERT(running.value() == checksum_of(first + second));
}

TEST(Checksum, IsXxh3WithSeedZero) {
  EXPECT_EQ(checksum_of(std::string_view()), 0x2D06800538D394C2U);
}

}  // namespace
}  // namespace stave
