// The marker: what it witnesses, and that nothing older opens unnoticed.
#include "storage/marker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "tests/storage/support/small_store.h"

namespace stave {
namespace {

using testing::HasSubstr;

class MarkerTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(create_store(*files_, music_schema(), "UTC"));
    for (const std::int64_t user : {7, 8}) {
      const auto transaction = Transaction::begin(files_).value();
      add_plays(*transaction, {user});
      ASSERT_TRUE(transaction->commit());
    }
  }
  void put_marker(std::string_view text) {
    ASSERT_TRUE(files_->remove(kMarkerPath));
    ASSERT_TRUE(write_durably(*files_, kMarkerPath, text));
  }
  Error opening_error() const {
    const auto opened = Snapshot::open(files_);
    return opened ? Error() : opened.error();
  }

  std::shared_ptr<FileSystem> files_ = memory_file_system("memory");
};

TEST(Marker, IsThreeLines) {
  EXPECT_EQ(marker_text(12), "Stave store\nsnapshot 12\ncheck 0319f2eb1f30c54a\n");
  EXPECT_EQ(decode_marker(marker_text(12), "m").value(), 12U);
}

TEST(Marker, NoticesEveryFlippedBitAndTruncation) {
  std::string text = marker_text(12);
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string flipped = text;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(decode_marker(flipped, "m")) << bit;
  }
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(decode_marker(text.substr(0, size), "m")) << size;
  }
  EXPECT_FALSE(decode_marker(text + "\n", "m"));
}

TEST_F(MarkerTest, FollowsCommits) {
  EXPECT_EQ(read_marker(*files_).value(), 2U);
  EXPECT_FALSE(*files_->exists(kMarkerPath + kUnfinishedSuffix));
}

TEST_F(MarkerTest, MissesTheNewestManifest) {
  ASSERT_TRUE(files_->remove(manifest_path(2)));
  const Error error = opening_error();
  EXPECT_EQ(error.code, ErrorCode::kDamaged);
  EXPECT_THAT(error.message, HasSubstr("Snapshot 2 was committed, and its manifest is missing"));
  EXPECT_THAT(error.message, HasSubstr("the newest there is 1"));
  EXPECT_THAT(error.message, HasSubstr("stave repair"));
  EXPECT_EQ(Transaction::begin(files_).error().code, ErrorCode::kDamaged);
}

TEST_F(MarkerTest, MissesAllManifests) {
  for (std::uint64_t snapshot = 0; snapshot <= 2; ++snapshot) {
    ASSERT_TRUE(files_->remove(manifest_path(snapshot)));
  }
  EXPECT_THAT(opening_error().message, HasSubstr("no other is there"));
}

TEST_F(MarkerTest, MayLagBehind) {
  put_marker(marker_text(1));
  EXPECT_EQ(Snapshot::open(files_).value()->manifest().snapshot, 2U);
}

TEST_F(MarkerTest, IsDamagedOrMissing) {
  put_marker("Stave store\n");
  EXPECT_EQ(opening_error().code, ErrorCode::kDamaged);
  ASSERT_TRUE(files_->remove(kMarkerPath));
  EXPECT_EQ(opening_error().code, ErrorCode::kDamaged);
  EXPECT_THAT(opening_error().message, HasSubstr("lost its marker"));
}

TEST_F(MarkerTest, TakesTheUnfinishedOneOfACrashAway) {
  ASSERT_TRUE(files_->create(kMarkerPath + kUnfinishedSuffix));
  const auto transaction = Transaction::begin(files_).value();
  add_plays(*transaction, {9});
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(read_marker(*files_).value(), 3U);
}

TEST_F(MarkerTest, IsNotMadeOver) {
  const auto other = memory_file_system("other");
  ASSERT_TRUE(write_marker(*other, 5));
  const auto made = create_store(*other, music_schema(), "UTC");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(made.error().message, HasSubstr("of snapshot 5"));
}

}  // namespace
}  // namespace stave
