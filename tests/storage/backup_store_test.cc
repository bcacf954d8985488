// Backups: what they hold, what they copy, what they refuse, and that a fault leaves the earlier
// one.
#include "storage/backup_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "storage/collect_garbage.h"
#include "storage/ledger.h"
#include "storage/snapshot.h"
#include "storage/store_files.h"
#include "storage/store_folder.h"
#include "storage/verify.h"
#include "tests/storage/support/small_store.h"
#include "tests/storage/support/temporary_folder.h"

namespace stave {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class BackupTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(create_store(*store_, music_schema(), "UTC"));
    load({7, 8});
  }
  void load(const std::vector<std::int64_t>& users) {
    const auto transaction = Transaction::begin(store_).value();
    const std::uint64_t load = transaction->manifest().next_load_id;
    add_plays(*transaction, users);
    LoadState state;
    state.id = load;
    state.table = "streams";
    state.at = static_cast<std::int64_t>(1'000'000 + load);
    state.rows = users.size();
    transaction->manifest().loads.push_back(state);
    ASSERT_TRUE(transaction->commit());
  }
  void add_to_ledger(const std::string& text) {
    ASSERT_TRUE(append_to_ledger(*store_, read_ledger(*store_).value(), {},
                                 {{text + ".csv", {"of " + text}}}));
  }
  Result<BackupReport> try_backup(const BackupOptions& options = {}) {
    return backup_store(store_, *backup_, options);
  }
  BackupReport backup(const BackupOptions& options = {}) {
    auto report = try_backup(options);
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(BackupReport());
  }
  // As a store: every byte is right, and nothing lies about.
  void expect_sound() const {
    const auto verified = verify_store(*backup_, 1);
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_THAT(verified->damages, IsEmpty());
    EXPECT_THAT(verified->strays, IsEmpty());
    EXPECT_EQ(encode_manifest(*read_last_manifest(*store_)),
              encode_manifest(*read_last_manifest(*backup_)));
    EXPECT_FALSE(*backup_->exists(kTemporaryFolder));
  }

  std::shared_ptr<FileSystem> store_ = memory_file_system("store");
  std::shared_ptr<FileSystem> backup_ = memory_file_system("backup");
};

TEST_F(BackupTest, IsAStoreOfItsOwn) {
  add_to_ledger("run");
  const BackupReport report = backup();
  EXPECT_EQ(1U, report.snapshot);
  EXPECT_EQ(report.files, report.copied_files);
  expect_sound();
  EXPECT_EQ("of run", read_ledger_file(*backup_, read_ledger(*backup_)->front().files[0]).value());
  const auto transaction = Transaction::begin(backup_);
  ASSERT_TRUE(transaction);
  add_plays(**transaction, {9});
  EXPECT_TRUE((*transaction)->commit());
}

TEST_F(BackupTest, CopiesOnlyWhatIsNew) {
  backup();
  EXPECT_EQ(0U, backup().copied_files);
  load({9});
  add_to_ledger("one");
  const BackupReport report = backup();
  EXPECT_EQ(2U, report.snapshot);
  EXPECT_LT(report.copied_files, report.files);
  EXPECT_GT(report.copied_files, 0U);
  expect_sound();
  EXPECT_THAT(list_snapshots(*backup_).value(), ElementsAre(1, 2));
  add_to_ledger("two");
  backup();
  EXPECT_EQ(2U, read_ledger(*backup_)->size());
  // Both folders are collected by themselves.
  load({10});
  ASSERT_TRUE(collect_garbage(store_, {1, false}));
  ASSERT_TRUE(collect_garbage(backup_, {1, false}));
  EXPECT_EQ(3U, backup().snapshot);
  expect_sound();
}

TEST_F(BackupTest, TakesReportsAlongAsTheyAre) {
  for (const std::string text : {"from streams", "from users"}) {
    ASSERT_TRUE(write_durably(*store_, "reports/mine.stq", text));
    backup();
    EXPECT_EQ(text, read_whole(*backup_, "reports/mine.stq").value());
    ASSERT_TRUE(store_->remove("reports/mine.stq"));
  }
}

TEST_F(BackupTest, RefusesAFolderOfSomethingElse) {
  ASSERT_TRUE(write_durably(*backup_, "letter.txt", "dear"));
  const auto refused = try_backup();
  ASSERT_FALSE(refused);
  EXPECT_EQ(ErrorCode::kAlreadyExists, refused.error().code);
  EXPECT_THAT(refused.error().message, HasSubstr("letter.txt"));
  EXPECT_THAT(backup_->list("").value(), ElementsAre("letter.txt"));
}

