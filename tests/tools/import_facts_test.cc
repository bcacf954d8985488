// Loads into fact tables: days, order, keys of both kinds, new columns, unknown tracks, threads.
#include <fmt/format.h>

#include <algorithm>

#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

class ImportFacts : public ImportTest {};

TEST_F(ImportFacts, PlaysGoToTheirDaysOrderedByGenreThenTime) {
  import_well("tracks", "track_id,track_genre\n10,rock\n20,pop\n");
  const ImportSummary summary = import_well("streams",
                                            "user_id,track_id,listen_time\n"
                                            "1,20,2025-05-02 10:00:00\n"
                                            "2,10,2025-05-01 23:59:59\n"
                                            "3,20,2025-05-02 09:00:00\n"
                                            "4,99,2025-05-02 08:00:00\n"
                                            "5,10,2025-05-02 11:00:00\n"
                                            "6,10,2025-05-02 11:00:00\n");
  EXPECT_EQ(summary.partitions, 2U);
  EXPECT_EQ(rows("streams", {"user_id", "track_id", "listen_time"}),
            (std::vector<Row>{{"2", "10", "2025-05-01 23:59:59"},
                              {"5", "10", "2025-05-02 11:00:00"},
                              {"6", "10", "2025-05-02 11:00:00"},
                              {"3", "20", "2025-05-02 09:00:00"},
                              {"1", "20", "2025-05-02 10:00:00"},
                              {"4", "99", "2025-05-02 08:00:00"}}));
  const std::shared_ptr<const Snapshot> opened = snapshot();
  const TableState* streams = opened->manifest().find_table("streams");
  ASSERT_EQ(streams->segments.size(), 2U);
  const SegmentState& second = streams->segments[1];
  ASSERT_EQ(second.runs.size(), 3U);
  EXPECT_EQ(second.runs[0].rows, 2U);
  EXPECT_EQ(second.runs[1].rows, 2U);
  EXPECT_EQ(second.runs[2].code, kNullCode);
  EXPECT_EQ(second.runs[2].first_row, 4U);
}

TEST_F(ImportFacts, RowsWithoutATimeHaveNoDay) {
  import_well("streams", "user_id,track_id,listen_time\n1,2,\n3,4,2025-05-01\n");
  const std::shared_ptr<const Snapshot> opened = snapshot();
  EXPECT_EQ(opened->manifest().find_table("streams")->segments[0].day, kNoDay);
  EXPECT_EQ(rows("streams", {"user_id", "listen_time"}),
            (std::vector<Row>{{"1", "~"}, {"3", "2025-05-01 00:00:00"}}));
}

TEST_F(ImportFacts, DaysAreThoseOfTheStoresZone) {
  make_store("", "Asia/Tokyo");
  import_well("streams",
              "user_id,track_id,listen_time\n1,2,2025-05-01 00:30:00\n1,3,2025-05-01T15:30:00Z\n");
  const std::shared_ptr<const Snapshot> opened = snapshot();
  const std::vector<SegmentState>& segments = opened->manifest().find_table("streams")->segments;
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(segments[1].day, segments[0].day + 1);
  EXPECT_EQ(rows("streams", {"listen_time"}),
            (std::vector<Row>{{"2025-04-30 15:30:00"}, {"2025-05-01 15:30:00"}}));
}

TEST_F(ImportFacts, MillisecondsBecomeSeconds) {
  import_well("streams", "user_id,track_id,ms_played\n1,2,215999\n");
  EXPECT_EQ(rows("streams", {"duration_sec"}), (std::vector<Row>{{"215"}}));
  import_well("tracks", "track_id,duration_sec\n2,215.5\n");
  EXPECT_EQ(rows("tracks", {"duration_ms"}), (std::vector<Row>{{"215500"}}));
}

TEST_F(ImportFacts, KeysBecomeStringsInTheMiddleOfALoad) {
  import_well("streams", "user_id,track_id\n1,5\n2,6\n007,5\n1,x\n");
  EXPECT_EQ(rows("streams", {"user_id", "track_id"}),
            (std::vector<Row>{{"1", "5"}, {"2", "6"}, {"007", "5"}, {"1", "x"}}));
  EXPECT_EQ(snapshot()->manifest().find_domain("users")->kind, DictionaryKind::kString);
  EXPECT_EQ(snapshot()->manifest().find_domain("users")->size, 3U);
  import_well("streams", "user_id,track_id\n1,7\n");
  EXPECT_EQ(snapshot()->manifest().find_domain("users")->size, 3U);
}

