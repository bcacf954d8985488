// Earlier snapshots are found by number and time, and stay while somebody reads them.
#include "storage/as_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "tests/storage/support/small_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave {
namespace {

using testing::HasSubstr;

// Snapshots 0 to 3, committed at the first four hours of 2026-11-20.
class AsOfTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    files_ = GetParam() ? *posix_file_system(folder_.path()) : memory_file_system("memory");
    ASSERT_TRUE(create_store(*files_, music_schema(), "UTC"));
    Manifest manifest = read_manifest(*files_, 0).value();
    ASSERT_TRUE(files_->remove(manifest_path(0)));
    for (std::int64_t hour = 0; hour < 4; ++hour) {
      constexpr std::int64_t kSecond = 1'000'000;
      constexpr std::int64_t kMidnight = 1'795'132'800 * kSecond;
      manifest.snapshot = static_cast<std::uint64_t>(hour);
      manifest.created_at = kMidnight + hour * 3600 * kSecond;
      bool is_renamed = false;
      ASSERT_TRUE(commit_manifest(*files_, manifest, is_renamed));
    }
  }
  std::uint64_t found(const std::string& as_of) const {
    const auto snapshot = find_snapshot_as_of(*files_, as_of);
    return snapshot ? *snapshot : 99;
  }
  Error error_of(const std::string& as_of) const {
    const auto snapshot = Snapshot::open(files_, as_of);
    return snapshot ? Error() : snapshot.error();
  }

  TemporaryFolder folder_;
  std::shared_ptr<FileSystem> files_;
};

TEST_P(AsOfTest, FindsByNumberAndTime) {
  EXPECT_EQ(found("0"), 0U);
  EXPECT_EQ(found("2"), 2U);
  EXPECT_EQ(found("2026-11-20T00:00"), 0U);
  EXPECT_EQ(found("2026-11-20T00:59:59"), 0U);
  EXPECT_EQ(found("2026-11-20 01:00"), 1U);
  EXPECT_EQ(found("2026-11-20T02:30Z"), 2U);
  EXPECT_EQ(found("2026-11-20"), 3U);
  EXPECT_EQ(found("2027-01-01"), 3U);
  EXPECT_EQ(Snapshot::open(files_, "1").value()->manifest().snapshot, 1U);
}

TEST_P(AsOfTest, SaysWhatThereIs) {
  EXPECT_EQ(error_of("7").code, ErrorCode::kNotFound);
  EXPECT_THAT(error_of("7").message, HasSubstr("the nearest being 0, 1, 2, 3"));
  EXPECT_EQ(error_of("2026-11-19").code, ErrorCode::kNotFound);
  EXPECT_THAT(error_of("2026-11-19").message,
              HasSubstr("the earliest is 0, committed 2026-11-20 00:00:00 UTC"));
  for (const char* text : {"yesterday", "2026-13-01", "2026-11-20T25:00", "2026-11-20T12", "-1",
                           "2026-11-20T12:00:00:00", "2026-11-31"}) {
    EXPECT_EQ(error_of(text).code, ErrorCode::kInvalidArgument) << text;
  }
}

TEST_P(AsOfTest, ReadsTheOlderWhereTheNewestIsLost) {
  ASSERT_TRUE(files_->remove(manifest_path(3)));
  ASSERT_TRUE(write_marker(*files_, 3));
  EXPECT_EQ(error_of("").code, ErrorCode::kDamaged);
  EXPECT_EQ(Snapshot::open(files_, "2").value()->manifest().snapshot, 2U);
}

TEST_P(AsOfTest, HoldsWhatIsRead) {
  auto snapshot = Snapshot::open(files_).value();
  const auto second = Snapshot::open(files_).value();
  EXPECT_EQ(files_->hold_alone(manifest_path(3)).error().code, ErrorCode::kLocked);
  EXPECT_TRUE(files_->hold_alone(manifest_path(2)));
  snapshot.reset();
  EXPECT_EQ(files_->hold_alone(manifest_path(3)).error().code, ErrorCode::kLocked);
}

TEST_P(AsOfTest, IsNotReadWhileItIsCollected) {
  const auto collecting = files_->hold_alone(manifest_path(2)).value();
  EXPECT_EQ(files_->share(manifest_path(2)).error().code, ErrorCode::kLocked);
  EXPECT_TRUE(files_->share(manifest_path(3)));
  EXPECT_EQ(files_->share(manifest_path(8)).error().code, ErrorCode::kNotFound);
}

INSTANTIATE_TEST_SUITE_P(FileSystems, AsOfTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Posix" : "Memory"; });

}  // namespace
}  // namespace stave