TEST_F(BackupTest, RefusesABackupOfAnotherStore) {
  backup();
  store_ = memory_file_system("other");
  ASSERT_TRUE(create_store(*store_, music_schema(), "UTC"));
  load({1});
  load({2});
  auto refused = try_backup();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("another snapshot 1"));
  ASSERT_TRUE(collect_garbage(store_, {1, false}));
  refused = try_backup();
  ASSERT_FALSE(refused);
  EXPECT_EQ(ErrorCode::kAlreadyExists, refused.error().code);
}

TEST_F(BackupTest, RefusesAStoreThatWentBack) {
  load({9});
  backup();
  ASSERT_TRUE(store_->remove(manifest_path(2)));
  ASSERT_TRUE(write_marker(*store_, 1));
  const auto refused = try_backup();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("holds snapshot 2, and the store's last is 1"));
}

TEST_F(BackupTest, RefusesADamagedStoreAndKeepsTheEarlierBackup) {
  backup();
  load({9});
  const std::string path = list_data_files(*store_)->back();
  std::string bytes = read_whole(*store_, path).value();
  bytes[bytes.size() / 3] = static_cast<char>(bytes[bytes.size() / 3] ^ 4);
  ASSERT_TRUE(store_->remove(path));
  ASSERT_TRUE(write_durably(*store_, path, bytes));
  const auto refused = try_backup();
  ASSERT_FALSE(refused);
  EXPECT_EQ(ErrorCode::kDamaged, refused.error().code);
  EXPECT_THAT(refused.error().message, HasSubstr(path));
  EXPECT_EQ(1U, read_last_manifest(*backup_)->snapshot);
  EXPECT_THAT(verify_store(*backup_, 1)->damages, IsEmpty());
  EXPECT_THAT(verify_store(*backup_, 1)->strays, IsEmpty());
}

TEST_F(BackupTest, MendsWhatIsDamagedInTheBackup) {
  backup();
  const std::vector<std::string> paths = list_data_files(*backup_).value();
  std::string bytes = read_whole(*backup_, paths[0]).value();
  bytes[bytes.size() / 3] = static_cast<char>(bytes[bytes.size() / 3] ^ 4);
  ASSERT_TRUE(backup_->remove(paths[0]));
  ASSERT_TRUE(write_durably(*backup_, paths[0], bytes));
  ASSERT_TRUE(backup_->remove(paths[1]));
  EXPECT_THAT(backup().mended, ElementsAre(paths[1]));
  BackupOptions options;
  options.check_all = true;
  EXPECT_THAT(backup(options).mended, ElementsAre(paths[0]));
  expect_sound();
}

TEST_F(BackupTest, StopsWhenItIsToldTo) {
  backup();
  load({9});
  std::atomic<bool> cancelled = false;
  BackupOptions options;
  options.cancelled = &cancelled;
  options.on_progress = [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_LE(done, total);
    cancelled = true;
  };
  const auto stopped = try_backup(options);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(ErrorCode::kCancelled, stopped.error().code);
  EXPECT_EQ(1U, read_last_manifest(*backup_)->snapshot);
  EXPECT_THAT(verify_store(*backup_, 1)->strays, IsEmpty());
  backup();
  expect_sound();
}

TEST_F(BackupTest, OfAFolderIsNotWithinIt) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/music.stave";
  ASSERT_TRUE(create_store(path, music_schema(), "UTC"));
  for (const std::string& inside : {path, path + "/copy", path + "/../music.stave/x"}) {
    const auto refused = backup_store(path, inside, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(ErrorCode::kInvalidArgument, refused.error().code);
  }
  EXPECT_TRUE(backup_store(path, folder.path() + "/music.stave-copy", {}));
  const auto none = backup_store(folder.path() + "/none", folder.path() + "/made", {});
  ASSERT_FALSE(none);
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/made"));
}

TEST_F(BackupTest, UpgradeLooksAtEveryFileOfEverySnapshot) {
  load({9});
  const auto report = upgrade_store(*store_);
  ASSERT_TRUE(report);
  EXPECT_EQ(1, report->format_version);
  EXPECT_EQ(3U, report->snapshots);
  EXPECT_EQ(list_data_files(*store_)->size(), report->files);
}

}  // namespace
}  // namespace stave
