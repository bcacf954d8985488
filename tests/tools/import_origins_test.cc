// Dumps as programs of many origins write them, each with the rows or the refusal it must give.
#include <gtest/gtest.h>

#include "tests/tools/support/compress.h"
#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

using namespace std::string_literals;

std::string utf16(const std::u16string& text, bool mark) {
  std::string bytes = mark ? "\xFF\xFE" : "";
  for (const char16_t unit : text) {
    bytes.push_back(static_cast<char>(unit & 0xFF));
    bytes.push_back(static_cast<char>(unit >> 8));
  }
  return bytes;
}

class ImportOrigins : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    options.create = NewTable{};
  }

  struct Table {
    std::vector<std::string> columns;
    std::vector<Row> rows;
    std::vector<std::string> types;
  };

  Table table_of(const std::string& text) {
    const std::string name = "t" + std::to_string(++tables_);
    const Result<ImportSummary> summary = import(name, text);
    EXPECT_TRUE(summary) << text << summary.error().message;
    if (!summary) return {};
    Table table;
    for (const TableSchema schema = schema_of(name); const ColumnSchema& column : schema.columns) {
      table.columns.push_back(column.name);
      table.types.push_back(to_string(column.type));
    }
    table.rows = rows(name, table.columns);
    return table;
  }
  std::vector<Row> rows_of(const std::string& text) { return table_of(text).rows; }
  std::vector<std::string> columns_of(const std::string& text) { return table_of(text).columns; }
  std::string type_of(const std::string& values) {
    return table_of("v,w\n" + values).types.front();
  }

  std::string refusal_of(const std::string& text) {
    const Result<ImportSummary> summary = import("refused", text);
    EXPECT_FALSE(summary) << text;
    return summary ? "" : summary.error().message;
  }

 private:
  int tables_ = 0;
};

TEST_F(ImportOrigins, LettersOfUtf16WhoseLowByteIsZeroOrALineFeed) {
  const std::u16string text = u"title,plays\nĀbols 一上《x》,1\nsongs　of,2\n";
  for (const bool mark : {true, false}) {
    EXPECT_EQ(rows_of(utf16(text, mark)),
              (std::vector<Row>{{"Ābols 一上《x》", "1"}, {"songs　of", "2"}}));
  }
  options.max_rejects = 1;
  EXPECT_EQ(rows_of(utf16(u"a,b\n1,x\xD800y\n2,z\n", true)), (std::vector<Row>{{"2", "z"}}));
}

TEST_F(ImportOrigins, Utf16OfLettersWithoutZeros) {
  std::u16string text = u"title,artist\n";
  for (int i = 0; i < 200; ++i) text += u"一曲上上上一一,歌手上一Ā\n";
  EXPECT_EQ(rows_of(utf16(text, false)).size(), 200U);
  // Of one line nobody can know.
  const std::string line = utf16(u"丁丂七丄丅丆万丈三上下丌,不与丏丐丑", false);
  EXPECT_NE(refusal_of(line).find("--encoding utf-16le"), std::string::npos);
  options.format.encoding = TextEncoding::kUtf16LittleEndian;
  options.format.header = false;
  EXPECT_EQ(rows_of(line).size(), 1U);
}

TEST_F(ImportOrigins, IntegersThatNoFloatKeepsApartStayText) {
  EXPECT_EQ(type_of("12345678901234567890,x\n1,y\n"), "string");
  EXPECT_EQ(type_of("1234567890123456789,x\n1.5,y\n"), "string");
  EXPECT_EQ(type_of("1234567890123456789,x\n1,y\n"), "i64");
  EXPECT_EQ(type_of("12345678901234500000000,x\n0.5,y\n"), "f64");
  EXPECT_EQ(type_of("0.1234567890123456789,x\n1,y\n"), "f64");
  EXPECT_EQ(type_of("+12345678901234567890,x\n5,y\n"), "string");
  EXPECT_EQ(type_of("12345678901234567890.0,x\n5,y\n"), "string");
  EXPECT_EQ(type_of("-12345678901234567890.00,x\n5,y\n"), "string");
  EXPECT_EQ(type_of("12345678901234500000000.0,x\n0.5,y\n"), "f64");
  EXPECT_EQ(type_of("+5,x\n-6,y\n"), "i64");
  EXPECT_EQ(rows_of("v\n+5.25\n-6\n"), (std::vector<Row>{{"5.25"}, {"-6.00"}}));
}

