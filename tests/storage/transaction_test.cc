// Commit, abandon, reopen, lock and isolation, on disk and in memory alike.
#include "storage/transaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "tests/storage/support/small_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class TransactionTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) {
      const std::string path = folder_.path() + "/store.stave";
      const auto created = create_store(path, music_schema(), "Europe/Berlin");
      ASSERT_TRUE(created) << created.error().message;
      files_ = *posix_file_system(path);
    } else {
      files_ = memory_file_system("memory");
      const auto created = create_store(*files_, music_schema(), "Europe/Berlin");
      ASSERT_TRUE(created) << created.error().message;
    }
  }

  std::unique_ptr<Transaction> begin() {
    auto transaction = Transaction::begin(files_);
    EXPECT_TRUE(transaction) << transaction.error().message;
    return transaction ? *std::move(transaction) : nullptr;
  }
  std::shared_ptr<const Snapshot> open() {
    auto snapshot = Snapshot::open(files_);
    EXPECT_TRUE(snapshot) << snapshot.error().message;
    return snapshot ? *snapshot : nullptr;
  }

  TemporaryFolder folder_;
  std::shared_ptr<FileSystem> files_;
};

TEST_P(TransactionTest, StartsEmpty) {
  const auto snapshot = open();
  EXPECT_EQ(snapshot->manifest().snapshot, 0U);
  EXPECT_EQ(snapshot->manifest().timezone, "Europe/Berlin");
  EXPECT_EQ(snapshot->manifest().tables.size(), 26U);
  EXPECT_EQ((*snapshot->domain("users"))->size(), 0U);
}

TEST_P(TransactionTest, CommitsWhatReadersThenSee) {
  const auto before = open();
  {
    auto transaction = begin();
    add_plays(*transaction, {7, 9, 7, 11});
    const auto committed = transaction->commit();
    ASSERT_TRUE(committed) << committed.error().message;
    EXPECT_EQ(*committed, 1U);
    EXPECT_FALSE(transaction->commit());
  }
  EXPECT_EQ(before->manifest().snapshot, 0U);
  EXPECT_EQ((*before->domain("users"))->size(), 0U);
  const auto after = open();
  EXPECT_EQ(after->manifest().snapshot, 1U);
  const auto users = *after->domain("users");
  EXPECT_EQ(users->kind(), DictionaryKind::kInt64);
  EXPECT_EQ(users->size(), 3U);
  EXPECT_EQ(users->int64_at(3), 11);
  const TableSchema& streams = *after->manifest().schema.find_table("streams");
  EXPECT_EQ(streams.columns[1].type, kInt64Type);
  EXPECT_EQ(streams.columns[2].type, kStringType);
  const auto reader =
      after->open_column(after->manifest().tables[0].segments[0].columns[1], Physical::kCode);
  ASSERT_TRUE(reader) << reader.error().message;
  DecodedBlock block;
  ASSERT_TRUE((*reader)->read_block(0, block));
  EXPECT_THAT(block.codes, testing::ElementsAre(1, 2, 1, 3));
}

TEST_P(TransactionTest, ContinuesDomains) {
  for (std::int64_t load = 0; load < 5; ++load) {
    auto transaction = begin();
    add_plays(*transaction, {load, load + 1, load + 2});
    ASSERT_TRUE(transaction->commit());
  }
  const auto users = *open()->domain("users");
  EXPECT_EQ(users->size(), 7U);
  for (std::int64_t user = 0; user < 7; ++user) {
    EXPECT_EQ(users->find_int64(user), user + 1);
  }
  EXPECT_EQ(users->find_int64(7), kNullCode);
  EXPECT_EQ(open()->manifest().find_domain("users")->segments.size(), 1U);
}

TEST_P(TransactionTest, NeverUsesANameTwice) {
  std::set<std::string> paths;
  for (std::int64_t load = 0; load < 3; ++load) {
    {
      auto transaction = begin();
      add_plays(*transaction, {load});
      ASSERT_TRUE(transaction->commit());
    }
    const auto snapshot = open();
    for (const FileReference& file : snapshot->manifest().tables[0].segments.back().columns) {
      EXPECT_TRUE(!file.exists() || paths.insert(file.path).second) << file.path;
    }
  }
  EXPECT_GE(paths.size(), 3U);
}

