// What is found out about files that nobody described, and that what somebody said is obeyed.
#include <fmt/format.h>

#include <optional>

#include "tests/tools/support/import_fixture.h"
#include "tools/import/dialect_guess.h"
#include "tools/import/header_guess.h"

namespace stave::testing {
namespace {

using namespace std::string_literals;

constexpr const char* kSongs =
    "name = \"t\"\n[[table]]\nname = \"songs\"\nkind = \"fact\"\ncolumns = [\n"
    "  { name = \"id\", type = \"i64\" },\n  { name = \"title\", type = \"string\" },\n"
    "  { name = \"score\", type = \"f64\" },\n]\n";

struct DialectCase {
  const char* what;
  std::string text;
  std::vector<Row> rows;
};

class ImportDialect : public ImportTest {
 protected:
  void expect_rows(const DialectCase& tested) {
    SCOPED_TRACE(tested.what);
    make_store(kSongs);
    const Result<ImportSummary> summary = import("songs", tested.text);
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(rows("songs", {"id", "title", "score"}), tested.rows);
  }
};

std::vector<DialectCase> unspoken_dialects() {
  const std::vector<Row> rows{{"1", "A", "1.5"}, {"2", "B", "2.5"}};
  return {
      {"semicolons", "id;title;score\n1;A;1.5\n2;B;2.5\n", rows},
      {"tabs", "id\ttitle\tscore\n1\tA\t1.5\n2\tB\t2.5\n", rows},
      {"pipes", "id|title|score\n1|A|1.5\n2|B|2.5\n", rows},
      {"two pipes", "id||title||score\n1||A||1.5\n2||B||2.5\n", rows},
      {"blanks", "id title score\n1 A 1.5\n2 B 2.5\n", rows},
      {"Hive's separator", "id\1title\1score\n1\1A\1"s + "1.5\n2\1B\1"s + "2.5\n", rows},
      {"ASCII's separator",
       "id\x1Ftitle\x1Fscore\n1\x1F"s + "A\x1F"s + "1.5\n2\x1F"s + "B\x1F"s + "2.5\n", rows},
      {"blanks behind commas", "id, title, score\n1, A, 1.5\n2, B, 2.5\n", rows},
      {"... and quotes", "id, title, score\n1, \"A\", 1.5\n2, \"B\", 2.5\n", rows},
      {"blanks around some quotes",
       "id,title,score\n1,  \"A, a\" ,1.5\n2,B,2.5\n",
       {{"1", "A, a", "1.5"}, {"2", "B", "2.5"}}},
      {"a separator at each line's end", "id,title,score,\n1,A,1.5,\n2,B,2.5,\n", rows},
      {"single quotes that hold cells together",
       "id,title,score\n1,'A, a',1.5\n2,'B',2.5\n",
       {{"1", "A, a", "1.5"}, {"2", "B", "2.5"}}},
      {"single quotes around a whole column", "id,title,score\n1,'A',1.5\n2,'B',2.5\n", rows},
      {"a title in single quotes",
       "id,title,score\n1,'Heroes',1.5\n2,B,2.5\n",
       {{"1", "'Heroes'", "1.5"}, {"2", "B", "2.5"}}},
      {"an apostrophe",
       "id,title,score\n1,'Til Then,1.5\n2,Don't,2.5\n",
       {{"1", "'Til Then", "1.5"}, {"2", "Don't", "2.5"}}},
      {"backslashes before quotes",
       "id,title,score\n1,\"A \\\"a\\\", b\",1.5\n2,B,2.5\n",
       {{"1", "A \"a\", b", "1.5"}, {"2", "B", "2.5"}}},
      {"a backslash that is text",
       "id,title,score\n1,\"A\\\",1.5\n2,\"B\"\"\",2.5\n",
       {{"1", "A\\", "1.5"}, {"2", "B\"", "2.5"}}},
      {"stray quotes between tabs",
       "id\ttitle\tscore\n1\tA 12\" mix\t1.5\n2\t\"B\t2.5\n",
       {{"1", "A 12\" mix", "1.5"}, {"2", "\"B", "2.5"}}},
      {"comments", "# made by hand\nid,title,score\n1,A,1.5\n#2,X\n2,B,2.5\n", rows},
      {"no comment",
       "id,title,score\n1,A,1.5\n2,#B,2.5\n",
       {{"1", "A", "1.5"}, {"2", "#B", "2.5"}}},
      {"lines before the header",
       "Songs of May\nmade by hand, twice\n\nid,title,score\n1,A,1.5\n2,B,2.5\n", rows},
      {"... with separators", "Songs of May,,\n,,\nid,title,score\n1,A,1.5\n2,B,2.5\n", rows},
      {"lists in cells",
       "id,title,score\n1,A;a;x,1.5\n2,B,2.5\n",
       {{"1", "A;a;x", "1.5"}, {"2", "B", "2.5"}}},
      {"one column of text with commas within quotes",
       "title\n\"A, a\"\n\"B, b\"\n",
       {{"~", "A, a", "~"}, {"~", "B, b", "~"}}},
      {"one column of text with blanks",
       "title\nA a\nB b\n",
       {{"~", "A a", "~"}, {"~", "B b", "~"}}},
      {"Latin-1",
       "id,title,score\n1,caf\xE9,1.5\n2,B,2.5\n",
       {{"1", "caf\xC3\xA9", "1.5"}, {"2", "B", "2.5"}}},
      {"Windows-1252",
       "id,title,score\n1,\x93"s + "A\x94,1.5\n2,B,2.5\n"s,
       {{"1", "\xE2\x80\x9C"s + "A\xE2\x80\x9D"s, "1.5"}, {"2", "B", "2.5"}}},
      {"UTF-16 with its mark",
       "\xFF\xFEi\0d\0\n\0"s + "1\0\n\0002\0"s,
       {{"1", "~", "~"}, {"2", "~", "~"}}},
      {"UTF-16 without, the other way",
       "\0i\0d\0\n\0"s + "1\0\n\0"s + "2"s,
       {{"1", "~", "~"}, {"2", "~", "~"}}},
      {"zero bytes",
       "id,title,score\n1,A\0a,1.5\n2,B,2.5\n"s,
       {{"1", "A\0a"s, "1.5"}, {"2", "B", "2.5"}}},
  };
}

TEST_F(ImportDialect, IsFoundOut) {
  for (const DialectCase& tested : unspoken_dialects()) expect_rows(tested);
}

TEST_F(ImportDialect, AFileOfManyRowsIsJudgedByAllOfItsSample) {
  std::string text = "id;title;score\n";
  std::vector<Row> expected;
  for (int i = 0; i < 300; ++i) {
    text += fmt::format("{};A, {}, c;1.5\n", i, i % 2 == 0 ? "b" : "bb");
    expected.push_back({std::to_string(i), i % 2 == 0 ? "A, b, c" : "A, bb, c", "1.5"});
  }
  expect_rows({"commas in text", text, expected});
}

TEST_F(ImportDialect, WhatIsSaidIsObeyed) {
  options.format.separator = ",";
  options.format.quote = '\0';
  options.format.header = false;
  options.format.column_names = {"id", "title"};
  expect_rows({"no quotes", "1,\"A;\"\n2,'B'\n", {{"1", "\"A;\"", "~"}, {"2", "'B'", "~"}}});
  options.format = {};
  options.format.skip_lines = 2;
  options.format.comment = '%';
  expect_rows({"lines skipped", "id,title\n7,7\nid,title\n1,A\n%2,B\n", {{"1", "A", "~"}}});
  options.format = {};
  options.format.separator = "<>";
  options.format.escape = QuoteEscape::kBackslash;
  expect_rows({"a long separator and backslashes",
               "id<>title\n1<>A\\<>a\n2<>\"B\\\"<>\"\n",
               {{"1", "A<>a", "~"}, {"2", "B\"<>", "~"}}});
  options.format = {};
  options.format.line_end = LineEnd::kCarriageReturnLineFeed;
  expect_rows({"line feeds are text", "id,title\r\n1,A\na\r\n", {{"1", "A\na", "~"}}});
  options.format = {};
  options.format.encoding = TextEncoding::kWindows1252;
  expect_rows({"UTF-8 taken for something else",
               "id,title\n1,\xC3\xA9\n",
               {{"1", "\xC3\x83\xC2\xA9", "~"}}});
  options.format = {};
  options.format.ragged = RaggedRows::kFill;
  expect_rows({"short and long rows",
               "id,title,score\n1\n2,B,2.5,,\n",
               {{"1", "~", "~"}, {"2", "B", "2.5"}}});
}

TEST_F(ImportDialect, ALateCarriageReturnAloneIsText) {
  std::string text = "id,title,score\n";
  for (int i = 0; i < 100'000; ++i) text += fmt::format("{},song,1.5\n", i);
  make_store(kSongs);
  const ImportSummary summary = import_well("songs", text + "7,A\rB,2\n8,\"C\rD\",3\r\n");
  EXPECT_EQ(summary.rows, 100'002U);
  const std::vector<Row> found = rows("songs", {"id", "title", "score"});
  EXPECT_EQ(found[100'000], (Row{"7", "A\rB", "2"}));
  EXPECT_EQ(found[100'001], (Row{"8", "C\rD", "3"}));
}

TEST_F(ImportDialect, OfEachFileByItself) {
  make_store(kSongs);
  const Result<ImportSummary> summary =
      import_paths("songs", {file("a.csv", "id;title\n1;A\n"), file("b.tsv", "title\tid\nB\t2\n"),
                             file("c.csv", "id,title\n3,\"C, c\"\n")});
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(rows("songs", {"id", "title"}),
            (std::vector<Row>{{"1", "A"}, {"2", "B"}, {"3", "C, c"}}));
  ASSERT_EQ(summary->inputs.size(), 3U);
  EXPECT_EQ(summary->inputs[0].format.separator, ";");
  EXPECT_EQ(summary->inputs[1].format.separator, "\t");
  EXPECT_EQ(summary->inputs[2].format.separator, ",");
}

TEST_F(ImportDialect, DamageOfAPlainFileStaysDamage) {
  make_store(kSongs);
  options.max_rejects = 9;
  for (const char* row : {"1,\"never closed,1.5", "1,\"A, \"a\" b\",1.5", "1,say \"A\",1.5",
                          "1;A;1.5", "1,A", "1,A,1.5,x"}) {
    SCOPED_TRACE(row);
    const ImportSummary summary =
        import_well("songs", "id,title,score\n"s + row + "\n2,B,2.5\n3,C,3.5\n");
    EXPECT_EQ(summary.rejected, 1U);
    EXPECT_EQ(summary.rows, 2U);
  }
}

TEST_F(ImportDialect, FilesWithoutHeaderAreNotMisread) {
  const Result<ImportSummary> summary =
      import("streams", "1,a,2024-01-01 10:00:00\n2,b,2024-01-01 11:00:00\n");
  ASSERT_FALSE(summary);
  EXPECT_NE(summary.error().message.find("no header"), std::string::npos)
      << summary.error().message;
  options.format.column_names = {"user_id", "track_id", "listen_time"};
  EXPECT_EQ(import_well("streams", "1,a,2024-01-01 10:00:00\n").rows, 1U);
}

TEST_F(ImportDialect, WordsForNullAreNullWhereTextIsNotMeant) {
  make_store(kSongs);
  const ImportSummary summary = import_well("songs",
                                            "id,title,score,plays,mood,unknown\n"
                                            "1,NULL,NULL,NA,NA,NULL\n"
                                            "NaN,None,1.5,3,calm,\\N\n"
                                            "\\N,\\N,n/a,null,\"NULL\",NA\n");
  EXPECT_EQ(rows("songs", {"id", "title", "score", "plays", "mood", "unknown"}),
            (std::vector<Row>{{"1", "NULL", "~", "~", "NA", "NULL"},
                              {"~", "None", "1.5", "3", "calm", "\\N"},
                              {"~", "\\N", "~", "~", "NULL", "NA"}}));
  EXPECT_EQ(summary.inputs[0].columns[3].type, kInt64Type);
  options.max_rejects = 1;
  EXPECT_EQ(import_well("songs", "id,score\n1,\"NULL\"\n").rejected, 1U);
}

struct HeaderCase {
  const char* text;
  std::size_t preamble;
  bool has_header;
  std::size_t rows = 1;
};

TEST(HeaderGuess, OfTablesThatNobodyKnows) {
  const std::vector<HeaderCase> cases{
      {"name,plays\na,1\nb,2\n", 0, true},
      {"a,1\nb,2\n", 0, false},
      {"a,b\nc,d\n", 0, true},
      {"country,2019,2020\nUS,1,2\n", 0, false},  // nobody could tell
      {"day,n\n2024-01-01,1\n2024-01-02,2\n", 0, true},
      {"2024-01-01,1\n2024-01-02,2\n", 0, false},
      {"Charts of May\nrank,song,plays\n1,a,5\n2,b,4\n", 1, true},
      {"Charts of May,,\n,,\nrank,song,plays\n1,a,5\n2,b,4\n", 2, true},
      {"song,plays\n1,a,5\n2,b,4\n", 0, true},
      {"name\na\nb\n", 0, true},
      {"only,a,header\n", 0, true},
      {"Charts,of May\nrank,song,plays\n1,a,5\n2,b,4\n", 1, true},
      {"by hand,in May,2025,x\nsong,plays\na,5\nb,4\n", 1, true},
      {"song,plays\nsong,plays\na,5\nb,4\n", 0, true, 2},
      {"song,plays\na,n/a\nb,4\nc,5\n", 0, true},
      {"time,volume\ns,dB\n1,2\n3,4\n", 0, true, 2},
      {"time,volume\ns,dB\n1,2\n", 0, true},
      {"time,volume\nNA,NA\n1,2\n3,4\n", 0, true},
      {"day,,night,\nx,y,x,y\n1,2,3,4\n5,6,7,8\n", 0, true, 2},
      {"from,to\nfrom,to\na,b\nb,c\n", 0, true},
      // Rows in which values are missing.
      {"sample,as,pb\nS1,ND,TRACE\nS2,0.2,0.3\nS3,0.4,0.5\n", 0, true},
      {"artist,plays,share\nBlur,dunno,later\nPulp,4,0.5\nSuede,3,0.4\n", 0, true},
      {"one,two\naway,away\n1,2\n3,4\n", 0, true},
      {"id,name\nx,foo,gone\ny,bar,3\nz,baz,4\nw,baz,4\n", 0, true},
      {"id,name,score,extra\nx,foo,gone\ny,bar,3\nz,baz,4\nw,baz,4\n", 0, true},
      {"song,plays,share\n,n/a,unknown\na,1,2\nb,3,4\n", 0, true},
      {"a,b,c,plays,share\n,,,count,percent\nx,y,z,1,2\nu,v,w,3,4\n", 0, true},
      // Titles and notes over tables of text alone.
      {"Charts of May\nsong,artist,genre\na,b,c\nd,e,f\n", 1, true},
      {"# by hand,in May\nsong,artist,genre\na,b,c\nd,e,f\n", 1, true},
      {"Charts,,,\nsong,artist,,\na,b,,\nc,d,,\ne,f,,\ng,h,,\n", 1, true},
      {"Charts of May\nx,x,y\na,b,c\nd,e,f\n", 0, true},
      // Too few of the rows behind are as wide.
      {"by hand,in May\nsong,plays,day\na,5,1\nb,4,2\nc,3,3\nd,2,4\ne,9\n", 0, true},
      // A table of its own before the widest one is no preamble.
      {"a,b\n1,2\n3,4\n5,6\n7,8\nsong,plays,day\nx,1,2\ny,2,3\nz,1,2\nw,1,2\nv,2,2\nu,1,1\n", 0,
       true},
  };
  const auto knows = [](const std::string&) { return false; };
  for (const HeaderCase& tested : cases) {
    SCOPED_TRACE(tested.text);
    const loading::HeaderGuess guess =
        loading::guess_header(loading::sample_rows(tested.text, true, {}), knows);
    EXPECT_EQ(guess.preamble, tested.preamble);
    EXPECT_EQ(guess.has_header, tested.has_header);
    EXPECT_EQ(guess.rows, tested.rows);
  }
}

// Two known names are a header, and one is where it is half of the first row.
TEST(HeaderGuess, OfTablesWhoseNamesAreKnown) {
  const auto knows = [](const std::string& name) { return name == "song" || name == "plays"; };
  const std::vector<std::pair<const char*, std::optional<std::size_t>>> cases{
      {"song,x\n1,2\n", 0},
      {"song,x,y\n1,2,3\n", std::nullopt},
      {"song,plays,x,y,z\n1,2,3,4,5\n", 0},
      {"a,b\nsong,plays\n1,2\n", 1},
      {"a,b\nsong,\n1,2\n", std::nullopt},
      {"a,b\nsong,plays,x,y,z\n1,2\n", std::nullopt},
  };
  for (const auto& [text, row] : cases) {
    const loading::KnownHeader known =
        loading::known_header(loading::sample_rows(text, true, {}), knows);
    EXPECT_EQ(known.share > 0, row.has_value()) << text;
    EXPECT_EQ(known.row, row.value_or(0)) << text;
  }
}

}  // namespace
}  // namespace stave::testing