TEST_F(ImportOrigins, CellsOfBlanksAreNullWhereTextIsNotMeant) {
  EXPECT_EQ(rows_of("n,at,t\n1,2025-05-01,  \n  ,\t,x\n"),
            (std::vector<Row>{{"1", "2025-05-01", "  "}, {"~", "~", "x"}}));
  options.create.reset();
  import_well("streams", "user_id,track_id,ts,duration\n1,t,2025-05-01, \n");
  EXPECT_EQ(rows("streams", {"user_id", "duration_sec"}), (std::vector<Row>{{"1", "~"}}));
}

TEST_F(ImportOrigins, LinesOfBlanksAreBlankLines) {
  EXPECT_EQ(rows_of("a,b\n1,x\n   \n2,y\n\t\n"), (std::vector<Row>{{"1", "x"}, {"2", "y"}}));
}

TEST_F(ImportOrigins, RowsThatEndWithASeparatorUnderAHeaderThatDoesNot) {
  EXPECT_EQ(rows_of("a,b\n1,x,\n2,y,\n"), (std::vector<Row>{{"1", "x"}, {"2", "y"}}));
  EXPECT_NE(refusal_of("a,b\n1,x,\n2,y,z\n").find("rejected"), std::string::npos);
  EXPECT_EQ(rows_of("a,b\n1,x,,\n2,y, ,\t\n"), (std::vector<Row>{{"1", "x"}, {"2", "y"}}));
  std::string text = "id,title\n500,Hello, World\n";
  for (int i = 0; i < 100; ++i) text += std::to_string(i) + ",song,\n";
  options.max_rejects = 1;
  EXPECT_EQ(rows_of(text).size(), 100U);
  EXPECT_EQ(import_well("said", text).inputs[0].format.spare_separators, 1U);
  EXPECT_EQ(import_well("said", "id,title\n5,x\n").inputs[0].format.spare_separators, 0U);
  options.max_rejects = 0;
  options.format.column_names = {"id", "name"};
  options.format.separator = "|";
  EXPECT_EQ(rows_of("1|Abba|\n2|Queen|\n"), (std::vector<Row>{{"1", "Abba"}, {"2", "Queen"}}));
}

TEST_F(ImportOrigins, RowsThatRepeatTheHeaderAreNone) {
  const std::string files = "id,name\r\n1,a\r\n\xEF\xBB\xBFid,name\r\n2,b\r\nid,nam\r\nid,name\r\n";
  EXPECT_EQ(rows_of("id,name\n1,a\nid,name\n2,b\n"), (std::vector<Row>{{"1", "a"}, {"2", "b"}}));
  options.format.header = true;
  const ImportSummary summary = import_well("echoes", files);
  options.format.header.reset();
  EXPECT_EQ(summary.rows, 3U);
  EXPECT_EQ(summary.inputs[0].format.header_echoes, 2U);
  EXPECT_EQ(rows("echoes", {"id", "name"}),
            (std::vector<Row>{{"1", "a"}, {"2", "b"}, {"id", "nam"}}));
  // Rejects behind one, and rows that were filled, keep their places.
  options.format.ragged = RaggedRows::kFill;
  options.max_rejects = 1;
  EXPECT_EQ(import_well("filled", "a,b\n1,x\na,b\n2\n3,y,z\na,b\n4\n").rejected, 1U);
  EXPECT_EQ(rows("filled", {"a", "b"}), (std::vector<Row>{{"1", "x"}, {"2", "~"}, {"4", "~"}}));
  EXPECT_NE(read_file("rejects.csv").find("3,y,z"), std::string::npos);
  options.format.ragged = RaggedRows::kReject;
  options.format.column_names = {"a", "b"};
  EXPECT_EQ(rows_of("x,y\n1,2\nx,y\n").size(), 3U);
}

// A header that was only guessed may be a row, and what repeats it too.
TEST_F(ImportOrigins, RowsThatRepeatAFirstRowOfTextsAreRows) {
  std::string pairs;
  for (int i = 0; i < 60; ++i) pairs += i % 3 == 0 ? "ios,DE\n" : "web,FR\n";
  EXPECT_EQ(rows_of(pairs).size(), 59U);
  std::string readings = "probe,pending\nprobe,1\nprobe,pending\n";
  EXPECT_EQ(rows_of(readings).size(), 2U);
  EXPECT_EQ(rows_of("title,artist\na,b\ntitle,artist\n").size(), 2U);
  options.format.header = true;
  EXPECT_EQ(rows_of("title,artist\na,b\ntitle,artist\n").size(), 1U);
  options.format.header.reset();
  import_well("works", "title,artist\na,b\n");
  EXPECT_EQ(import_well("works", "title,artist\nc,d\ntitle,artist\n").rows, 1U);
}

