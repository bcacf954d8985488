// Tables that a load makes: keys, times, names, types over all values, and what stays of a load
// that fails.
#include <fmt/format.h>
#include <random>

#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

class ImportCreate : public ImportTest {
 protected:
  void create(const std::vector<std::string>& key, const std::string& time = "") {
    options.create = NewTable{key, time};
  }
  std::vector<std::string> types(const std::string& table) const {
    std::vector<std::string> found;
    for (const TableSchema schema = schema_of(table); const ColumnSchema& column : schema.columns) {
      found.push_back(column.name + " " + to_string(column.type) + (column.is_coded() ? "*" : ""));
    }
    return found;
  }
};

TEST_F(ImportCreate, AFactByTheDayOfItsTime) {
  create({}, "played at");
  const ImportSummary summary = import_well("airplay",
                                            "Artist,played_at,score,year\n"
                                            "Low,2025-05-02 10:00:00,1.5,2001\n"
                                            "Can,2025-05-01T23:30:00-02:00,,1969\n"
                                            ",,0.25,\n");
  EXPECT_EQ(summary.rows, 3U);
  EXPECT_EQ(summary.partitions, 2U);
  EXPECT_EQ(types("airplay"), (std::vector<std::string>{"Artist string*", "played_at timestamp",
                                                        "score decimal(3,2)", "year i64"}));
  EXPECT_EQ(schema_of("airplay").time_column, "played_at");
  EXPECT_EQ(rows("airplay", {"Artist", "played_at", "score", "year"}),
            (std::vector<Row>{{"~", "~", "0.25", "~"},
                              {"Can", "2025-05-02 01:30:00", "~", "1969"},
                              {"Low", "2025-05-02 10:00:00", "1.50", "2001"}}));
}

TEST_F(ImportCreate, ATimeOfDaysAlone) {
  create({}, "week");
  import_well("charts", "week,rank\n2025-05-02,1\n2025-05-09,2\n");
  EXPECT_EQ(types("charts"), (std::vector<std::string>{"week date", "rank i64"}));
  import_well("charts", "week,rank\n2025-05-02,3\n");
  EXPECT_EQ(rows("charts", {"week", "rank"}),
            (std::vector<Row>{{"2025-05-02", "1"}, {"2025-05-02", "3"}, {"2025-05-09", "2"}}));
}

TEST_F(ImportCreate, SecondsSince1970AreATime) {
  create({}, "ts");
  import_well("log", "ts,x\n1700000000,1\n1700000000123,2\n");
  EXPECT_EQ(types("log"), (std::vector<std::string>{"ts timestamp", "x i64"}));
  EXPECT_EQ(rows("log", {"ts"}),
            (std::vector<Row>{{"2023-11-14 22:13:20"}, {"2023-11-14 22:13:20.123000"}}));
}

TEST_F(ImportCreate, WhatIsNoTimeIsRejected) {
  create({}, "ts");
  options.max_rejects = 1;
  options.rejects_directory += "/not/there yet";
  const ImportSummary summary = import_well("log", "x,ts\n1,2025-05-01\n2,soon\n");
  EXPECT_EQ(summary.rejected, 1U);
  EXPECT_NE(read_file("not/there yet/rejects.csv").find("not_a_timestamp"), std::string::npos);
  EXPECT_EQ(rows("log", {"x", "ts"}), (std::vector<Row>{{"1", "2025-05-01"}}));
}

TEST_F(ImportCreate, AFactWithoutTimeHasOnePartition) {
  create({});
  import_well("notes", "id,text\n1,b\n2,a\n");
  EXPECT_EQ(types("notes"), (std::vector<std::string>{"id i64", "text string*"}));
  EXPECT_EQ(rows("notes", {"id", "text"}), (std::vector<Row>{{"1", "b"}, {"2", "a"}}));
  const std::shared_ptr<const Snapshot> opened = snapshot();
  ASSERT_EQ(opened->manifest().find_table("notes")->segments.size(), 1U);
  EXPECT_EQ(opened->manifest().find_table("notes")->segments[0].day, kNoDay);
}

