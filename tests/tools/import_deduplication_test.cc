// Facts that repeat others: which stay, against the load and the table, by key and by row, in
// memory that does not hold them all.
#include <fmt/format.h>

#include <map>
#include <set>

#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

constexpr const char* kHeader = "user_id,track_id,listen_time,duration_sec,source\n";

class ImportDeduplication : public ImportTest {
 protected:
  void by_rows() { options.deduplication.whole_row = true; }
  void by_key(std::vector<std::string> key) { options.deduplication.key = std::move(key); }
  std::vector<Row> plays() const {
    return rows("streams", {"user_id", "track_id", "listen_time", "duration_sec", "source"});
  }
};

TEST_F(ImportDeduplication, NothingIsLeftOutUnasked) {
  const ImportSummary summary =
      import_well("plays", std::string(kHeader) + "1,2,2025-05-01,3,a\n1,2,2025-05-01,3,a\n");
  EXPECT_EQ(summary.removed, 0U);
  EXPECT_EQ(summary.rows, 2U);
}

TEST_F(ImportDeduplication, WholeRowsOfTheLoad) {
  by_rows();
  const ImportSummary summary = import_well("plays", std::string(kHeader) +
                                                         "1,2,2025-05-01,3,a\n"
                                                         "1,2,2025-05-01,3,\n"
                                                         "1,2,2025-05-01,3,a\n"
                                                         "1,2,2025-05-02,3,a\n"
                                                         "1,2,2025-05-01 00:00:00,3.0,a\n"
                                                         "1,2,2025-05-01,,\n"
                                                         "1,2,,3,a\n"
                                                         "1,2,2025-05-01,3,\n"
                                                         "1,2,,3,a\n");
  EXPECT_EQ(summary.removed, 4U);
  EXPECT_EQ(summary.rows, 5U);
  EXPECT_EQ(plays().size(), 5U);
  EXPECT_EQ(snapshot()->manifest().find_table("streams")->rows, 5U);
  EXPECT_EQ(snapshot()->manifest().loads.back().rows, 5U);
}

TEST_F(ImportDeduplication, WholeRowsOfTheTable) {
  by_rows();
  const std::string first = "1,2,2025-05-01,3,a\n4,5,2025-05-02,3,a\n";
  import_well("plays", kHeader + first);
  const ImportSummary summary = import_well("plays", kHeader + first + "1,2,2025-05-01,4,a\n");
  EXPECT_EQ(summary.removed, 2U);
  EXPECT_EQ(summary.rows, 1U);
  EXPECT_EQ(summary.partitions, 1U);
  const ImportSummary nothing = import_well("plays", kHeader + first + "4,5,2025-05-02,3,a\n");
  EXPECT_EQ(nothing.removed, 3U);
  EXPECT_EQ(nothing.rows, 0U);
  EXPECT_EQ(nothing.partitions, 0U);
  EXPECT_EQ(plays().size(), 3U);
}

TEST_F(ImportDeduplication, AColumnThatOneSideLacksIsNull) {
  by_rows();
  import_well("plays", "user_id,track_id,listen_time\n1,2,2025-05-01\n3,4,2025-05-01\n");
  const ImportSummary summary = import_well(
      "plays",
      "user_id,track_id,listen_time,mood\n1,2,2025-05-01,\n3,4,2025-05-01,x\n3,4,2025-05-01,x\n");
  EXPECT_EQ(summary.removed, 2U);
  EXPECT_EQ(rows("streams", {"user_id", "mood"}),
            (std::vector<Row>{{"1", "~"}, {"3", "~"}, {"3", "x"}}));
}

TEST_F(ImportDeduplication, TheFirstOfEqualKeysStays) {
  by_key({"User ID", "played_at"});
  const ImportSummary summary = import_well("plays", std::string(kHeader) +
                                                         "1,2,2025-05-01,1,a\n"
                                                         "1,9,2025-05-01,2,b\n"
                                                         "1,2,2025-05-01 00:00:01,3,c\n"
                                                         "2,2,2025-05-01,4,d\n");
  EXPECT_EQ(summary.removed, 1U);
  std::set<std::string> sources;
  for (const Row& row : plays()) sources.insert(row[4]);
  EXPECT_EQ(sources, (std::set<std::string>{"a", "c", "d"}));
}

