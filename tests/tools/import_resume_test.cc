// Imports in steps: what is in after an interruption, and that the same call goes on from there.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "stave/load_preview.h"
#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

class ImportResume : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    options.resume = true;
    options.step_bytes = 100;
  }

  // Files of plays of one day each, two of which make a step.
  std::vector<std::string> plays(int count) const {
    std::vector<std::string> files;
    for (int i = 0; i < count; ++i) {
      files.push_back(file(fmt::format("plays{}.csv", i),
                           fmt::format("user_id,track_id,listen_time\n{},{},2025-05-{:02}\n",
                                       i + 10, i + 20, i % 3 + 1)));
    }
    return files;
  }
  void stop_at_step(int step) {
    steps_ = 0;
    options.before_commit = [this, step](const LoadPreview&) -> Result<void> {
      if (++steps_ == step) return fail(ErrorCode::kInvalidData, "Stopped.");
      return {};
    };
  }
  std::size_t loads() const { return snapshot()->manifest().loads.size(); }

  int steps_ = 0;
};

TEST_F(ImportResume, StepsAreLoadsOfTheirOwn) {
  const Result<ImportSummary> summary = import_paths("plays", plays(7));
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(loads(), 4U);
  EXPECT_EQ(summary->loads, (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_EQ(summary->load_id, 4U);
  EXPECT_EQ(summary->snapshot, snapshot()->manifest().snapshot);
  EXPECT_EQ(summary->rows, 7U);
  EXPECT_EQ(summary->partitions, 3U);
  EXPECT_EQ(summary->inputs.size(), 7U);
  EXPECT_GT(summary->stored_bytes, 0U);
  EXPECT_EQ(rows("streams", {"user_id"}).size(), 7U);
}

TEST_F(ImportResume, AFileLargerThanAStepIsOne) {
  options.step_bytes = 1;
  EXPECT_TRUE(import_paths("plays", plays(3)));
  EXPECT_EQ(loads(), 3U);
}

TEST_F(ImportResume, TheSameCallGoesOn) {
  const std::vector<std::string> files = plays(7);
  stop_at_step(3);
  const Result<ImportSummary> stopped = import_paths("plays", files);
  ASSERT_FALSE(stopped);
  EXPECT_NE(stopped.error().message.find("4 of 7 files are in the store, as loads 1 to 2"),
            std::string::npos)
      << stopped.error().message;
  EXPECT_EQ(rows("streams", {"user_id"}).size(), 4U);
  options.before_commit = nullptr;
  const Result<ImportSummary> summary = import_paths("plays", files);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->rows, 3U);
  EXPECT_EQ(summary->skipped_files.size(), 4U);
  EXPECT_EQ(rows("streams", {"user_id"}).size(), 7U);
  const Result<ImportSummary> nothing = import_paths("plays", files);
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->load_id, 0U);
  EXPECT_EQ(nothing->skipped_files.size(), 7U);
}

TEST_F(ImportResume, AnErrorInTheFirstStepSaysNothingOfOthers) {
  stop_at_step(1);
  const Result<ImportSummary> stopped = import_paths("plays", plays(3));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().message, "Stopped.");
  EXPECT_EQ(loads(), 0U);
}

TEST_F(ImportResume, WithoutStepsNothingIsIn) {
  options.resume = false;
  stop_at_step(1);
  EXPECT_FALSE(import_paths("plays", plays(7)));
  EXPECT_EQ(loads(), 0U);
}

TEST_F(ImportResume, ADryRunIsOneLoadAndAgainIsAContradiction) {
  options.dry_run = true;
  const Result<ImportSummary> dry = import_paths("plays", plays(7));
  ASSERT_TRUE(dry);
  EXPECT_EQ(dry->rows, 7U);
  EXPECT_EQ(loads(), 0U);
  options.dry_run = false;
  options.again = true;
  EXPECT_EQ(import_paths("plays", plays(7)).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ImportResume, ToleranceIsForAllSteps) {
  std::vector<std::string> files = plays(2);
  for (int i = 0; i < 3; ++i) {
    files.push_back(
        file(fmt::format("bad{}.csv", i),
             fmt::format("user_id,track_id,listen_time\n1,2,bad{}\n3,4,2025-05-01\n", i)));
  }
  options.step_bytes = 1;
  options.max_rejects = 2;
  const Result<ImportSummary> stopped = import_paths("plays", files);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kTooManyRejects);
  EXPECT_NE(stopped.error().message.find("4 of 5 files"), std::string::npos);
  EXPECT_EQ(loads(), 4U);
  const std::string rejects = read_file("rejects.csv");
  for (const char* row : {"bad0", "bad1", "bad2"}) {
    EXPECT_NE(rejects.find(row), std::string::npos) << rejects;
  }
  EXPECT_EQ(rejects.find("file,line", 1), std::string::npos) << "one header";
}