TEST_P(TransactionTest, AbandonedLeavesNothing) {
  const auto names = files_->list("");
  {
    auto transaction = begin();
    add_plays(*transaction, {7, 9});
    const auto path = transaction->temporary_path("pieces");
    ASSERT_TRUE(transaction->files().create(*path));
  }
  EXPECT_EQ(open()->manifest().snapshot, 0U);
  EXPECT_EQ(*files_->list(""), *names);
}

TEST_P(TransactionTest, RemovesWhatACrashLeft) {
  ASSERT_TRUE(files_->create("streams/2025-05-01/user_id-000001.col"));
  ASSERT_TRUE(files_->create("temporary/transaction"));
  ASSERT_TRUE(files_->create("snapshots/000000000001.manifest.tmp"));
  ASSERT_TRUE(files_->create("notes.txt"));
  { const auto transaction = begin(); }
  EXPECT_FALSE(*files_->exists("streams"));
  EXPECT_FALSE(*files_->exists("temporary"));
  EXPECT_FALSE(*files_->exists("snapshots/000000000001.manifest.tmp"));
  EXPECT_TRUE(*files_->exists("notes.txt"));
}

TEST_P(TransactionTest, AManifestHasOneName) {
  ASSERT_TRUE(files_->create("snapshots/0000000000004.manifest"));
  ASSERT_TRUE(files_->create("snapshots/4.manifest"));
  EXPECT_EQ(*list_snapshots(*files_), std::vector<std::uint64_t>{0});
  EXPECT_EQ(open()->manifest().snapshot, 0U);
}

TEST_P(TransactionTest, ReplacesWhatACrashLeftUnderTheSameName) {
  ASSERT_TRUE(files_->create("streams/2025-05-01/user_id-000001.col"));
  auto transaction = begin();
  add_plays(*transaction, {1});
  EXPECT_TRUE(transaction->commit());
}

TEST_P(TransactionTest, HasOneWriter) {
  const auto first = begin();
  const auto second = Transaction::begin(files_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kLocked);
  EXPECT_THAT(second.error().message, HasSubstr("is being written by"));
}

TEST_P(TransactionTest, RefusesAManifestThatContradictsItself) {
  {
    auto transaction = begin();
    transaction->manifest().tables[0].rows = 5;
    const auto committed = transaction->commit();
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().code, ErrorCode::kInternal);
  }
  EXPECT_EQ(open()->manifest().snapshot, 0U);
}

TEST_P(TransactionTest, RefusesAFileFromElsewhere) {
  auto transaction = begin();
  ASSERT_TRUE(files_->create("elsewhere.col"));
  transaction->wrote("elsewhere.col");
  EXPECT_FALSE(transaction->commit());
}

TEST_P(TransactionTest, DoesNotCreateAStoreTwice) {
  const auto again = create_store(*files_, music_schema(), "UTC");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
}

INSTANTIATE_TEST_SUITE_P(FileSystems, TransactionTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "posix" : "memory"; });

TEST(CreateStore, RefusesAnUnknownTimeZone) {
  const auto files = memory_file_system("memory");
  const auto created = create_store(*files, music_schema(), "Mars/Olympus");
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(created.error().message, HasSubstr("\"Mars/Olympus\""));
  EXPECT_THAT(*files->list(""), IsEmpty());
}

TEST(CreateStore, RefusesAFolderInUse) {
  const auto files = memory_file_system("memory");
  ASSERT_TRUE(files->create("thesis.txt"));
  const auto created = create_store(*files, music_schema(), "UTC");
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(created.error().message, HasSubstr("thesis.txt"));
}

TEST(CreateStore, CompletesWhatWasInterrupted) {
  const auto files = memory_file_system("memory");
  ASSERT_TRUE(write_marker(*files, 0));
  ASSERT_TRUE(files->create(manifest_path(0) + ".tmp"));
  const auto opened = Snapshot::open(files);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("interrupted"));
  EXPECT_TRUE(create_store(*files, music_schema(), "UTC"));
  EXPECT_TRUE(Snapshot::open(files));
}

TEST(OpenStore, SaysThatAFolderIsNone) {
  const TemporaryFolder folder;
  const auto missing = Snapshot::open(folder.path() + "/none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message, HasSubstr("stave init"));
  const auto plain = Snapshot::open(folder.path());
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(plain.error().message, HasSubstr("not a Stave store"));
  const auto written = Transaction::begin(folder.path());
  ASSERT_FALSE(written);
  EXPECT_THAT(*(*posix_file_system(folder.path()))->list(""), IsEmpty());
}

}  // namespace
}  // namespace stave
