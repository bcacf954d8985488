// A watch where something is in its way: what is tried again, what is refused, what is left alone.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>

#include <optional>

#include "storage/transaction.h"
#include "tests/tools/support/watch_fixture.h"

namespace stave::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using WatchTrouble = WatchTest;

TEST_F(WatchTrouble, ALockedStoreIsWaitedFor) {
  put("streams/plays.csv", kPlays);
  auto writer = Transaction::begin(store_path());
  ASSERT_TRUE(writer);
  watch_.attempts = 3;
  WatchSummary summary = watch();
  ASSERT_TRUE(summary.waits_for);
  EXPECT_EQ(summary.waits_for->code, ErrorCode::kLocked);
  EXPECT_EQ(events_.size(), 5U);  // start, three waits, stop
  EXPECT_TRUE(fs::exists(inbox_ + "/streams/plays.csv"));
  on_event_ = [&](const WatchEvent& event) {
    if (event.name == "wait") writer->reset();
  };
  summary = watch();
  EXPECT_FALSE(summary.waits_for);
  EXPECT_EQ(summary.imported, 1U);
  EXPECT_THAT(text_of("archive", "plays.csv.run.json"), HasSubstr("\"attempt\":2"));
}

// Files of the process cannot grow beyond so many bytes, as on a disk that is full then.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    old_handler_ = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*old_handler_)(int) = nullptr;
};

TEST_F(WatchTrouble, NoRoomForTheReportBehindTheCommitDoublesNothing) {
  // The report names every column, and so is larger than any file of the store.
  std::string header = "user_id,track_id,listen_time";
  std::string row = "1,a,2025-05-01 10:00:00";
  for (int i = 0; i < 400; ++i) {
    header += fmt::format(",column_{}", i);
    row += ",";
  }
  put("streams/wide.csv", header + "\n" + row + "\n");
  watch_.import.extra_columns = ExtraColumns::kDrop;
  std::optional<FileSizeLimit> limit(16'000);
  on_event_ = [&](const WatchEvent& event) {
    if (event.name == "wait") limit.reset();
  };
  const WatchSummary summary = watch();
  EXPECT_EQ(events_.size(), 4U);  // start, wait, run, stop
  EXPECT_EQ(summary.skipped, 1U);
  EXPECT_EQ(snapshot()->manifest().loads.size(), 1U);
  EXPECT_THAT(files_in("archive"),
              ElementsAre("TODAY/streams/wide.csv", "TODAY/streams/wide.csv.run.json"));
}

TEST_F(WatchTrouble, ADamagedStoreEndsTheWatchAndNoFileIsBlamed) {
  put("streams/plays.csv", kPlays);
  for (const auto& entry : fs::directory_iterator(store_path())) {
    if (entry.is_regular_file()) std::ofstream(entry.path(), std::ios::trunc) << "?";
  }
  EXPECT_FALSE(watch_inbox(store_path(), inbox_, watch_));
  EXPECT_TRUE(fs::exists(inbox_ + "/streams/plays.csv"));
}

TEST_F(WatchTrouble, AnImportThatIsCancelledLeavesItsFile) {
  std::atomic<bool> cancelled{false};
  watch_.cancelled = &cancelled;
  watch_.import.on_progress = [&](const ImportProgress&) { cancelled = true; };
  put("streams/plays.csv", kPlays);
  const WatchSummary summary = watch();
  EXPECT_EQ(summary.imported + summary.failed, 0U);
  EXPECT_TRUE(fs::exists(inbox_ + "/streams/plays.csv"));
  EXPECT_TRUE(snapshot()->manifest().loads.empty());
  cancelled = false;
  watch_.import.on_progress = nullptr;
  EXPECT_EQ(watch().imported, 1U);
}

// The import tells of its progress once at least when all was read.
TEST_F(WatchTrouble, AFileWrittenToBehindItsImportIsToldOf) {
  put("streams/plays.csv", kPlays);
  watch_.import.on_progress = [&](const ImportProgress&) {
    std::ofstream(inbox_ + "/streams/plays.csv", std::ios::app) << "2,b,2025-05-01 11:00:00,5\n";
  };
  EXPECT_EQ(watch().failed, 1U);
  EXPECT_THAT(text_of("failed", "plays.csv.run.json"), HasSubstr("--undo 1"));
  EXPECT_EQ(snapshot()->manifest().loads.size(), 1U);
}

TEST_F(WatchTrouble, AFileThatChangesBeforeItsTurnSettlesAnew) {
  put("users/a.csv", "user_id\n1\n");
  put("users/b.csv", "user_id\n2\n");
  on_event_ = [&](const WatchEvent& event) {
    if (event.name == "run") put("users/b.csv", "user_id\n2\n3\n");
  };
  EXPECT_EQ(watch().imported, 1U);
  on_event_ = nullptr;
  EXPECT_EQ(watch().imported, 1U);
  EXPECT_EQ(rows("users", {"user_id"}).size(), 3U);
}

TEST_F(WatchTrouble, AFileThatTakesThePlaceOfAnotherIsImportedToo) {
  put("streams/plays.csv", kPlays);
  put("streams/next.part", "user_id,track_id,listen_time,likes\n2,b,2025-05-01 10:00:00,7\n");
  watch_.import.on_progress = [&](const ImportProgress&) {
    std::error_code ignored;
    fs::rename(inbox_ + "/streams/next.part", inbox_ + "/streams/plays.csv", ignored);
  };
  EXPECT_EQ(watch().imported, 1U);
  EXPECT_TRUE(fs::exists(inbox_ + "/streams/plays.csv"));
  EXPECT_EQ(watch().imported, 1U);
  EXPECT_EQ(rows("streams", {"likes"}).size(), 2U);
}

TEST_F(WatchTrouble, AFileThatIsTakenAwayIsNotMissed) {
  put("streams/plays.csv", kPlays);
  watch_.import.on_progress = [&](const ImportProgress&) {
    fs::remove(inbox_ + "/streams/plays.csv");
  };
  EXPECT_EQ(watch().imported, 1U);
  EXPECT_THAT(files_in("archive"), IsEmpty());
}

TEST_F(WatchTrouble, OnlyOneIsAtWorkInAnInbox) {
  Result<WatchSummary> second;
  on_event_ = [&](const WatchEvent& event) {
    WatchOptions other = watch_;
    other.on_event = nullptr;
    if (event.name == "start") second = watch_inbox(store_path(), inbox_, other);
  };
  watch();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kLocked);
}

