// A backup whose every call fails, and whose power is cut after every operation: the earlier backup
// is whole, or the new one is, and the next attempt brings it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "storage/backup_store.h"
#include "storage/ledger.h"
#include "storage/snapshot.h"
#include "storage/store_folder.h"
#include "storage/verify.h"
#include "tests/campaign/support/count.h"
#include "tests/campaign/support/faulty_file_system.h"
#include "tests/campaign/support/workloads.h"

namespace stave::campaign {
namespace {

const char* outcome() {
  return testing::Test::HasFailure() ? "a fault" : "the earlier backup or the new one, whole";
}

// A store at two moments, and the folder that the backup goes to as the first left it.
class BackupFaults : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    Writer writer(store_);
    ASSERT_TRUE(writer.make());
    add_to_ledger();
    if (GetParam()) {
      FaultyFileSystem backup;
      ASSERT_TRUE(backup_store(store_, backup, {}));
      disk_ = backup.power_loss(PowerLoss::kEverything, random_);
      earlier_ = read_last_manifest(*store_)->snapshot;
    }
    ASSERT_TRUE(writer.load(one_more_load()));
    add_to_ledger();
    now_ = read_last_manifest(*store_)->snapshot;
  }
  void add_to_ledger() {
    const auto entries = read_ledger(*store_).value();
    const std::string name = fmt::format("file-{}", entries.size());
    ASSERT_TRUE(append_to_ledger(*store_, entries, {}, {{name, {name}}}));
  }
  std::shared_ptr<FaultyFileSystem> fresh() {
    auto whole = std::make_shared<FaultyFileSystem>(std::move(disk_));
    disk_ = whole->power_loss(PowerLoss::kEverything, random_);
    return whole;
  }
  // Empty: as it should be.
  std::string problem_of(FaultyFileSystem& backup) {
    if (const auto last = read_last_manifest(backup); last) {
      if (last->snapshot != now_ && (!GetParam() || last->snapshot != earlier_)) {
        return "it opens at another snapshot";
      }
      const auto verified = verify_store(backup, 1);
      if (!verified) return verified.error().message;
      if (!verified->damages.empty()) return verified->damages.front();
    } else if (GetParam()) {
      return "the earlier backup is gone: " + last.error().message;
    }
    if (const auto again = backup_store(store_, backup, {}); !again) return again.error().message;
    const auto verified = verify_store(backup, 1);
    if (!verified || !verified->damages.empty()) return "the next attempt left damage";
    if (read_last_manifest(backup)->snapshot != now_) return "the next attempt copied too little";
    return read_ledger(backup)->size() == 2 ? "" : "the ledger is not whole";
  }

  Random random_{1};
  std::shared_ptr<FileSystem> store_ = memory_file_system("store");
  DiskModel disk_;
  std::uint64_t earlier_ = 0, now_ = 0;
};

TEST_P(BackupFaults, EveryCallFails) {
  std::uint64_t cases = 0;
  for (const int number : {EIO, ENOSPC}) {
    bool is_done = false;
    for (std::uint64_t call = 1; !is_done; ++call) {
      const auto backup = fresh();
      backup->plan({call, number, call % 2 == 0});
      const auto made = backup_store(store_, *backup, {});
      is_done = backup->failed_call().empty();
      SCOPED_TRACE(fmt::format("call {}: {}", call, backup->failed_call()));
      backup->plan({});
      if (!made) {
        EXPECT_TRUE(made.error().code == ErrorCode::kIo || made.error().code == ErrorCode::kNoSpace)
            << made.error().message;
      }
      ASSERT_EQ("", problem_of(*backup));
      ++cases;
    }
  }
  report_count(fmt::format("failing calls of a {} backup", GetParam() ? "second" : "first"), cases,
               outcome());
}

TEST_P(BackupFaults, PowerIsCutAfterEveryOperation) {
  std::uint64_t cases = 0;
  const auto backup = fresh();
  std::vector<DiskModel> disks;
  backup->on_change([&](const std::string&) {
    for (const PowerLoss kind :
         {PowerLoss::kNothing, PowerLoss::kEverything, PowerLoss::kEmptyFiles,
          PowerLoss::kZeroFiles, PowerLoss::kMixture, PowerLoss::kMixture}) {
      disks.push_back(backup->power_loss(kind, random_));
    }
  });
  ASSERT_TRUE(backup_store(store_, *backup, {}));
  backup->on_change(nullptr);
  for (DiskModel& disk : disks) {
    FaultyFileSystem left(std::move(disk));
    ASSERT_EQ("", problem_of(left)) << "disk " << cases;
    ++cases;
  }
  report_count(fmt::format("power cuts during a {} backup", GetParam() ? "second" : "first"), cases,
               outcome());
}

INSTANTIATE_TEST_SUITE_P(FirstAndSecond, BackupFaults, testing::Bool());

}  // namespace
}  // namespace stave::campaign