TEST_F(ImportFacts, CommittedIntegersStayIntegers) {
  import_well("streams", "user_id,track_id\n1,5\n");
  options.max_rejects = 1;
  const ImportSummary summary = import_well("streams", "user_id,track_id\n2,6\nabc,7\n");
  EXPECT_EQ(summary.rejected, 1U);
  EXPECT_NE(read_file("rejects.csv").find("key_not_an_integer"), std::string::npos);
  EXPECT_NE(read_file("rejects.csv").find("`users`"), std::string::npos);
  // The rejected row's track did not enter its domain.
  EXPECT_EQ(snapshot()->manifest().find_domain("tracks")->size, 2U);
}

TEST_F(ImportFacts, NewColumnsGetTheTypeOfAllTheirValues) {
  const ImportSummary summary = import_well("streams",
                                            "user_id,track_id,Score,mood,when,code,flag,ratio\n"
                                            "1,2,1,calm,2025-01-01,007,true,1e-3\n"
                                            "1,2,2.25,,2025-01-02 10:00:00,8,false,2\n"
                                            "1,2,,\"\",,9,,\n");
  EXPECT_EQ(summary.new_columns,
            (std::vector<std::string>{"Score", "mood", "when", "code", "flag", "ratio"}));
  const std::shared_ptr<const Snapshot> opened = snapshot();
  const TableSchema* schema = opened->manifest().schema.find_table("streams");
  std::vector<std::string> types;
  for (const std::string& name : summary.new_columns) {
    types.push_back(
        to_string(schema->columns[static_cast<std::size_t>(schema->find_column(name))].type));
  }
  EXPECT_EQ(types, (std::vector<std::string>{"decimal(3,2)", "string", "timestamp", "string",
                                             "bool", "f64"}));
  EXPECT_EQ(rows("streams", {"Score", "mood", "when", "code", "flag", "ratio"}),
            (std::vector<Row>{{"1.00", "calm", "2025-01-01 00:00:00", "007", "true", "0.001"},
                              {"2.25", "~", "2025-01-02 10:00:00", "8", "false", "2"},
                              {"~", "", "~", "9", "~", "~"}}));
  // Later loads find the columns in the schema.
  EXPECT_TRUE(import_well("streams", "user_id,track_id,mood\n1,2,wild\n").new_columns.empty());
}