TEST_F(ImportOrigins, HyphensUnderNamesAreNoRow) {
  EXPECT_EQ(rows_of("id ,name\n---,----\n  1,ab  \n  2,c   \n"),
            (std::vector<Row>{{"1", "ab  "}, {"2", "c   "}}));
  EXPECT_EQ(rows_of("id,name\n-,-\n2,c\n").size(), 2U);
}

TEST_F(ImportOrigins, NamesOfRowsUnderAHeaderWithoutOneShiftNothing) {
  const std::string message =
      refusal_of("\"title\",\"plays\",\"note\"\n\"r1\",\"song1\",7,\n\"r2\",\"song2\",3,\n");
  EXPECT_NE(message.find("2 rejected"), std::string::npos) << message;
}

TEST_F(ImportOrigins, MarksAroundNamesAreNoPartOfThem) {
  const std::vector<std::string> names{"song", "plays"};
  EXPECT_EQ(columns_of("`song`,`plays`\nx,1\ny,2\n"), names);
  EXPECT_EQ(columns_of("[song],[plays]\nx,1\ny,2\n"), names);
  EXPECT_EQ(columns_of("#sales of May\n#song,plays\nx,1\ny,2\n"), names);
  EXPECT_EQ(columns_of("\xEF\xBB\xBF\xEF\xBB\xBFsong,plays\nx,1\ny,2\n"), names);
  EXPECT_EQ(columns_of("#,plays\n1,5\n2,6\n"), (std::vector<std::string>{"#", "plays"}));
  options.create.reset();
  for (const char* header : {"`user_id`,`track_id`,`ts`", "[user_id],[track_id],[ts]",
                             "#user_id,track_id,ts", "user\xC2\xA0id,track\xC2\xA0id,ts"}) {
    make_store();
    import_well("streams", header + "\n7,t,2025-05-01\n"s);
    EXPECT_EQ(rows("streams", {"user_id", "track_id"}), (std::vector<Row>{{"7", "t"}})) << header;
  }
}

TEST_F(ImportOrigins, MapAndTableMayKnowNamesWithTheirMarks) {
  const std::string bracketed = "[cents],[id],[n]\n100,1,5\n250,2,6\n";
  import_well("m", "amount,key\n1.00,0\n");
  options.map_path =
      file("map.toml",
           "\"[cents]\" = { column = \"amount\", divide = 100 }\nid = \"key\"\n\"[n]\" = false\n");
  EXPECT_TRUE(import_well("m", bracketed).new_columns.empty());
  EXPECT_EQ(rows("m", {"amount", "key"}),
            (std::vector<Row>{{"1.00", "0"}, {"1.00", "1"}, {"2.50", "2"}}));
  options.map_path.clear();
  // As tables were called whose marks nobody took off.
  const std::vector<std::pair<std::string, std::string>> headers{{"[song]", "[song],[plays]"},
                                                                 {"#song", "#of June\n#song,plays"},
                                                                 {"'song'", "`song`,`plays`"}};
  for (const auto& [name, header] : headers) {
    make_store();
    options.map_path = file("map.toml", "old = \"" + name + "\"\n");
    import_well("t", "old,plays\nx,1\n");
    options.map_path.clear();
    EXPECT_TRUE(import_well("t", header + "\ny,2\n").new_columns.empty()) << name;
    EXPECT_EQ(rows("t", {name}), (std::vector<Row>{{"x"}, {"y"}}));
  }
  options.create = NewTable{{"[id]"}, ""};
  import_well("keyed", bracketed);
}

TEST_F(ImportOrigins, JsonBeyondOneArrayOrLines) {
  const std::vector<Row> two{{"1"}, {"2"}};
  EXPECT_EQ(rows_of("{\"a\":1},\n{\"a\":2}\n"), two);
  EXPECT_EQ(rows_of("{\n\"a\":1},\n{\n\"a\":2},\n"), two);
  EXPECT_EQ(rows_of("[{\"a\":1}]\n[]\n[ {\"a\":2} ]"), two);
  EXPECT_EQ(rows_of("\x1E{\"a\":1}\n\x1E{\"a\":2}\n"), two);
  options.max_rejects = 1;
  EXPECT_EQ(rows_of("ck\":5}\n{\"a\":1}\n{\"a\":2}\n"), two);
}

