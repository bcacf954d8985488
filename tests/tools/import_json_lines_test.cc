// Dumps of JSON objects: found out, flattened, keys that come late, rejected where they are wrong.
#include <fmt/format.h>

#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

constexpr const char* kSongs =
    "name = \"t\"\n[[table]]\nname = \"songs\"\nkind = \"fact\"\ncolumns = [\n"
    "  { name = \"id\", type = \"i64\" },\n  { name = \"title\", type = \"string\" },\n"
    "  { name = \"score\", type = \"decimal(6,2)\" },\n]\n";

class ImportJsonLines : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    make_store(kSongs);
  }
  const std::vector<std::string> columns{"id", "title", "score"};
};

TEST_F(ImportJsonLines, IsFoundOutInEveryLayout) {
  const std::string one = R"({"id": 1, "title": "A \"a\", \u00e9\nb", "score": 1.50})";
  const std::string two = R"({"title": null, "score": 2e1, "id": 2})";
  for (const std::string& text : {one + "\n" + two + "\n", one + "\r\n\r\n" + two,
                                  "[" + one + ",\n" + two + "]\n",
                                  "\n[\n" + one + "\n,\n" + two + "\n]", one + two,
                                  R"({
          "id": 1, "title": "A \"a\", \u00e9\nb",
          "score": 1.50
        })" + two}) {
    SCOPED_TRACE(text);
    make_store(kSongs);
    const ImportSummary summary = import_well("songs", text);
    ASSERT_EQ(summary.inputs.size(), 1U);
    EXPECT_EQ(summary.inputs[0].format.format, InputFormat::kJsonLines);
    EXPECT_EQ(rows("songs", columns),
              (std::vector<Row>{{"1", "A \"a\", \xC3\xA9\nb", "1.50"}, {"2", "~", "20.00"}}));
  }
}

TEST_F(ImportJsonLines, AnEmptyListIsATableWithoutRows) {
  EXPECT_EQ(import_well("songs", " [ ]\n").rows, 0U);
  EXPECT_FALSE(import("songs", "[][1]"));
  make_store();
  EXPECT_EQ(import_well("tracks", "[]").rows, 0U);
  options.create = NewTable{};
  EXPECT_FALSE(import("made", "[]"));
}