TEST_F(ImportFacts, ManyDistinctTextsStayPlain) {
  std::string csv = "user_id,track_id,note,number\n";
  for (int i = 0; i < 70'000; ++i) {
    csv += fmt::format("1,2,note {0},{0}\n", i);
  }
  csv += "1,2,,0.5\n";
  import_well("streams", csv);
  const std::shared_ptr<const Snapshot> opened = snapshot();
  const TableSchema* schema = opened->manifest().schema.find_table("streams");
  EXPECT_FALSE(schema->columns[static_cast<std::size_t>(schema->find_column("note"))].is_coded());
  const std::vector<Row> all = rows("streams", {"note", "number"});
  ASSERT_EQ(all.size(), 70'001U);
  EXPECT_EQ(all[0], (Row{"note 0", "0.0"}));
  EXPECT_EQ(all[69'999], (Row{"note 69999", "69999.0"}));
  EXPECT_EQ(all[70'000], (Row{"~", "0.5"}));
}

TEST_F(ImportFacts, ExtraColumnsCanBeDroppedOrRefused) {
  options.extra_columns = ExtraColumns::kDrop;
  EXPECT_TRUE(import_well("streams", "user_id,track_id,x\n1,2,3\n").new_columns.empty());
  options.extra_columns = ExtraColumns::kFail;
  const Result<ImportSummary> refused = import("streams", "user_id,track_id,x\n1,2,4\n");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("`x`"), std::string::npos);
}

std::string many_plays(int count) {
  std::string csv = "user_id,track_id,listen_time,platform,note\n";
  std::uint64_t state = 1;
  for (int i = 0; i < count; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto random = static_cast<unsigned>(state >> 33);
    // The first day is large enough for files of its own.
    const std::string note =
        (random % 9 == 0 ? "a,b\n" : "") + std::string(random % 28 == 0 ? 700 : 0, '.');
    csv += fmt::format("{},t{},2025-05-{:02} 0{}:00:0{},p{},\"{}{}\"\n", random % 50'000,
                       random % 7'000, random % 28 + 1, random % 10, i % 10, random % 5, note,
                       random % 1000);
  }
  return csv;
}

std::ptrdiff_t files_below(const std::map<std::string, std::string>& store, std::string_view part) {
  return std::ranges::count_if(
      store, [part](const auto& file) { return file.first.find(part) != std::string::npos; });
}

TEST_F(ImportFacts, ThreadsAndMemoryChangeNoByte) {
  const std::string plays = file("plays.csv", many_plays(120'000));
  const std::string tracks = file("tracks.csv", "track_id,genre\nt1,a\nt2,b\nt3,a\n");
  std::vector<std::map<std::string, std::string>> stores;
  for (const int threads : {1, 2, 3, 2}) {
    make_store();
    options.threads = threads;
    // The last time nearly everything is spilled.
    options.memory_limit = stores.size() == 3 ? 100'000 : 0;
    ASSERT_TRUE(import_paths("tracks", {tracks}));
    const Result<ImportSummary> summary = import_paths("streams", {plays});
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(summary->rows, 120'000U);
    EXPECT_EQ(summary->partitions, 28U);
    stores.push_back(store_files());
  }
  EXPECT_EQ(files_below(stores[0], "streams/packs/2025-05-01-"), 1);
  for (std::size_t i = 1; i < stores.size(); ++i) EXPECT_TRUE(stores[i] == stores[0]) << i;
}

TEST_F(ImportFacts, DaysOfMuchHaveFilesOfTheirOwn) {
  std::string csv = "user_id,track_id,ts,note\n1,t,2025-05-02,brief\n";
  for (int row = 0; row < 40; ++row) {
    csv += "1,t,2025-05-01," + std::string(1 << 20, static_cast<char>('a' + row % 26)) +
           std::to_string(row) + "\n";
  }
  const std::string plays = file("plays.csv", csv);
  std::vector<std::map<std::string, std::string>> stores;
  for (const int threads : {1, 2}) {
    make_store();
    options.threads = threads;
    ASSERT_TRUE(import_paths("streams", {plays}));
    stores.push_back(store_files());
  }
  EXPECT_EQ(files_below(stores[0], "streams/2025-05-01/"), 4);
  EXPECT_EQ(files_below(stores[0], "streams/packs/2025-05-02-"), 1);
  EXPECT_TRUE(stores[1] == stores[0]);
}

TEST_F(ImportFacts, DamageToWhatAFileDoesNotBringIsNoneOfItsBusiness) {
  import_well("streams", "user_id,track_id,ts,platform\n1,t,2025-05-01,ios\n");
  std::string platforms;
  const auto opened = snapshot();
  for (const DomainState& domain : opened->manifest().domains) {
    if (domain.name.find("platform") == std::string::npos) continue;
    platforms = "test.stave/" + domain.segments.front().file.path;
  }
  std::string bytes = read_file(platforms);
  ASSERT_FALSE(bytes.empty());
  bytes[0] = static_cast<char>(bytes[0] ^ 1);
  file(platforms, bytes);
  EXPECT_EQ(import_well("streams", "user_id,track_id,ts\n2,t,2025-05-02\n").rows, 1U);
  EXPECT_FALSE(import("streams", "user_id,track_id,ts,platform\n2,t,2025-05-02,ios\n"));
}

TEST_F(ImportFacts, CancellingLeavesTheStoreAsItWas) {
  std::atomic<bool> cancelled{true};
  options.cancelled = &cancelled;
  const std::map<std::string, std::string> before = store_files();
  const Result<ImportSummary> summary = import("streams", many_plays(1000));
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::kCancelled);
  EXPECT_TRUE(store_files() == before);
}

TEST_F(ImportFacts, ProgressEndsWithEverything) {
  ImportProgress last;
  options.on_progress = [&](const ImportProgress& progress) { last = progress; };
  const ImportSummary summary = import_well("streams", many_plays(1000));
  EXPECT_EQ(last.rows, 1000U);
  EXPECT_EQ(last.bytes_read, last.bytes_total);
  EXPECT_EQ(last.bytes_read, summary.bytes);
}

}  // namespace
}  // namespace stave::testing
