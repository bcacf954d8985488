// A watch of an inbox: what becomes of each file, what is told, what is tried again.
#include "stave/watch.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "storage/transaction.h"
#include "tests/tools/support/import_fixture.h"
#include "tools/watch/run.h"
#include "tools/watch/settled_files.h"
#include "tools/watch/user_command.h"

namespace stave::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kPlays = "user_id,track_id,listen_time,likes\n1,a,2025-05-01 10:00:00,5\n";

class WatchTest : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    inbox_ = path("inbox");
    fs::create_directories(inbox_ + "/streams");
    fs::create_directories(inbox_ + "/users");
    watch_.once = true;
    watch_.settle = watch_.poll = watch_.first_wait = std::chrono::milliseconds(0);
    watch_.import.threads = 1;
    watch_.on_event = [this](const WatchEvent& event) {
      events_.push_back(event.name + " " + event.text);
      if (on_event_) on_event_(event);
    };
  }

  void put(const std::string& name, const std::string& content) const {
    std::ofstream(inbox_ + "/" + name, std::ios::binary) << content;
  }
  WatchSummary watch() {
    events_.clear();
    const Result<WatchSummary> summary = watch_inbox(store_path(), inbox_, watch_);
    EXPECT_TRUE(summary) << (summary ? "" : summary.error().message);
    return summary.value_or(WatchSummary{});
  }
  // Below archive or failed, with TODAY for the date.
  std::vector<std::string> files_in(const std::string& top) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(inbox_ + "/" + top)) {
      const std::string name = fs::relative(entry.path(), inbox_ + "/" + top).string();
      if (entry.is_regular_file()) names.push_back("TODAY" + name.substr(name.find('/')));
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string text_of(const std::string& top, const std::string& name) const {
    for (const auto& entry : fs::recursive_directory_iterator(inbox_ + "/" + top)) {
      if (entry.path().filename() == name) {
        return read_file(fs::relative(entry.path(), folder_).string());
      }
    }
    return "there is no " + name;
  }

  bool has_other_file_system() const {
    struct stat here {};
    struct stat there {};
    return ::stat(inbox_.c_str(), &here) == 0 && ::stat("/dev/shm", &there) == 0 &&
           here.st_dev != there.st_dev;
  }

  std::string inbox_;
  WatchOptions watch_;
  std::vector<std::string> events_;
  std::function<void(const WatchEvent&)> on_event_;
};

TEST_F(WatchTest, FilesAreImportedAndArchivedWithTheirRun) {
  put("streams/plays.csv", kPlays);
  put("users/people.csv", "user_id\n1\n2\n");
  const WatchSummary summary = watch();
  EXPECT_EQ(summary.imported, 2U);
  EXPECT_EQ(rows("streams", {"likes"}).size(), 1U);
  EXPECT_EQ(rows("users", {"user_id"}).size(), 2U);
  EXPECT_THAT(files_in("archive"),
              ElementsAre("TODAY/streams/plays.csv", "TODAY/streams/plays.csv.run.json",
                          "TODAY/users/people.csv", "TODAY/users/people.csv.run.json"));
  const std::string run = text_of("archive", "people.csv.run.json");
  EXPECT_THAT(run, HasSubstr("\"file\":\"users/people.csv\""));
  EXPECT_THAT(run, HasSubstr("\"status\":\"imported\""));
  EXPECT_THAT(run, HasSubstr("\"rows\":2,"));
  EXPECT_THAT(read_file("inbox/watch.log.jsonl"), HasSubstr(run));
  EXPECT_EQ(events_[2], "run imported streams/plays.csv: 1 row, load 2");
}

TEST_F(WatchTest, AFileThatDoesNotFitFailsAndTakesItsRejectsAlong) {
  put("streams/bad.csv", std::string(kPlays) + "2,b,never,1\n");
  EXPECT_EQ(watch().failed, 1U);
  EXPECT_THAT(files_in("failed"),
              ElementsAre("TODAY/streams/bad.csv", "TODAY/streams/bad.csv.rejects.csv",
                          "TODAY/streams/bad.csv.run.json"));
  EXPECT_THAT(files_in("archive"), IsEmpty());
  EXPECT_THAT(text_of("failed", "bad.csv.run.json"), HasSubstr("/bad.csv.rejects.csv. Correct"));
  EXPECT_THAT(text_of("failed", "bad.csv.rejects.csv"), HasSubstr("not_a_timestamp"));
  EXPECT_TRUE(snapshot()->manifest().loads.empty());
}

