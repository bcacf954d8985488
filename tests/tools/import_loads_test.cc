// Loads as a whole: rejects and their tolerance, the ledger, compressed and several files.
#include <fmt/format.h>

#include <filesystem>

#include "tests/tools/support/compress.h"
#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

class ImportLoads : public ImportTest {};

TEST_F(ImportLoads, RejectsSayWhereAndWhy) {
  options.max_rejects = 10;
  const std::string bad = file("bad.csv",
                               "user_id,track_id,listen_time,likes,platform\r\n"
                               "1,2,2025-05-01 10:00:00,1,\"web\r\nb\"\r\n"
                               "1,2,2025-15-01 10:00:00,1,web\r\n"
                               "1,2,2025-05-01\r\n"
                               "1,2,2025-05-01,x,\xFF\r\n"
                               "1,,2025-05-01,1,web\r\n");
  const Result<ImportSummary> summary = import_paths("streams", {bad});
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->rows, 1U);
  EXPECT_EQ(summary->rejected, 4U);
  EXPECT_EQ(summary->rejects_path, path("rejects.csv"));
  EXPECT_EQ(
      read_file("rejects.csv"),
      "file,line,byte,column,code,reason,raw\n" + bad +
          ",4,81,listen_time,not_a_timestamp,\"Not a timestamp (YYYY-MM-DD HH:MM:SS, or as "
          "--date-format says): `2025-15-01 10:00:00`.\",\"1,2,2025-15-01 10:00:00,1,web\"\n" +
          bad +
          ",5,112,,too_few_fields,\"The row has 3 fields, the header 5.\",\"1,2,2025-05-01\"\n" +
          bad +
          ",6,128,likes,not_a_number,Not a number of type i64: "
          "`x`.,base64:MSwyLDIwMjUtMDUtMDEseCz/\n" +
          bad +
          ",7,148,track_id,empty_key,The key is empty: a row of streams needs its "
          "track_id.,\"1,,2025-05-01,1,web\"\n");
}

TEST_F(ImportLoads, TooManyRejectsImportNothing) {
  const std::map<std::string, std::string> before = store_files();
  const Result<ImportSummary> summary = import("streams", "user_id,track_id,likes\n1,2,3\n1,2,x\n");
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::kTooManyRejects);
  EXPECT_NE(summary.error().message.find(":3: likes: Not a number"), std::string::npos)
      << summary.error().message;
  EXPECT_NE(read_file("rejects.csv").find("not_a_number"), std::string::npos);
  EXPECT_TRUE(store_files() == before);
  EXPECT_EQ(snapshot()->manifest().snapshot, 0U);
}

TEST_F(ImportLoads, ToleranceMayBeAShare) {
  options.max_rejects_percent = 50.0;
  EXPECT_EQ(import_well("streams", "user_id,track_id,likes\n1,2,3\n1,2,x\n").rejected, 1U);
  EXPECT_FALSE(import("streams", "user_id,track_id,likes\n1,2,3\n1,2,x\n1,3,y\n"));
}

TEST_F(ImportLoads, AFileIsImportedOnce) {
  const std::string plays = file("plays.csv", "user_id,track_id\n1,2\n");
  const std::string copy = file("copy.csv", "user_id,track_id\n1,2\n");
  const std::string other = file("other.csv", "user_id,track_id\n1,3\n");
  ASSERT_TRUE(import_paths("streams", {plays}));
  const Result<ImportSummary> again = import_paths("plays", {copy, other});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->skipped_files, std::vector<std::string>{copy});
  EXPECT_EQ(again->rows, 1U);
  const Result<ImportSummary> nothing = import_paths("streams", {plays});
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->rows, 0U);
  EXPECT_EQ(nothing->load_id, 0U);
  // Other tables have their own ledger, and one may insist.
  EXPECT_TRUE(import_paths("likes", {plays}));
  options.again = true;
  const Result<ImportSummary> insisted = import_paths("streams", {plays});
  ASSERT_TRUE(insisted);
  EXPECT_EQ(insisted->rows, 1U);
  EXPECT_EQ(rows("streams", {"track_id"}).size(), 3U);
  EXPECT_EQ(snapshot()->manifest().loads.size(), 4U);
}

TEST_F(ImportLoads, OneFileTwiceInACallCountsOnce) {
  const std::string plays = file("plays.csv", "user_id,track_id\n1,2\n");
  const Result<ImportSummary> summary = import_paths("streams", {plays, plays});
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->rows, 1U);
  EXPECT_EQ(summary->skipped_files.size(), 1U);
}