TEST_F(ImportDeduplication, KeysMayComeAgainOnOtherDays) {
  by_key({"stream_id"});
  const std::string header = "stream_id,user_id,track_id,listen_time\n";
  // The first in the file stays, though its day is the last.
  const ImportSummary summary = import_well("plays", header +
                                                         "7,1,1,2025-05-03\n"
                                                         "7,2,1,2025-05-01\n"
                                                         ",3,1,2025-05-01\n"
                                                         "8,4,1,2025-05-02\n"
                                                         ",5,1,2025-05-01\n"
                                                         "7,6,1,2025-05-02\n");
  EXPECT_EQ(summary.removed, 2U);
  EXPECT_EQ(rows("streams", {"stream_id", "user_id"}),
            (std::vector<Row>{{"~", "3"}, {"~", "5"}, {"8", "4"}, {"7", "1"}}));
  const ImportSummary again = import_well("plays", header + "8,9,1,2025-06-01\n9,9,1,2025-06-01\n");
  EXPECT_EQ(again.removed, 1U);
  EXPECT_EQ(again.rows, 1U);
}

TEST_F(ImportDeduplication, TablesOfOtherTypesAndWithoutTime) {
  by_rows();
  options.create = NewTable{};
  const ImportSummary summary = import_well(
      "t",
      "f,d,b,text\n0.5e1,1.50,true,x\n5,1.5,yes,x\n-0.0,0,no,y\n0.0,0.00,false,y\n1e300,0,no,\n");
  EXPECT_EQ(summary.removed, 2U);
  EXPECT_EQ(rows("t", {"f", "text"}).size(), 3U);
}

TEST_F(ImportDeduplication, WhatCannotBeDone) {
  by_rows();
  EXPECT_EQ(import("users", "user_id\n1\n").error().code, ErrorCode::kInvalidArgument);
  options.deduplication = {};
  by_key({"stream_id"});
  const Result<ImportSummary> absent =
      import("plays", std::string(kHeader) + "1,2,2025-05-01,3,a\n");
  ASSERT_FALSE(absent);
  EXPECT_NE(absent.error().message.find("`stream_id`"), std::string::npos);
  EXPECT_EQ(snapshot()->manifest().snapshot, 0U);
}

// Random plays of few values, so that many are equal; a model says what stays.
TEST_F(ImportDeduplication, ThreadsAndMemoryChangeNothing) {
  std::uint64_t state = 11;
  const auto random = [&](unsigned limit) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<unsigned>(state >> 33) % limit;
  };
  std::vector<std::string> files;
  std::vector<Row> all;
  for (int i = 0; i < 3; ++i) {
    std::string csv = "stream_id,user_id,track_id,listen_time,note\n";
    for (int row = 0; row < 10'000; ++row) {
      Row cells{std::to_string(random(15'000)), std::to_string(random(5)), "1",
                fmt::format("2025-05-{:02}", random(9) + 1), std::string(random(3), 'n')};
      csv += fmt::format("{},{},{},{},{}\n", cells[0], cells[1], cells[2], cells[3], cells[4]);
      all.push_back(std::move(cells));
    }
    files.push_back(file(fmt::format("{}.csv", i), csv));
  }
  for (const bool whole : {true, false}) {
    options.deduplication = {};
    if (whole) {
      by_rows();
    } else {
      by_key({"stream_id"});
    }
    std::set<Row> seen;
    std::multiset<Row> expected;
    for (const Row& row : all) {
      if (seen.insert(whole ? row : Row{row[0]}).second) expected.insert(row);
    }
    std::map<std::string, std::string> bytes;
    for (const int threads : {1, 3}) {
      make_store();
      options.threads = threads;
      options.memory_limit = threads == 1 ? 0 : std::uint64_t{1} << 18;
      // The last file against the table.
      const Result<ImportSummary> first = import_paths("plays", {files[0], files[1]});
      const Result<ImportSummary> second = import_paths("plays", {files[2]});
      ASSERT_TRUE(first) << first.error().message;
      ASSERT_TRUE(second) << second.error().message;
      EXPECT_EQ(first->removed + second->removed, all.size() - expected.size());
      if (bytes.empty()) bytes = store_files();
      EXPECT_EQ(store_files(), bytes);
    }
    std::multiset<Row> found;
    for (Row row : rows("streams", {"stream_id", "user_id", "track_id", "listen_time", "note"})) {
      row[3] = row[3].substr(0, 10);
      if (row[4] == "~") row[4].clear();
      found.insert(std::move(row));
    }
    EXPECT_EQ(found, expected);
  }
}

}  // namespace
}  // namespace stave::testing
