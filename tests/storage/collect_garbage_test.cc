// Collection: what goes, what stays, and that nobody who reads is disturbed.
#include "storage/collect_garbage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/snapshot.h"
#include "storage/store_files.h"
#include "storage/store_folder.h"
#include "tests/storage/support/small_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Snapshots 0 to 3; each commit but the first rewrites the domains, so that old files are left.
class CollectGarbageTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    files_ = GetParam() ? *posix_file_system(folder_.path()) : memory_file_system("memory");
    ASSERT_TRUE(create_store(*files_, music_schema(), "UTC"));
    for (const std::int64_t user : {7, 8, 9}) {
      const auto transaction = Transaction::begin(files_).value();
      add_plays(*transaction, {user});
      ASSERT_TRUE(transaction->commit());
    }
  }
  CollectReport collect(std::uint64_t keep, bool dry_run = false) {
    auto report = collect_garbage(files_, {keep, dry_run});
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(CollectReport());
  }
  // Files of the last snapshot that are not there.
  std::vector<std::string> missing() const {
    std::vector<std::string> missing;
    for (const FileReference& file : files_of(read_last_manifest(*files_).value())) {
      if (!*files_->exists(file.path)) {
        missing.push_back(file.path);
      }
    }
    return missing;
  }

  TemporaryFolder folder_;
  std::shared_ptr<FileSystem> files_;
};

TEST_P(CollectGarbageTest, KeepsTheLast) {
  const std::size_t before = list_data_files(*files_)->size();
  const CollectReport report = collect(1);
  EXPECT_THAT(report.removed, ElementsAre(0, 1, 2));
  EXPECT_THAT(report.in_use, IsEmpty());
  EXPECT_THAT(list_snapshots(*files_).value(), ElementsAre(3));
  EXPECT_THAT(missing(), IsEmpty());
  EXPECT_EQ(list_data_files(*files_)->size(), files_of(read_last_manifest(*files_).value()).size());
  EXPECT_EQ(before - list_data_files(*files_)->size() + 3, report.files);
  EXPECT_GT(report.bytes, 0U);
  EXPECT_EQ(collect(1).files, 0U);
}

TEST_P(CollectGarbageTest, KeepsAsManyAsAskedFor) {
  EXPECT_THAT(collect(2).removed, ElementsAre(0, 1));
  EXPECT_THAT(collect(9).removed, IsEmpty());
  EXPECT_TRUE(Snapshot::open(files_, "2"));
  EXPECT_EQ(collect_garbage(files_, {0, false}).error().code, ErrorCode::kInvalidArgument);
}

TEST_P(CollectGarbageTest, OnlySaysWhatWouldGo) {
  const auto before = list_data_files(*files_).value();
  const CollectReport dry = collect(1, true);
  EXPECT_EQ(list_data_files(*files_).value(), before);
  EXPECT_THAT(list_snapshots(*files_).value(), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(collect(1).files, dry.files);
}

TEST_P(CollectGarbageTest, LeavesWhatIsRead) {
  auto reader = Snapshot::open(files_, "1").value();
  const CollectReport report = collect(1);
  EXPECT_THAT(report.removed, ElementsAre(0, 2));
  EXPECT_THAT(report.in_use, ElementsAre(1));
  const auto users = reader->domain("users");
  ASSERT_TRUE(users) << users.error().message;
  EXPECT_EQ((*users)->int64_at(1), 7);
  for (const FileReference& file : files_of(reader->manifest())) {
    EXPECT_TRUE(*files_->exists(file.path)) << file.path;
  }
  reader.reset();
  EXPECT_THAT(collect(1).removed, ElementsAre(1));
}

TEST_P(CollectGarbageTest, LeavesStrangersAlone) {
  ASSERT_TRUE(files_->create("notes.txt"));
  ASSERT_TRUE(files_->create("streams/readme-000001.txt"));
  ASSERT_TRUE(files_->create("damaged/user_id-000001.col"));
  collect(1);
  EXPECT_TRUE(*files_->exists("notes.txt"));
  EXPECT_TRUE(*files_->exists("streams/readme-000001.txt"));
  EXPECT_TRUE(*files_->exists("damaged/user_id-000001.col"));
}

TEST_P(CollectGarbageTest, TouchesNothingWhereAManifestToKeepIsDamaged) {
  ASSERT_TRUE(files_->remove(manifest_path(2)));
  ASSERT_TRUE(write_durably(*files_, manifest_path(2), "nonsense"));
  const auto before = list_data_files(*files_).value();
  const auto refused = collect_garbage(files_, {2, false});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kDamaged);
  EXPECT_THAT(refused.error().message, HasSubstr("Nothing was collected, since snapshot 2"));
  EXPECT_EQ(list_data_files(*files_).value(), before);
  EXPECT_THAT(list_snapshots(*files_).value(), Contains(0U));
}

TEST_P(CollectGarbageTest, WaitsForNoWriter) {
  const auto writer = Transaction::begin(files_).value();
  EXPECT_EQ(collect_garbage(files_, {1, false}).error().code, ErrorCode::kLocked);
}

INSTANTIATE_TEST_SUITE_P(FileSystems, CollectGarbageTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Posix" : "Memory"; });

}  // namespace
}  // namespace stave
