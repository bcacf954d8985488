// Repair of each kind of damage: what is sound stays, and what is lost is said.
#include "storage/repair_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/verify.h"
#include "tests/storage/support/small_store.h"

namespace stave {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RepairStoreTest : public testing::Test {
 protected:
  // Segments of 20,000 rows, in two blocks, and of 3.
  void SetUp() override {
    ASSERT_TRUE(create_store(*files_, music_schema(), "UTC"));
    add(20'000);
    add(3);
  }
  void add(std::int64_t plays) {
    const auto transaction = Transaction::begin(files_).value();
    std::vector<std::int64_t> users;
    for (std::int64_t play = 0; play < plays; ++play) {
      users.push_back(play * 7919 % 10'007);
    }
    add_plays(*transaction, users);
    ASSERT_TRUE(transaction->commit());
  }
  TableState streams() const { return read_last_manifest(*files_).value().tables[0]; }
  std::string path_of(std::size_t segment, std::size_t column) const {
    return streams().segments[segment].columns[column].path;
  }
  void flip(const std::string& path, std::uint64_t at) {
    std::string bytes = read_whole(*files_, path).value();
    bytes[at] = static_cast<char>(bytes[at] ^ 4);
    ASSERT_TRUE(files_->remove(path));
    ASSERT_TRUE(write_durably(*files_, path, bytes));
  }
  RepairReport repair(bool dry_run = false) {
    const auto report = repair_store(files_, {dry_run});
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(RepairReport());
  }
  std::vector<std::string> damages_of_last() const {
    std::vector<std::string> damages;
    const auto snapshot = Snapshot::open(files_);
    for (const TableState& table : (*snapshot)->manifest().tables) {
      for (const SegmentState& segment : table.segments) {
        for (std::size_t i = 0; i < segment.columns.size(); ++i) {
          if (segment.columns[i].exists() && !(*snapshot)->open_column(table, segment, i)) {
            damages.push_back(segment.columns[i].path);
          }
        }
      }
    }
    return damages;
  }

  std::shared_ptr<FileSystem> files_ = memory_file_system("memory");
};

TEST_F(RepairStoreTest, LeavesASoundStoreAlone) {
  const RepairReport report = repair();
  EXPECT_TRUE(report.was_sound);
  EXPECT_EQ(report.snapshot, 2U);
  EXPECT_THAT(report.losses, IsEmpty());
  EXPECT_EQ(read_last_manifest(*files_)->snapshot, 2U);
}

TEST_F(RepairStoreTest, LeavesOutTheRowsOfADamagedBlock) {
  const std::string path = path_of(0, 1);
  flip(path, 40);
  const RepairReport dry = repair(true);
  EXPECT_EQ(read_last_manifest(*files_)->snapshot, 2U);
  const RepairReport report = repair();
  for (const RepairReport& each : {dry, report}) {
    ASSERT_EQ(each.losses.size(), 1U);
    EXPECT_EQ(each.losses[0].table, "streams");
    EXPECT_EQ(each.losses[0].day, "2025-05-01");
    EXPECT_EQ(each.losses[0].column, "user_id");
    EXPECT_EQ(each.losses[0].rows, 16'384U);
    EXPECT_FALSE(each.losses[0].is_null);
  }
  EXPECT_THAT(dry.moved, IsEmpty());
  EXPECT_THAT(report.moved, ElementsAre(path));
  EXPECT_EQ(report.snapshot, 3U);
  EXPECT_EQ(streams().rows, 20'003U - 16'384U);
  EXPECT_EQ(streams().segments[0].rows, 20'000U - 16'384U);
  EXPECT_THAT(damages_of_last(), IsEmpty());
  EXPECT_TRUE(repair().was_sound);
}

TEST_F(RepairStoreTest, LeavesOutSegmentsThatLostAFile) {
  ASSERT_TRUE(files_->remove(path_of(1, 4)));
  const RepairReport report = repair();
  EXPECT_EQ(report.losses[0].rows, 3U);
  EXPECT_EQ(streams().segments.size(), 1U);
  EXPECT_EQ(streams().rows, 20'000U);
}

TEST_F(RepairStoreTest, GoesOnFromTheSnapshotBefore) {
  flip(manifest_path(2), 100);
  EXPECT_THAT(repair(true).notes, Contains(HasSubstr("SNAPSHOT 2 IS LOST")));
  EXPECT_FALSE(Snapshot::open(files_));
  const RepairReport report = repair();
  EXPECT_THAT(report.notes, Contains(HasSubstr("SNAPSHOT 2 IS LOST")));
  EXPECT_THAT(report.notes, Contains(HasSubstr("goes on from snapshot 1")));
  EXPECT_THAT(report.moved, Contains(manifest_path(2)));
  EXPECT_EQ(Snapshot::open(files_).value()->manifest().snapshot, 1U);
  EXPECT_EQ(streams().rows, 20'000U);
  add(2);
  EXPECT_EQ(streams().rows, 20'002U);
  EXPECT_THAT(verify_store(*files_, 1)->damages, IsEmpty());
}

TEST_F(RepairStoreTest, KeepsTheFilesOfALostSnapshot) {
  const std::string path = path_of(1, 1);
  ASSERT_TRUE(files_->remove(manifest_path(2)));
  const RepairReport report = repair();
  EXPECT_THAT(report.notes, Contains(HasSubstr("its manifest is missing")));
  EXPECT_THAT(report.moved, Contains(path));
  EXPECT_FALSE(*files_->exists(path));
}

TEST_F(RepairStoreTest, WritesTheMarkerAnew) {
  ASSERT_TRUE(files_->remove(kMarkerPath));
  EXPECT_THAT(repair().notes, Contains(HasSubstr("marker")));
  EXPECT_EQ(read_marker(*files_).value(), 2U);
  flip(kMarkerPath, 3);
  EXPECT_THAT(repair().notes, Contains(HasSubstr("marker")));
  EXPECT_TRUE(Snapshot::open(files_));
}

TEST_F(RepairStoreTest, RefusesWhereValuesOfADomainAreLost) {
  const std::string path =
      read_last_manifest(*files_).value().find_domain("tracks")->segments[0].file.path;
  flip(path, 200);
  const auto refused = repair_store(files_, {false});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kDamaged);
  EXPECT_THAT(refused.error().message, HasSubstr("Values of a key domain are lost"));
  EXPECT_THAT(refused.error().message, HasSubstr(path));
  EXPECT_EQ(read_last_manifest(*files_)->snapshot, 2U);
}

TEST_F(RepairStoreTest, NeedsAManifest) {
  for (std::uint64_t snapshot = 0; snapshot <= 2; ++snapshot) {
    ASSERT_TRUE(files_->remove(manifest_path(snapshot)));
  }
  EXPECT_EQ(repair_store(files_, {false}).error().code, ErrorCode::kDamaged);
  const auto empty = memory_file_system("empty");
  EXPECT_EQ(repair_store(empty, {false}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace stave