TEST_F(ImportOrigins, ObjectsOverLinesThatAreObjectsThemselves) {
  EXPECT_EQ(rows_of("{\n\"id\": 1,\n\"tags\": [\n{\"k\": 1},\n{\"k\": 2}\n]\n}\n"),
            (std::vector<Row>{{"1", "[\n{\"k\": 1},\n{\"k\": 2}\n]"}}));
  std::string list = "{\"data\": [\n";
  for (int i = 0; i < 11; ++i) list += "{\"a\":" + std::to_string(i) + (i < 10 ? "},\n" : "}\n");
  EXPECT_EQ(columns_of(list + "]}\n"), std::vector<std::string>{"data"});
  EXPECT_EQ(rows_of("{\"a\":1}{\"a\":2}\n{\"a\":3}\n").size(), 3U);
  EXPECT_EQ(rows_of("{\"a\":1}\n{\"a\":2}\n").size(), 2U);
  options.max_rejects = 1;
  EXPECT_EQ(rows_of("{\"a\":1,\"b\":[\n{\"a\":1}\n{\"a\":2}\n").size(), 2U);
  EXPECT_EQ(rows_of("{\"a\":1} x\n{\"a\":1}\n{\"a\":2}\n").size(), 2U);
}

TEST_F(ImportOrigins, OneColumnOfObjectsUnderItsName) {
  EXPECT_EQ(rows_of("tags\n{}\n{}\n{}\n"), (std::vector<Row>{{"{}"}, {"{}"}, {"{}"}}));
  EXPECT_NE(refusal_of("{}\n{}\n").find("--input-format csv"), std::string::npos);
  const std::string text = "payload\n{\"a\":1}\n{\"a\":2}\n";
  options.format.stray_quotes = StrayQuotes::kText;
  EXPECT_EQ(columns_of(text), std::vector<std::string>{"payload"});
  options.format = {};
  options.format.format = InputFormat::kJsonLines;
  options.max_rejects = 1;
  EXPECT_EQ(rows_of(text), (std::vector<Row>{{"1"}, {"2"}}));
}

TEST_F(ImportOrigins, BlanksAndApostrophesOfSpreadsheetsBetweenThousands) {
  options.values.thousands_separator = ' ';
  options.values.decimal_mark = ',';
  EXPECT_EQ(rows_of("t;n\nA;1\xC2\xA0"
                    "234,50\nB;12\xE2\x80\xAF"
                    "345\xE2\x80\x89"
                    "678,25\nC;1 000,00\n"),
            (std::vector<Row>{{"A", "1234.50"}, {"B", "12345678.25"}, {"C", "1000.00"}}));
  options.values.thousands_separator = '\'';
  options.values.decimal_mark = '.';
  EXPECT_EQ(rows_of("t;n\nA;1\xE2\x80\x99"
                    "234.50\n"),
            (std::vector<Row>{{"A", "1234.50"}}));
}

TEST_F(ImportOrigins, DatesOfDigitsAlone) {
  options.values.date_format = "%Y%m%d";
  EXPECT_EQ(rows_of("d,n\n20251231,1\n20250101,20250101\n"),
            (std::vector<Row>{{"2025-12-31", "1"}, {"2025-01-01", "20250101"}}));
}

TEST_F(ImportOrigins, LettersBehindBackslashesAsDatabasesWriteThem) {
  options.format.escape = QuoteEscape::kLetters;
  options.format.column_names = {"id", "a", "b"};
  EXPECT_EQ(rows_of("1\tone\\ttwo\t\\N\n2\tl1\\nl2\\\nl3\t5\n3\t\\\\N\t\\N\n4\t\t7\n5\t\"\\q\t8\n"),
            (std::vector<Row>{{"1", "one\ttwo", "~"},
                              {"2", "l1\nl2\nl3", "5"},
                              {"3", "\\N", "~"},
                              {"4", "", "7"},
                              {"5", "\"q", "8"}}));
  options.format.escape = QuoteEscape::kBackslash;
  options.values.null_spellings = {"\\N"};
  EXPECT_EQ(rows_of("1\t\\\\N\t\\N\n2\ta\\\tb\tx\n"),
            (std::vector<Row>{{"1", "\\N", "~"}, {"2", "a\tb", "x"}}));
}

