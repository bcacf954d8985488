// Compaction: one segment a day, the same rows, the loads still known.
#include "storage/compact_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "storage/collect_garbage.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/undo_load.h"
#include "storage/verify.h"
#include "tests/storage/support/small_store.h"

namespace stave {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class CompactStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(create_store(*files_, music_schema(), "UTC"));
    load({10, 11});
    load({20});
    load({30, 31});
  }
  void load(const std::vector<std::int64_t>& users) {
    const auto transaction = Transaction::begin(files_).value();
    Manifest& manifest = transaction->manifest();
    LoadState state;
    state.id = manifest.next_load_id;
    state.table = "streams";
    manifest.loads.push_back(state);
    add_plays(*transaction, users);
    ASSERT_TRUE(transaction->commit());
  }
  TableState streams() const { return read_last_manifest(*files_).value().tables[0]; }
  CompactReport compact(bool dry_run = false) {
    const auto report = compact_store(files_, {"", dry_run});
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(CompactReport());
  }
  std::vector<std::int64_t> users() const {
    const auto snapshot = Snapshot::open(files_).value();
    const auto domain = snapshot->domain("users").value();
    std::vector<std::int64_t> users;
    for (const SegmentState& segment : snapshot->manifest().tables[0].segments) {
      DecodedBlock block;
      const auto reader = snapshot->open_column(snapshot->manifest().tables[0], segment, 1);
      EXPECT_TRUE((*reader)->read_block(0, block));
      for (std::uint32_t row = 0; row < block.rows; ++row) {
        users.push_back(domain->int64_at(block.codes[row]));
      }
    }
    return users;
  }

  std::shared_ptr<FileSystem> files_ = memory_file_system("memory");
};

TEST_F(CompactStoreTest, MergesADay) {
  const CompactReport dry = compact(true);
  EXPECT_EQ(streams().segments.size(), 3U);
  const CompactReport report = compact();
  ASSERT_THAT(report.tables, SizeIs(1));
  for (const CompactReport& each : {dry, report}) {
    EXPECT_EQ(each.tables[0].table, "streams");
    EXPECT_EQ(each.tables[0].days, 1U);
    EXPECT_EQ(each.tables[0].rows, 5U);
    EXPECT_EQ(each.tables[0].segments_before, 3U);
    EXPECT_EQ(each.tables[0].segments_after, 1U);
  }
  EXPECT_EQ(dry.snapshot, 3U);
  EXPECT_EQ(report.snapshot, 4U);
  ASSERT_THAT(streams().segments, SizeIs(1));
  EXPECT_THAT(streams().segments[0].loads, ElementsAre(1, 2, 3));
  EXPECT_THAT(users(), ElementsAre(10, 11, 20, 30, 31));
  EXPECT_THAT(verify_store(*files_, 1)->damages, IsEmpty());
  EXPECT_THAT(compact().tables, IsEmpty());
  EXPECT_EQ(read_last_manifest(*files_)->snapshot, 4U);
}

TEST_F(CompactStoreTest, LoadsCanBeUndoneAfterwards) {
  compact();
  ASSERT_TRUE(collect_garbage(files_, {1, false}));
  ASSERT_TRUE(undo_load(files_, 2));
  EXPECT_THAT(users(), ElementsAre(10, 11, 30, 31));
  load({40});
  compact();
  EXPECT_THAT(streams().segments[0].loads, ElementsAre(1, 3, 4));
  ASSERT_TRUE(undo_load(files_, 1));
  EXPECT_THAT(users(), ElementsAre(30, 31, 40));
  EXPECT_THAT(verify_store(*files_, 1)->damages, IsEmpty());
}

TEST_F(CompactStoreTest, ForgetsChangesThatNoSegmentNeeds) {
  {
    const auto transaction = Transaction::begin(files_).value();
    TableState& table = transaction->manifest().tables[0];
    table.cluster_version = 2;
    table.cluster_changes = {{1, 1, {}}, {2, 1, {}}};
    ASSERT_TRUE(transaction->commit());
  }
  EXPECT_EQ(compact().tables[0].stale_before, 3U);
  EXPECT_THAT(streams().cluster_changes, IsEmpty());
  EXPECT_EQ(streams().segments[0].cluster_version, 2U);
}

TEST_F(CompactStoreTest, KnowsTheTablesOfFacts) {
  EXPECT_EQ(compact_store(files_, {"users", false}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(compact_store(files_, {"none", false}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(compact_store(files_, {"streams", false}));
}

}  // namespace
}  // namespace stave
