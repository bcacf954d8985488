// Loads of facts are taken out exactly, also of segments that hold rows of several.
#include "storage/undo_load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/collect_garbage.h"
#include "storage/segment_rewriter.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/verify.h"
#include "tests/storage/support/small_store.h"

namespace stave {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class UndoLoadTest : public testing::Test {
 protected:
  // Loads 1, 2 and 3 with their plays.
  void SetUp() override {
    ASSERT_TRUE(create_store(*files_, music_schema(), "UTC"));
    load({10, 11});
    load({20});
    load({30, 31, 32});
  }
  void load(const std::vector<std::int64_t>& users) {
    const auto transaction = Transaction::begin(files_).value();
    Manifest& manifest = transaction->manifest();
    LoadState state;
    state.id = manifest.next_load_id;
    state.table = "streams";
    state.snapshot = manifest.snapshot + 1;
    manifest.loads.push_back(state);
    add_plays(*transaction, users);
    ASSERT_TRUE(transaction->commit());
  }
  // Puts all rows into one segment, those of later loads first.
  void merge() {
    const auto transaction = Transaction::begin(files_).value();
    const auto snapshot = Snapshot::open(files_).value();
    TableState& table = transaction->manifest().tables[0];
    std::vector<const SegmentState*> from;
    std::vector<std::uint32_t> order;
    for (const SegmentState& segment : table.segments) {
      from.push_back(&segment);
    }
    for (std::uint32_t row = 0; row < table.rows; ++row) {
      order.insert(order.begin(), row);
    }
    SegmentRewriter rewriter(*transaction, *snapshot, transaction->manifest().schema.tables[0],
                             Unreadable::kFails);
    const auto rows = static_cast<std::uint32_t>(order.size());
    const auto merged = rewriter.write(from, order, {{kNullCode, 0, rows}}).value();
    table.segments = {merged};
    const auto committed = transaction->commit();
    ASSERT_TRUE(committed) << committed.error().message;
  }
  // Users of all plays, in the order of segments and rows.
  std::vector<std::int64_t> users() const {
    const auto snapshot = Snapshot::open(files_).value();
    const auto domain = snapshot->domain("users").value();
    const TableState& table = snapshot->manifest().tables[0];
    std::vector<std::int64_t> users;
    for (const SegmentState& segment : table.segments) {
      DecodedBlock block;
      EXPECT_TRUE(snapshot->open_column(table, segment, 1).value()->read_block(0, block));
      for (std::uint32_t row = 0; row < block.rows; ++row) {
        users.push_back(domain->int64_at(block.codes[row]));
      }
    }
    return users;
  }
  UndoReport undo(std::uint64_t id) {
    const auto report = undo_load(files_, id);
    EXPECT_TRUE(report) << report.error().message;
    EXPECT_THAT(verify_store(*files_, 1)->damages, IsEmpty());
    return report.value_or(UndoReport());
  }

  std::shared_ptr<FileSystem> files_ = memory_file_system("memory");
};

TEST_F(UndoLoadTest, DropsItsSegments) {
  const UndoReport report = undo(2);
  EXPECT_EQ(report.rows, 1U);
  EXPECT_EQ(report.segments_dropped, 1U);
  EXPECT_EQ(report.snapshot, 4U);
  EXPECT_THAT(users(), ElementsAre(10, 11, 30, 31, 32));
  const Manifest manifest = read_last_manifest(*files_).value();
  EXPECT_EQ(manifest.operation, "undo of load 2 into streams");
  EXPECT_EQ(manifest.loads.size(), 2U);
  EXPECT_EQ(manifest.tables[0].rows, 5U);
}

TEST_F(UndoLoadTest, TakesItsRowsOutOfMergedSegments) {
  merge();
  EXPECT_THAT(users(), ElementsAre(32, 31, 30, 20, 11, 10));
  const UndoReport report = undo(1);
  EXPECT_EQ(report.rows, 2U);
  EXPECT_EQ(report.segments_rewritten, 1U);
  EXPECT_THAT(users(), ElementsAre(32, 31, 30, 20));
  EXPECT_THAT(read_last_manifest(*files_)->tables[0].segments[0].loads, ElementsAre(2, 3));
  undo(3);
  EXPECT_THAT(users(), ElementsAre(20));
  const SegmentState last = read_last_manifest(*files_)->tables[0].segments[0];
  EXPECT_THAT(last.loads, ElementsAre(2));
  EXPECT_FALSE(last.load_of_row.exists());
  undo(2);
  EXPECT_THAT(users(), IsEmpty());
}

TEST_F(UndoLoadTest, WorksForFactsAfterCollection) {
  ASSERT_TRUE(collect_garbage(files_, {1, false}));
  undo(1);
  EXPECT_THAT(users(), ElementsAre(20, 30, 31, 32));
}

TEST_F(UndoLoadTest, SaysWhatLoadsThereAre) {
  const auto unknown = undo_load(files_, 9);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(unknown.error().message, HasSubstr("[1, 2, 3]"));
  undo(3);
  EXPECT_EQ(undo_load(files_, 3).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_last_manifest(*files_)->snapshot, 4U);
}

TEST(RunsOfKept, AreThoseThatHaveRowsLeft) {
  SegmentState segment;
  segment.rows = 10;
  segment.runs = {{1, 0, 3}, {2, 3, 4}, {0, 7, 3}};
  const std::uint32_t kept[] = {1, 2, 8, 9};
  const auto runs = runs_of_kept(segment, kept);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].code, 1U);
  EXPECT_EQ(runs[0].rows, 2U);
  EXPECT_EQ(runs[1].code, 0U);
  EXPECT_EQ(runs[1].first_row, 2U);
  EXPECT_EQ(runs[1].rows, 2U);
}

}  // namespace
}  // namespace stave