TEST_F(ImportCreate, KeysOfIntegersAndOfText) {
  create({"Station ID"});
  import_well("stations", "station_id,name\n7,a\n3,b\n7,c\n");
  EXPECT_EQ(types("stations"), (std::vector<std::string>{"station_id i64*", "name string*"}));
  EXPECT_EQ(rows("stations", {"station_id", "name"}), (std::vector<Row>{{"7", "a"}, {"3", "b"}}));
  const ImportSummary again = import_well("stations", "station_id,name\n3,d\n9,e\n");
  EXPECT_EQ(again.updated, 1U);
  EXPECT_EQ(again.inserted, 1U);
  EXPECT_EQ(rows("stations", {"station_id", "name"}),
            (std::vector<Row>{{"7", "a"}, {"3", "d"}, {"9", "e"}}));
  create({"code"});
  import_well("labels", "code,name\n007,a\nx,b\n");
  EXPECT_EQ(types("labels"), (std::vector<std::string>{"code string*", "name string*"}));
  EXPECT_EQ(import_well("labels", "code,name\n007,z\n").updated, 1U);
}

TEST_F(ImportCreate, KeysOfSeveralColumnsAndOtherTypes) {
  create({"week", "rank"});
  import_well("charts", "week,rank,song\n2025-05-02,1.0,a\n2025-05-02,2.0,b\n2025-05-09,1.0,c\n");
  EXPECT_EQ(types("charts"), (std::vector<std::string>{"week date", "rank i64", "song string*"}));
  EXPECT_EQ(import_well("charts", "week,rank,song\n2025-05-02,2.0,z\n").updated, 1U);
  EXPECT_EQ(rows("charts", {"week", "rank", "song"}),
            (std::vector<Row>{
                {"2025-05-02", "1", "a"}, {"2025-05-02", "2", "z"}, {"2025-05-09", "1", "c"}}));
}