TEST_F(ImportOrigins, CellsThatShortRowsLackAreNullWhereNothingIsTheEmptyText) {
  options.format.escape = QuoteEscape::kLetters;
  options.format.column_names = {"id", "a", "b", "c"};
  options.format.ragged = RaggedRows::kFill;
  EXPECT_EQ(
      rows_of("1\tx\n2\n3\t\tw\t\n4\tz\t\n"),
      (std::vector<Row>{
          {"1", "x", "~", "~"}, {"2", "~", "~", "~"}, {"3", "", "w", ""}, {"4", "z", "", "~"}}));
}

TEST_F(ImportOrigins, TheLineThatEndsABlockOfCopyIsNoRow) {
  options.format.escape = QuoteEscape::kLetters;
  options.format.column_names = {"id", "a"};
  EXPECT_EQ(rows_of("1\tx\n2\ty\n\\.\n"), (std::vector<Row>{{"1", "x"}, {"2", "y"}}));
  EXPECT_EQ(rows_of("1\tx\r\n\\.\r\n"), (std::vector<Row>{{"1", "x"}}));
  options.format.column_names = {"a"};
  EXPECT_EQ(rows_of("x\n\\\\.\n\\.\n"), (std::vector<Row>{{"x"}, {"\\."}}));
}

TEST_F(ImportOrigins, WordsForNullWithEscapesInThem) {
  options.format.escape = QuoteEscape::kBackslash;
  options.format.separator = "|";
  options.values.null_spellings = {"-|", "\\N"};
  EXPECT_EQ(rows_of("a|b\n-\\||x\n\\N|-\\|\n\\\\N|y\n\"-|\"|z\n"),
            (std::vector<Row>{{"~", "x"}, {"~", "~"}, {"\\N", "y"}, {"-|", "z"}}));
}

TEST_F(ImportOrigins, PagesAndFilesThatAreNoTablesAreNamed) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"+----+------+\n| id | name |\n+----+------+\n|  1 | x    |\n", "drawn for people"},
      {"\n<!DOCTYPE HTML>\n<html><title>403</title></html>\n", "web page"},
      {utf16(u"<!DOCTYPE html>\n<html><title>403</title></html>\n", true), "web page"},
      {utf16(u"<html><title>403</title></html>\n", false), "web page"},
      {"<?xml version=\"1.0\"?>\n<Error/>\n", "XML"},
      {"-----BEGIN PGP MESSAGE-----\n\nhQ\n", "Decrypt"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n", "git lfs pull"},
      {gzipped(gzipped("a,b\n1,2\n")), "compressed twice"},
      {"\x93NUMPY\x01\0"s + std::string(60, 'x'), "NumPy"},
  };
  for (const auto& [text, word] : cases) {
    EXPECT_NE(refusal_of(text).find(word), std::string::npos) << text;
  }
  options.format.format = InputFormat::kCsv;
  EXPECT_EQ(columns_of("<html>,b\nx,2\n"), (std::vector<std::string>{"<html>", "b"}));
}

TEST_F(ImportOrigins, RejectedRowsAreNeverWrittenOverAnInput) {
  options.max_rejects = 1;
  options.rejects_directory = folder_;
  const std::string text = "a,b\n1,x\n2\n";
  const std::string input = file("rejects.csv", text);
  const Result<ImportSummary> summary = import_paths("t", {input});
  ASSERT_FALSE(summary);
  EXPECT_NE(summary.error().message.find("over an input"), std::string::npos);
  EXPECT_EQ(read_file("rejects.csv"), text);
}

TEST_F(ImportOrigins, RowsToBeCorrectedOfAFileWithTheLongestName) {
  options.max_rejects = 1;
  options.rejects_directory = folder_;
  const std::string input = file(std::string(250, 'n') + ".csv", "a,b\n1,x\n2\n");
  const Result<ImportSummary> summary = import_paths("t", {input});
  ASSERT_TRUE(summary) << summary.error().message;
  ASSERT_EQ(summary->corrections.size(), 1U);
  EXPECT_TRUE(summary->corrections.front().ends_with("nnn.csv"));
}

}  // namespace
}  // namespace stave::testing
