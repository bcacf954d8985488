// A watch of an inbox: what becomes of each file, and what is told of it.
#include <gmock/gmock.h>

#include "tests/tools/support/watch_fixture.h"

namespace stave::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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
  EXPECT_THAT(text_of("archive", ".some.csv.rejected.csv.origin"), HasSubstr("first_line"));
  EXPECT_TRUE(fs::is_empty(inbox_ + "/.stave-watch/rejects/streams"));
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

}  // namespace
}  // namespace stave::testing