TEST_F(ImportCreate, MoreKeysThanAListHolds) {
  create({"id"});
  std::string numbers = "id,x\n";
  std::string words = "id,x\n";
  for (int i = 0; i < 70'000; ++i) {
    numbers += fmt::format("{},{}\n", i * 3, i % 7);
    words += fmt::format("k{},{}\n", i * 3, i % 7);
  }
  import_well("numbers", numbers);
  import_well("words", words + "17,1\n");
  EXPECT_EQ(types("numbers")[0], "id i64*");
  EXPECT_EQ(types("words")[0], "id string*");
  EXPECT_EQ(rows("numbers", {"id", "x"})[69'999], (Row{"209997", "6"}));
  EXPECT_EQ(rows("words", {"id", "x"})[69'999], (Row{"k209997", "6"}));
  EXPECT_EQ(rows("words", {"id", "x"})[70'000], (Row{"17", "1"}));
  EXPECT_EQ(import_well("words", "id,x\nk209997,5\nk4,6\n").updated, 1U);
}

// Where nearly every value of a long list is new, texts go through as they are.
TEST_F(ImportCreate, ALongListOfValuesThatComeAgainGetsADomain) {
  create({});
  std::mt19937 generator(3);
  std::string csv = "name,note\n";
  std::uint32_t name = 0;
  for (int i = 0; i < 320'000; ++i) {
    name = static_cast<std::uint32_t>(generator() % 80'000);
    csv += fmt::format("n{},t{}\n", name, i);
  }
  import_well("plays_by_name", csv);
  EXPECT_EQ(types("plays_by_name"), (std::vector<std::string>{"name string*", "note string"}));
  EXPECT_EQ(rows("plays_by_name", {"name", "note"})[319'999],
            (Row{fmt::format("n{}", name), "t319999"}));
}

TEST_F(ImportCreate, ManyNumbersAreNotListedAndMayYetBeText) {
  create({});
  std::string csv = "n,code,day\n";
  for (int i = 0; i < 9'000; ++i) {
    csv += fmt::format("{}.5,{},2025-05-{:02}\n", i, i, 1 + i % 28);
  }
  import_well("numbers", csv);
  EXPECT_EQ(types("numbers"), (std::vector<std::string>{"n decimal(5,1)", "code i64", "day date"}));
  EXPECT_EQ(rows("numbers", {"n", "code"}).back(), (Row{"8999.5", "8999"}));
  import_well("codes", csv + "1,X1,2025-05-01\n");
  EXPECT_EQ(types("codes"),
            (std::vector<std::string>{"n decimal(5,1)", "code string", "day date"}));
  const std::vector<Row> all = rows("codes", {"n", "code"});
  ASSERT_EQ(all.size(), 9'001U);
  EXPECT_EQ(all[17], (Row{"17.5", "17"}));
  EXPECT_EQ(all.back(), (Row{"1.0", "X1"}));
}

TEST_F(ImportCreate, ALateValueCountsAsMuchAsTheFirst) {
  create({});
  std::string csv = "word,fraction,number,day\n";
  for (int i = 0; i < 70'000; ++i) csv += fmt::format("{0},{0},{0},2025-05-01\n", i);
  import_well("t", csv + "late,0.25,70000,2025-05-02 10:00\n");
  EXPECT_EQ(types("t"), (std::vector<std::string>{"word string", "fraction decimal(7,2)",
                                                  "number i64", "day timestamp"}));
  const std::vector<Row> all = rows("t", {"word", "fraction", "number", "day"});
  EXPECT_EQ(all.front(), (Row{"0", "0.00", "0", "2025-05-01 00:00:00"}));
  EXPECT_EQ(all.back(), (Row{"late", "0.25", "70000", "2025-05-02 10:00:00"}));
}

TEST_F(ImportCreate, EmptyKeysAreRejected) {
  create({"id"});
  options.max_rejects = 2;
  EXPECT_EQ(import_well("t", "id,x\n1,a\n,b\n\"\",c\n").rejected, 2U);
  EXPECT_EQ(types("t")[0], "id i64*");
}

TEST_F(ImportCreate, BlanksAreNoKeyAndWordsForNullAreText) {
  options.max_rejects = 2;
  const std::vector<std::pair<std::string, std::string>> keys{
      {"1", "2"}, {"2025-05-01", "2025-05-02"}, {"1.5", "2.25"}, {"yes", "no"}, {"a", "b"}};
  int tables = 0;
  for (const auto& [first, second] : keys) {
    const std::string name = "t" + std::to_string(++tables);
    create({"k"});
    const std::string blanks = "k,v\n" + first + ",x\n  ,y\n\"\t\",y\n" + second + ",z\n";
    EXPECT_EQ(import_well(name, blanks).rejected, 2U) << first;
    EXPECT_EQ(rows(name, {"v"}), (std::vector<Row>{{"x"}, {"z"}})) << first;
    // The table that is there takes them no more than the one that was made.
    EXPECT_EQ(import_well(name, "k,v\n  ,y\n" + second + ",w\n").rejected, 1U) << first;
    EXPECT_EQ(rows(name, {"v"}), (std::vector<Row>{{"x"}, {"w"}})) << first;
    const std::string words = "k,v\n" + first + ",x\nNULL,y\nNA,z\n" + second + ",w\n";
    EXPECT_EQ(import_well(name + "_words", words).inserted, 4U) << first;
    EXPECT_EQ(types(name + "_words")[0], "k string*");
    EXPECT_EQ(rows(name + "_words", {"k", "v"}),
              (std::vector<Row>{{first, "x"}, {"NULL", "y"}, {"NA", "z"}, {second, "w"}}));
  }
  create({"id", "day"});
  import_well("pairs", "id,day,v\n1,2025-05-01,x\n ,2025-05-01,y\n1, ,z\n");
  EXPECT_EQ(rows("pairs", {"v"}), (std::vector<Row>{{"x"}}));
}

TEST_F(ImportCreate, ABlankLineIsNoKey) {
  create({"id"});
  EXPECT_EQ(import_well("t", "id\n1\n  \n2\n\t\n").rejected, 0U);
  EXPECT_EQ(types("t"), (std::vector<std::string>{"id i64*"}));
  EXPECT_EQ(rows("t", {"id"}), (std::vector<Row>{{"1"}, {"2"}}));
}

TEST_F(ImportCreate, TypesAreOfAllFilesOfTheLoad) {
  create({});
  const Result<ImportSummary> summary =
      import_paths("t", {file("a.csv", "x,y\n1,true\n2,false\n"), file("b.csv", "x,z\n2.5,1\n"),
                         file("c.csv", "y,x\nmaybe,1e9\n")});
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(types("t"), (std::vector<std::string>{"x f64", "y string*", "z i64"}));
  EXPECT_EQ(rows("t", {"x", "y", "z"}), (std::vector<Row>{{"1", "true", "~"},
                                                          {"2", "false", "~"},
                                                          {"2.5", "~", "1"},
                                                          {"1000000000", "maybe", "~"}}));
}

TEST_F(ImportCreate, NamesStayUsable) {
  create({});
  const std::string csv = ",Song Title,x,x,,\"two\nlines\",b`q,X_2\n0,a,1,2,3,4,5,6\n";
  import_well("t", csv);
  EXPECT_EQ(types("t"),
            (std::vector<std::string>{"Song Title string*", "x i64", "x_3 i64", "column_5 i64",
                                      "two lines i64", "b'q i64", "X_2 i64"}));
  // The same header finds its columns again.
  EXPECT_TRUE(import_well("t", csv + "7,b,1,2,3,4,5,6\n").new_columns.empty());
  EXPECT_EQ(rows("t", {"x", "x_3", "column_5"}).size(), 3U);
}

TEST_F(ImportCreate, ALastColumnThatNobodyNamedKeepsItsValues) {
  create({});
  import_well("t", "x,y,\n1,2,ok\n3,4,\n5,6,late\n");
  EXPECT_EQ(types("t"), (std::vector<std::string>{"x i64", "y i64", "column_3 string*"}));
  import_well("u", "x,y,\n1,2,\n3,4,\n");
  EXPECT_EQ(types("u"), (std::vector<std::string>{"x i64", "y i64"}));
}

TEST_F(ImportCreate, ATableThatExistsIsImportedIntoIfItAgrees) {
  create({"user_id"});
  EXPECT_EQ(import_well("users", "user_id,age\n1,2\n").inserted, 1U);
  create({});
  EXPECT_EQ(import_well("users", "user_id,age\n2,2\n").inserted, 1U);
  create({"age"});
  const Result<ImportSummary> other = import("users", "user_id,age\n1,2\n");
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message.find("the key user_id"), std::string::npos);
  create({}, "listen_time");
  EXPECT_TRUE(import("plays", "user_id,track_id,listen_time\n1,2,2025-05-01\n"));
}

TEST_F(ImportCreate, WhatCannotBeMade) {
  create({"a"}, "b");
  EXPECT_EQ(import("t", "a,b\n").error().code, ErrorCode::kInvalidArgument);
  create({"c"});
  const Result<ImportSummary> no_column = import("t", "a,b\n1,2\n");
  ASSERT_FALSE(no_column);
  EXPECT_NE(no_column.error().message.find("`c`"), std::string::npos);
  create({"a", "A"});
  EXPECT_FALSE(import("t", "a,b\n1,2\n"));
  create({});
  EXPECT_EQ(import("my table", "a\n1\n").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(import("2nd", "a\n1\n").error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(import("t", "\"\"\n1\n"));
  EXPECT_EQ(snapshot()->manifest().snapshot, 0U);
}

TEST_F(ImportCreate, AFailedLoadLeavesNoTable) {
  create({"id"});
  EXPECT_EQ(import("t", "id,x\n1,2\n3\n").error().code, ErrorCode::kTooManyRejects);
  EXPECT_EQ(snapshot()->manifest().schema.find_table("t"), nullptr);
  EXPECT_EQ(snapshot()->manifest().find_table("t"), nullptr);
}

TEST_F(ImportCreate, ATableOfAHeaderAlone) {
  create({"id"});
  EXPECT_EQ(import_well("t", "id,x\n").rows, 0U);
  EXPECT_EQ(types("t"), (std::vector<std::string>{"id null*", "x string"}));
  EXPECT_EQ(import_well("t", "id,x\n5,a\n").inserted, 1U);
  EXPECT_EQ(types("t"), (std::vector<std::string>{"id i64*", "x string"}));
}

TEST_F(ImportCreate, ThreadsAndMemoryChangeNoByte) {
  std::string csv = "ts,user,note,n\n";
  std::uint64_t state = 7;
  for (int i = 0; i < 90'000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto random = static_cast<unsigned>(state >> 33);
    csv += fmt::format("2025-05-{:02} 10:{:02}:00,u{},note {} {},{}\n", random % 28 + 1, i % 60,
                       random % 5000, random, i, i % 100 == 0 ? "0.5" : "3");
  }
  const std::string path = file("plays.csv", csv);
  std::map<std::string, std::string> expected;
  for (const bool by_key : {false, true}) {
    expected.clear();
    for (const int threads : {1, 4}) {
      make_store();
      create(by_key ? std::vector<std::string>{"note", "user"} : std::vector<std::string>{},
             by_key ? "" : "ts");
      options.threads = threads;
      options.memory_limit = threads == 1 ? 0 : std::uint64_t{1} << 20;
      ASSERT_TRUE(import_paths("t", {path}));
      if (expected.empty()) expected = store_files();
      EXPECT_EQ(store_files(), expected);
    }
  }
}

TEST_F(ImportCreate, EveryCellAsItIsWritten) {
  create({}, "day");
  options.values.as_text = true;
  import_well("airplay", "day,song,plays,share\n2025-05-01,a,007,1.50\n2025-05-01,b, 7,NULL\n");
  EXPECT_EQ(
      rows("airplay", {"day", "song", "plays", "share"}),
      (std::vector<Row>{{"2025-05-01", "a", "007", "1.50"}, {"2025-05-01", "b", " 7", "NULL"}}));
  create({"id"});
  import_well("stations", "id,watts\n1,50\n2,100\n");
  EXPECT_EQ(types("stations"), (std::vector<std::string>{"id string*", "watts string*"}));
}

TEST_F(ImportCreate, DigitsThatAreTextGetADomain) {
  create({});
  options.values.as_text = true;
  std::string csv = "code,note\n";
  for (int pass = 0; pass < 6; ++pass) {
    for (int i = 0; i < 5'000; ++i) csv += fmt::format("{},x\n", i);
  }
  import_well("codes", csv);
  EXPECT_EQ(types("codes"), (std::vector<std::string>{"code string*", "note string*"}));
}

TEST_F(ImportCreate, HeadersOfSeveralRows) {
  create({});
  options.format.header = true;
  options.format.header_rows = 2;
  options.max_rejects = 1;
  const std::string path = file("airplay.csv", "song,plays,,share\n,day,night,\na,1,2,3\nb,4\n");
  ASSERT_TRUE(import_paths("airplay", {path}));
  EXPECT_EQ(rows("airplay", {"song", "plays day", "plays night", "share"}),
            (std::vector<Row>{{"a", "1", "2", "3"}}));
  // What is to be corrected is read with the same options.
  const std::string corrections = read_file("rejects-airplay.csv");
  EXPECT_EQ(corrections, "song,plays day,plays night,share\n\"\",,,\nb,4\n");
  import_well("airplay", corrections + "c,5,6,7\n");
  EXPECT_EQ(rows("airplay", {"song", "plays night"}).back(), (Row{"c", "6"}));
}

TEST_F(ImportCreate, RowsThatAreNotAsWideAsTheHeader) {
  create({});
  options.format.ragged = RaggedRows::kFill;
  import_well("wider", "song,plays\na,1,x\nb,2,y\nc\n");
  EXPECT_EQ(rows("wider", {"song", "plays", "column_3"}),
            (std::vector<Row>{{"a", "1", "x"}, {"b", "2", "y"}, {"c", "~", "~"}}));
  import_well("narrower", "song,,plays\na,1\nb,2\n");
  EXPECT_EQ(rows("narrower", {"song", "plays"}), (std::vector<Row>{{"a", "1"}, {"b", "2"}}));
  import_well("shorter", "song,,plays\na,1\nb,2\nc,3,4\n");
  EXPECT_EQ(rows("shorter", {"song", "column_2", "plays"}),
            (std::vector<Row>{{"a", "1", "~"}, {"b", "2", "~"}, {"c", "3", "4"}}));
  import_well("one_row", "song,plays\na,1,x\n");
  EXPECT_EQ(rows("one_row", {"song", "plays", "column_3"}), (std::vector<Row>{{"a", "1", "x"}}));
  options.format.column_names = {"song"};
  import_well("named", "a,1\nb,2\n");
  EXPECT_EQ(rows("named", {"song", "column_2"}), (std::vector<Row>{{"a", "1"}, {"b", "2"}}));
}

TEST_F(ImportCreate, AFirstColumnWithoutNameThatCountsNoRows) {
  create({});
  import_well("counted", ",song\n1,a\n2,b\n");
  EXPECT_EQ(types("counted"), (std::vector<std::string>{"song string*"}));
  import_well("labelled", ",plays\nlow,1\ncan,2\n");
  EXPECT_EQ(types("labelled"), (std::vector<std::string>{"column_1 string*", "plays i64"}));
}

TEST_F(ImportCreate, AnEmptyFileWhoseColumnsAreSaid) {
  create({});
  EXPECT_FALSE(import("airplay", ""));
  options.format.column_names = {"song", "plays"};
  EXPECT_EQ(import_well("airplay", "").rows, 0U);
  EXPECT_EQ(types("airplay"), (std::vector<std::string>{"song string", "plays string"}));
}

}  // namespace
}  // namespace stave::testing