TEST_F(ImportJsonLines, AnObjectLongerThanWhatIsLookedAtFirst) {
  const std::string tracks = fmt::format("{{\"n\": 1, \"text\": \"{}\"}}", std::string(300, 'x'));
  std::string text = "{\n\"id\": 7,\n\"title\": \"long\",\n\"tags\": [\n";
  for (int i = 0; i < 5'000; ++i) text += (i == 0 ? "" : ",\n") + tracks;
  text += "\n]}\n";
  ASSERT_GT(text.size(), std::size_t{1} << 20);
  import_well("songs", text + R"({"id": 8, "title": "short"})");
  EXPECT_EQ(rows("songs", {"id", "title"}), (std::vector<Row>{{"7", "long"}, {"8", "short"}}));
  make_store(kSongs);
  const std::string line =
      fmt::format("{{\"id\":1,\"title\":\"{}\"}}\n", std::string(1'200'000, 'y'));
  import_well("songs", line + "{\"id\":2}\n");
  EXPECT_EQ(rows("songs", {"id"}), (std::vector<Row>{{"1"}, {"2"}}));
}

TEST_F(ImportJsonLines, ALongFileBehindALineThatWasCutOff) {
  options.max_rejects = 1;
  std::string text = "{\"id\": 0, \"tags\": [\n";
  const std::string title(100'000, 'x');
  for (int i = 1; i <= 170; ++i) text += fmt::format("{{\"id\":{},\"title\":\"{}\"}}\n", i, title);
  ASSERT_GT(text.size(), std::size_t{16} << 20);
  const ImportSummary summary = import_well("songs", text);
  EXPECT_EQ(summary.rows, 170U);
  EXPECT_EQ(summary.rejected, 1U);
}

TEST_F(ImportJsonLines, EmptyTextIsNotNull) {
  import_well("songs", "{\"id\":1,\"title\":\"\"}\n{\"id\":2}\n{\"title\":\"x\"}\n");
  EXPECT_EQ(rows("songs", columns),
            (std::vector<Row>{{"1", "", "~"}, {"2", "~", "~"}, {"~", "x", "~"}}));
}

TEST_F(ImportJsonLines, ObjectsAreFlattenedAndListsStayText) {
  const ImportSummary summary = import_well(
      "songs", "{\"id\":1,\"artist\":{\"name\":\"X\",\"born\":1970},\"tags\":[\"a\", \"b\"]}\n");
  EXPECT_EQ(summary.new_columns, (std::vector<std::string>{"artist_name", "artist_born", "tags"}));
  EXPECT_EQ(rows("songs", {"artist_name", "artist_born", "tags"}),
            (std::vector<Row>{{"X", "1970", "[\"a\", \"b\"]"}}));
}

TEST_F(ImportJsonLines, AKeyThatComesLateGetsItsColumn) {
  std::string text;
  for (int i = 0; i < 60'000; ++i) text += fmt::format("{{\"id\":{},\"title\":\"song\"}}\n", i);
  text += "{\"id\":60000,\"mood\":7}\n";
  for (const int threads : {1, 3}) {
    make_store(kSongs);
    options.threads = threads;
    const ImportSummary summary = import_well("songs", text);
    EXPECT_EQ(summary.rows, 60'001U);
    EXPECT_EQ(summary.new_columns, std::vector<std::string>{"mood"});
    const std::vector<Row> last = rows("songs", {"id", "mood"});
    EXPECT_EQ(last[60'000], (Row{"60000", "7"}));
    EXPECT_EQ(last[0], (Row{"0", "~"}));
  }
}

TEST_F(ImportJsonLines, WhatIsWrongIsRejectedWithItsBytes) {
  options.max_rejects = 9;
  const ImportSummary summary = import_well("songs",
                                            "{\"id\":1}\n"
                                            "{\"id\":2,}\n"
                                            "[3]\n"
                                            "{\"id\":4,\"id\":5}\n"
                                            "{\"id\":\"six\"}\n"
                                            "{\"id\":7}\n");
  EXPECT_EQ(summary.rows, 2U);
  EXPECT_EQ(summary.rejected, 4U);
  const std::string rejects = read_file("rejects.csv");
  for (const char* expected :
       {",2,9,,not_json,", "\"{\"\"id\"\":2,}\"", ",3,19,,not_an_object,", ",4,23,,duplicate_key,",
        ",5,39,id,not_a_number,", "\"{\"\"id\"\":\"\"six\"\"}\""}) {
    EXPECT_NE(rejects.find(expected), std::string::npos) << expected << "\n" << rejects;
  }
}

TEST_F(ImportJsonLines, WhatCannotBeRead) {
  EXPECT_NE(import("songs", "[{\"id\":1},\n{\"id\":2}\n").error().message.find("no end"),
            std::string::npos);
  options.format.format = InputFormat::kJsonLines;
  EXPECT_NE(import("songs", "id,title\n1,A\n").error().message.find("no JSON object"),
            std::string::npos);
  EXPECT_EQ(snapshot()->manifest().snapshot, 0U);
}

TEST_F(ImportJsonLines, AFileOfCsvMayBeginWithABrace) {
  import_well("songs", "{mood},id\nx,1\n");
  EXPECT_EQ(rows("songs", {"{mood}", "id"}), (std::vector<Row>{{"x", "1"}}));
}

TEST_F(ImportJsonLines, MakesTables) {
  options.create = NewTable{{}, "at"};
  import_well("log",
              "{\"at\":\"2025-05-01T10:00:00Z\",\"n\":1}\n{\"at\":\"2025-05-02\",\"n\":2.5}\n");
  EXPECT_EQ(rows("log", {"at", "n"}),
            (std::vector<Row>{{"2025-05-01 10:00:00", "1.0"}, {"2025-05-02 00:00:00", "2.5"}}));
}

}  // namespace
}  // namespace stave::testing