TEST_F(ImportLoads, FilesOfOneLoadMayHaveDifferentHeaders) {
  const Result<ImportSummary> summary =
      import_paths("streams", {file("a.csv", "user_id,track_id,mood\n1,2,calm\n"),
                               file("b.csv", "track_id,user_id,likes\r\n2,3,4\r\n")});
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(rows("streams", {"user_id", "mood", "likes"}),
            (std::vector<Row>{{"1", "calm", "~"}, {"3", "~", "4"}}));
}

TEST_F(ImportLoads, AFailingFileTakesTheWholeLoadWithIt) {
  const Result<ImportSummary> summary = import_paths(
      "streams", {file("a.csv", "user_id,track_id\n1,2\n"), file("b.csv", "nothing\n1\n")});
  ASSERT_FALSE(summary);
  EXPECT_TRUE(rows("streams", {"user_id"}).empty());
}

TEST_F(ImportLoads, CompressedInputsAreReadWhateverTheirName) {
  std::string text = "user_id,track_id\n";
  for (int i = 0; i < 5000; ++i) text += fmt::format("{},1\n", i);
  const std::vector<std::string> inputs = {
      gzipped(text),
      bzipped(text),
      zstd_streamed(text),
      gzipped(text.substr(0, 100)) + gzipped(text.substr(100)),
      bzipped(text.substr(0, 100)) + bzipped(text.substr(100)),
      zstd_streamed(text.substr(0, 100)) + zstd_streamed(text.substr(100))};
  for (const std::string& input : inputs) {
    make_store();
    const Result<ImportSummary> summary = import("streams", input);
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(summary->rows, 5000U);
    EXPECT_EQ(summary->bytes, input.size());
  }
}

TEST_F(ImportLoads, CutOffCompressedInputsFail) {
  std::string text = "user_id,track_id\n";
  for (int i = 0; i < 5000; ++i) text += fmt::format("{},1\n", i);
  for (const std::string& whole : {gzipped(text), bzipped(text), zstd_streamed(text)}) {
    make_store();
    const Result<ImportSummary> summary = import("streams", whole.substr(0, whole.size() / 2));
    ASSERT_FALSE(summary);
    EXPECT_EQ(snapshot()->manifest().snapshot, 0U);
  }
}

TEST_F(ImportLoads, ADryRunSaysWhatWouldComeAndLeavesTheStoreAsItWas) {
  const auto before = store_files();
  options.dry_run = true;
  const std::string csv = "User ID,track,listen_time,mood\n1,a,2025-05-01 10:00:00,3\n";
  EXPECT_FALSE(import("streams", csv)) << "no column is a track key";
  const std::string plays = "User ID,song_id,listen_time,mood\n1,a,2025-05-01 10:00:00,3\n";
  const auto summary = import("streams", plays);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->rows, 1U);
  EXPECT_EQ(summary->partitions, 1U);
  EXPECT_GT(summary->stored_bytes, 0U);
  ASSERT_EQ(summary->inputs.size(), 1U);
  EXPECT_EQ(summary->inputs[0].compression, "none");
  ASSERT_EQ(summary->inputs[0].columns.size(), 4U);
  EXPECT_EQ(summary->inputs[0].columns[0].column, "user_id");
  EXPECT_EQ(summary->inputs[0].columns[1].column, "track_id");
  EXPECT_EQ(summary->inputs[0].columns[3].column, "mood");
  EXPECT_EQ(summary->inputs[0].columns[3].type, kInt64Type);
  EXPECT_TRUE(summary->inputs[0].columns[3].is_new);
  EXPECT_EQ(store_files(), before);

  options.dry_run = false;
  const auto done = import("streams", plays);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->stored_bytes, summary->stored_bytes);
}

TEST_F(ImportLoads, ProgressIsOfAllFilesFromTheBeginning) {
  std::string plays = "user_id,track_id,listen_time\n";
  for (int i = 0; i < 100; ++i) plays += std::to_string(i) + ",a,2025-05-01 10:00:00\n";
  const std::string first = file("one.csv", plays);
  const std::string second = file("two.csv", plays + "7,b,2025-05-02 10:00:00\n");
  std::uint64_t read = 0;
  std::uint64_t total = 0;
  options.on_progress = [&](const ImportProgress& progress) {
    read = progress.bytes_read;
    total = progress.bytes_total;
  };
  ASSERT_TRUE(import_paths("streams", {first, second}));
  EXPECT_EQ(total, 2 * plays.size() + 24);
  EXPECT_EQ(read, total);
}

}  // namespace
}  // namespace stave::testing