TEST_F(ImportResume, AShareOfRowsMayBeRejectedInAllSteps) {
  const std::string good = "user_id,track_id,listen_time\n1,2,2025-05-01\n3,4,2025-05-01\n";
  const std::vector<std::string> files = {file("1.csv", good + "5,6,2025-05-01\n"),
                                          file("2.csv", good + "5,6,bad\n"),
                                          file("3.csv", good + "5,6,bad\n\n")};
  options.step_bytes = 1;
  options.max_rejects_percent = 23;
  const Result<ImportSummary> summary = import_paths("plays", files);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->rejected, 2U);
  EXPECT_EQ(summary->rows, 7U);
}

TEST_F(ImportResume, ARunThatGoesOnKeepsTheRejectsOfFilesThatAreIn) {
  const std::vector<std::string> files = {
      file("a \"b\",\nc.csv", "user_id,track_id,listen_time\n1,2,\"first\nbad\"\n3,4,2025-05-01\n"),
      file("second.csv", "user_id,track_id,listen_time\n1,2,second\n3,4,2025-05-01\n")};
  options.step_bytes = 1;
  options.max_rejects = 2;
  stop_at_step(2);
  ASSERT_FALSE(import_paths("plays", files));
  ASSERT_NE(read_file("rejects.csv").find("`second`"), std::string::npos);
  {
    // As a kill may leave it.
    std::ofstream torn(path("rejects.csv"), std::ios::app);
    torn << "second.csv,3,\"torn";
  }
  options.before_commit = nullptr;
  const Result<ImportSummary> summary = import_paths("plays", files);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->rejected, 1U);
  const std::string rejects = read_file("rejects.csv");
  EXPECT_NE(rejects.find("first"), std::string::npos) << rejects;
  const std::size_t second = rejects.find("`second`");
  ASSERT_NE(second, std::string::npos) << rejects;
  EXPECT_EQ(rejects.find("`second`", second + 1), std::string::npos) << rejects;
  EXPECT_EQ(rejects.find("torn"), std::string::npos) << rejects;
}

TEST_F(ImportResume, ACorrectedFileLeavesNoRejects) {
  options.step_bytes = 1;
  const std::string fixed = file("x.csv", "user_id,track_id,listen_time\n1,2,bad\n");
  ASSERT_FALSE(import_paths("plays", {fixed}));
  file("x.csv", "user_id,track_id,listen_time\n1,2,2025-05-01\n");
  ASSERT_TRUE(import_paths("plays", {fixed}));
  EXPECT_FALSE(std::filesystem::exists(path("rejects.csv")));
}

TEST_F(ImportResume, ProgressCountsAllSteps) {
  std::vector<ImportProgress> seen;
  options.on_progress = [&](const ImportProgress& progress) { seen.push_back(progress); };
  const std::vector<std::string> files = plays(7);
  ASSERT_TRUE(import_paths("plays", files));
  std::uint64_t bytes = 0;
  for (const std::string& name : files) bytes += std::filesystem::file_size(name);
  ASSERT_FALSE(seen.empty());
  EXPECT_EQ(seen.back().bytes_read, bytes);
  EXPECT_EQ(seen.back().bytes_total, bytes);
  EXPECT_EQ(seen.back().rows, 7U);
}

TEST_F(ImportResume, AMadeTableIsThereForTheStepsAfterTheFirst) {
  options.step_bytes = 1;
  options.create = NewTable{{"id"}, ""};
  const Result<ImportSummary> summary =
      import_paths("t", {file("1.csv", "id,x\n1,a\n"), file("2.csv", "id,x,y\n1,b,3\n2,c,4\n")});
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->inserted, 2U);
  EXPECT_EQ(summary->updated, 1U);
  EXPECT_EQ(summary->new_columns, (std::vector<std::string>{"id", "x", "y"}));
  EXPECT_EQ(rows("t", {"id", "x", "y"}), (std::vector<Row>{{"1", "b", "3"}, {"2", "c", "4"}}));
}

TEST_F(ImportResume, ARejectFileThatIsAnInputStays) {
  options.create = NewTable{};
  const std::string header = "file,line,byte,column,code,reason,raw\n";
  const std::string plays = file("plays.csv", "a,b\n1,2\n");
  for (const std::string& of : {plays, path("other.csv")}) {
    make_store();
    const std::string written = header + of + ",3,5,,too_few_fields,x,\"1\"\n";
    const std::string rejects = file("rejects.csv", written);
    for (const std::vector<std::string>& inputs :
         {std::vector<std::string>{plays, rejects}, {rejects, plays}}) {
      import_paths("t", inputs);
      EXPECT_EQ(read_file("rejects.csv"), written) << of;
    }
    ASSERT_TRUE(import_paths("u", {rejects}));
    EXPECT_EQ(rows("u", {"code"}), (std::vector<Row>{{"too_few_fields"}})) << of;
    // What is rejected now is not written over it either.
    const Result<ImportSummary> refused =
        import_paths("w", {file("short.csv", "a,b\n1\n"), rejects});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("over an input"), std::string::npos);
    EXPECT_EQ(read_file("rejects.csv"), written) << of;
  }
}

}  // namespace
}  // namespace stave::testing