TEST_F(WatchTest, RejectsWithinTheToleranceGoToTheArchive) {
  watch_.import.max_rejects = 1;
  put("streams/some.csv", std::string(kPlays) + "2,b,never,1\n");
  EXPECT_EQ(watch().imported, 1U);
  EXPECT_THAT(text_of("archive", "some.csv.rejects.csv"), HasSubstr("not_a_timestamp"));
  EXPECT_THAT(text_of("archive", "some.csv.run.json"), HasSubstr("some.csv.rejects.csv\""));
  EXPECT_THAT(text_of("archive", "some.csv.run.json"), HasSubstr("/some.csv.rejected.csv\"]"));
  EXPECT_THAT(text_of("archive", "some.csv.rejected.csv"), HasSubstr("listen_time"));
}

TEST_F(WatchTest, TheSameContentIsSkippedAndANameThatIsTakenGetsANumber) {
  put("streams/plays.csv", kPlays);
  watch();
  put("streams/plays.csv", kPlays);
  const WatchSummary summary = watch();
  EXPECT_EQ(summary.skipped, 1U);
  EXPECT_EQ(summary.imported, 0U);
  EXPECT_EQ(rows("streams", {"likes"}).size(), 1U);
  EXPECT_THAT(
      files_in("archive"),
      ElementsAre("TODAY/streams/plays.csv", "TODAY/streams/plays.csv.2",
                  "TODAY/streams/plays.csv.2.run.json", "TODAY/streams/plays.csv.run.json"));
  EXPECT_THAT(text_of("archive", "plays.csv.2.run.json"), HasSubstr("\"nothing_new\""));
}

TEST_F(WatchTest, ANameThatAFolderHasIsTakenToo) {
  put("streams/plays.csv", kPlays);
  watch();
  for (const auto& day : fs::directory_iterator(inbox_ + "/archive")) {
    fs::create_directory(day.path() / "users");
    fs::create_directory(day.path() / "users" / "people.csv");
  }
  put("users/people.csv", "user_id\n1\n");
  EXPECT_EQ(watch().imported, 1U);
  EXPECT_THAT(text_of("archive", "people.csv.2.run.json"), HasSubstr("people.csv.2\""));
}

TEST_F(WatchTest, WhatIsNotCompleteOrNoTableStaysUntouched) {
  for (const char* name :
       {"streams/.hidden.csv", "streams/a.csv.tmp", "streams/a.csv.part", "streams/a.csv~",
        "streams/a.csv.run.json", "streams/a.csv.rejects.csv", "top.csv"}) {
    put(name, kPlays);
  }
  fs::create_directories(inbox_ + "/strems");
  fs::create_directories(inbox_ + "/streams/folder");
  put("strems/a.csv", kPlays);
  const WatchSummary summary = watch();
  EXPECT_EQ(summary.imported + summary.failed + summary.skipped, 0U);
  EXPECT_TRUE(fs::exists(inbox_ + "/streams/a.csv.part"));
  EXPECT_TRUE(fs::exists(inbox_ + "/strems/a.csv"));
  EXPECT_THAT(events_, ElementsAre(HasSubstr("start"), HasSubstr("ignored streams/folder:"),
                                   HasSubstr("ignored top.csv:"), HasSubstr("ignored strems:"),
                                   HasSubstr("stop")));
}

TEST_F(WatchTest, ABrokenRuleIsAReasonToFail) {
  watch_.rules = *quality_rules_from_toml(
      "[[rule]]\ntable = 'plays'\ncheck = 'range'\ncolumn = 'likes'\nmax = 4\n", "rules.toml");
  put("streams/plays.csv", kPlays);
  EXPECT_EQ(watch().failed, 1U);
  EXPECT_THAT(text_of("failed", "plays.csv.run.json"), HasSubstr("\"examples\":[\"likes=5"));
  EXPECT_TRUE(snapshot()->manifest().loads.empty());
}