TEST_F(WatchTrouble, AStoreInItsOwnInboxIsRefused) {
  const auto refused = watch_inbox(store_path(), folder_, watch_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(watch_inbox(store_path(), store_path() + "/inbox", watch_));
}

TEST_F(WatchTrouble, AnArchiveOnAnotherFileSystemIsRefused) {
  if (!has_other_file_system()) GTEST_SKIP() << "/dev/shm is no other file system";
  fs::create_directory_symlink("/dev/shm", inbox_ + "/archive");
  const auto refused = watch_inbox(store_path(), inbox_, watch_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("inbox/archive. Files are moved"));
}

TEST_F(WatchTrouble, AFolderOnAnotherFileSystemIsLeftAlone) {
  if (!has_other_file_system()) GTEST_SKIP() << "/dev/shm is no other file system";
  fs::create_directory_symlink("/dev/shm", inbox_ + "/tracks");
  EXPECT_EQ(watch().imported, 0U);
  EXPECT_THAT(events_[1], HasSubstr("ignored tracks: A folder on another file system"));
}

TEST_F(WatchTrouble, ALineTornByAKillIsEnded) {
  put("watch.log.jsonl", "{\"time\":\"2025");
  watch();
  EXPECT_THAT(read_file("inbox/watch.log.jsonl"), HasSubstr("{\"time\":\"2025\n{\"time\":"));
}

}  // namespace
}  // namespace stave::testing