TEST_F(WatchTest, ARuleThatDoesNotFitEndsTheWatchBeforeItBegins) {
  watch_.rules = *quality_rules_from_toml(
      "[[rule]]\ntable = 'plays'\ncheck = 'not_null'\ncolumn = 'likse'\n", "rules.toml");
  put("streams/plays.csv", kPlays);
  const auto refused = watch_inbox(store_path(), inbox_, watch_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("rules.toml, line 1"));
  EXPECT_TRUE(fs::exists(inbox_ + "/streams/plays.csv"));
}

TEST_F(WatchTest, ALockedStoreIsWaitedFor) {
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

TEST_F(WatchTest, NoRoomForTheReportBehindTheCommitDoublesNothing) {
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

TEST_F(WatchTest, ADamagedStoreEndsTheWatchAndNoFileIsBlamed) {
  put("streams/plays.csv", kPlays);
  for (const auto& entry : fs::directory_iterator(store_path())) {
    if (entry.is_regular_file()) std::ofstream(entry.path(), std::ios::trunc) << "?";
  }
  EXPECT_FALSE(watch_inbox(store_path(), inbox_, watch_));
  EXPECT_TRUE(fs::exists(inbox_ + "/streams/plays.csv"));
}

TEST_F(WatchTest, RunsUntilItIsCancelled) {
  std::atomic<bool> cancelled{false};
  watch_.cancelled = &cancelled;
  watch_.once = false;
  int runs = 0;
  on_event_ = [&](const WatchEvent& event) {
    if (event.name == "start") put("streams/first.csv", kPlays);
    if (event.name == "run" && ++runs == 1) put("users/second.csv", "user_id\n1\n");
    if (runs == 2) cancelled = true;
  };
  EXPECT_EQ(watch().imported, 2U);
  EXPECT_THAT(events_.back(), HasSubstr("2 imported"));
}

TEST_F(WatchTest, TablesThatOthersLeadToComeFirst) {
  watch_.rules = *quality_rules_from_toml(
      "[[rule]]\ntable = 'plays'\ncheck = 'reference'\ncolumn = 'track_id'\n", "rules.toml");
  fs::create_directories(inbox_ + "/plays");
  fs::create_directories(inbox_ + "/tracks");
  fs::create_directories(inbox_ + "/artists");
  put("plays/plays.csv", kPlays);
  put("tracks/2.csv", "track_id,artist_id\na,x\n");
  put("tracks/1.csv", "track_id\nb\n");
  put("artists/x.csv", "artist_id\nx\n");
  EXPECT_EQ(watch().imported, 4U);
  EXPECT_THAT(events_,
              ElementsAre(HasSubstr("start"), HasSubstr("artists/x"), HasSubstr("tracks/1"),
                          HasSubstr("tracks/2"), HasSubstr("plays/plays"), HasSubstr("stop")));
}

TEST_F(WatchTest, AnImportThatIsCancelledLeavesItsFile) {
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

TEST_F(WatchTest, TheUsersCommandsGetTheRun) {
  watch_.on_success = "cat >> " + path("good") + "; exit 3";
  watch_.on_failure = "cat >> " + path("bad");
  put("streams/plays.csv", kPlays);
  put("streams/wrong.csv", "nothing\n1\n");
  watch();
  EXPECT_EQ(read_file("good"), text_of("archive", "plays.csv.run.json"));
  EXPECT_EQ(read_file("bad"), text_of("failed", "wrong.csv.run.json"));
  EXPECT_THAT(read_file("inbox/watch.log.jsonl"), HasSubstr("\"exit_code\":3"));
}

// The import tells of its progress once at least when all was read.
TEST_F(WatchTest, AFileWrittenToBehindItsImportIsToldOf) {
  put("streams/plays.csv", kPlays);
  watch_.import.on_progress = [&](const ImportProgress&) {
    std::ofstream(inbox_ + "/streams/plays.csv", std::ios::app) << "2,b,2025-05-01 11:00:00,5\n";
  };
  EXPECT_EQ(watch().failed, 1U);
  EXPECT_THAT(text_of("failed", "plays.csv.run.json"), HasSubstr("--undo 1"));
  EXPECT_EQ(snapshot()->manifest().loads.size(), 1U);
}

TEST_F(WatchTest, AFileThatChangesBeforeItsTurnSettlesAnew) {
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

TEST_F(WatchTest, AFileThatTakesThePlaceOfAnotherIsImportedToo) {
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

TEST_F(WatchTest, AFileThatIsTakenAwayIsNotMissed) {
  put("streams/plays.csv", kPlays);
  watch_.import.on_progress = [&](const ImportProgress&) {
    fs::remove(inbox_ + "/streams/plays.csv");
  };
  EXPECT_EQ(watch().imported, 1U);
  EXPECT_THAT(files_in("archive"), IsEmpty());
}

TEST_F(WatchTest, OnlyOneIsAtWorkInAnInbox) {
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

TEST_F(WatchTest, AStoreInItsOwnInboxIsRefused) {
  const auto refused = watch_inbox(store_path(), folder_, watch_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(watch_inbox(store_path(), store_path() + "/inbox", watch_));
}

TEST_F(WatchTest, AnArchiveOnAnotherFileSystemIsRefused) {
  if (!has_other_file_system()) GTEST_SKIP() << "/dev/shm is no other file system";
  fs::create_directory_symlink("/dev/shm", inbox_ + "/archive");
  const auto refused = watch_inbox(store_path(), inbox_, watch_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("inbox/archive. Files are moved"));
}

TEST_F(WatchTest, AFolderOnAnotherFileSystemIsLeftAlone) {
  if (!has_other_file_system()) GTEST_SKIP() << "/dev/shm is no other file system";
  fs::create_directory_symlink("/dev/shm", inbox_ + "/tracks");
  EXPECT_EQ(watch().imported, 0U);
  EXPECT_THAT(events_[1], HasSubstr("ignored tracks: A folder on another file system"));
}

TEST_F(WatchTest, ALineTornByAKillIsEnded) {
  put("watch.log.jsonl", "{\"time\":\"2025");
  watch();
  EXPECT_THAT(read_file("inbox/watch.log.jsonl"), HasSubstr("{\"time\":\"2025\n{\"time\":"));
}

TEST(SettledFilesTest, AFileIsCompleteWhenItStayedTheSame) {
  using watching::InboxFile;
  watching::SettledFiles settled{std::chrono::milliseconds(5)};
  const auto at = [](int time) {
    return watching::SettledFiles::Clock::time_point(std::chrono::milliseconds(time));
  };
  const InboxFile small{"t", "a", {1, 10, 7}};
  const InboxFile touched{"t", "a", {1, 11, 7}};
  EXPECT_THAT(settled.of({small}, at(0)), IsEmpty());
  EXPECT_THAT(settled.of({small}, at(4)), IsEmpty());
  EXPECT_THAT(settled.of({touched}, at(5)), IsEmpty());
  EXPECT_THAT(settled.of({touched}, at(9)), IsEmpty());
  EXPECT_EQ(settled.of({touched}, at(10)).size(), 1U);
  EXPECT_THAT(settled.of({}, at(11)), IsEmpty());
  EXPECT_THAT(settled.of({touched}, at(12)), IsEmpty());  // it came anew
}

TEST(UserCommand, GivesItsExitCodeAndNeedNotReadItsInput) {
  EXPECT_EQ(*watching::run_user_command("exit 7", "/dev/null"), 7);
  EXPECT_EQ(*watching::run_user_command("kill -9 $$", "/dev/null"), 128 + SIGKILL);
  EXPECT_EQ(*watching::run_user_command("kill -TERM $$", "/dev/null"), 128 + SIGTERM);
}

TEST(Remedies, DependOnWhoseTheFaultIs) {
  using watching::Remedy;
  EXPECT_EQ(watching::remedy_for(ErrorCode::kLocked, true), Remedy::kWait);
  EXPECT_EQ(watching::remedy_for(ErrorCode::kNoSpace, false), Remedy::kWait);
  EXPECT_EQ(watching::remedy_for(ErrorCode::kIo, true), Remedy::kRead);
  EXPECT_EQ(watching::remedy_for(ErrorCode::kInvalidData, true), Remedy::kNone);
  EXPECT_EQ(watching::remedy_for(ErrorCode::kNotFound, false), Remedy::kStop);
  EXPECT_EQ(watching::remedy_for(ErrorCode::kDamaged, true), Remedy::kStop);
}

}  // namespace
}  // namespace stave::testing
