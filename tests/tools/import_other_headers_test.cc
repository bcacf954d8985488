// Headers that are written otherwise than the rows below them, and lines of programs around the
// rows that are none.
#include <gtest/gtest.h>

#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

class ImportOtherHeaders : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    options.create = NewTable{};
  }

  // The names, and the rows below them.
  std::vector<Row> table_of(const std::string& text) {
    const std::string name = "t" + std::to_string(++tables_);
    const Result<ImportSummary> summary = import(name, text);
    EXPECT_TRUE(summary) << text << (summary ? "" : summary.error().message);
    if (!summary) return {{}};
    format_ = summary->inputs[0].format;
    Row names;
    types_.clear();
    for (const TableSchema schema = schema_of(name); const ColumnSchema& column : schema.columns) {
      names.push_back(column.name);
      types_.push_back(to_string(column.type));
    }
    std::vector<Row> table{names};
    for (Row& row : rows(name, names)) table.push_back(std::move(row));
    return table;
  }
  std::string refusal_of(const std::string& text) {
    const Result<ImportSummary> summary = import("refused", text);
    EXPECT_FALSE(summary) << text;
    return summary ? "" : summary.error().message;
  }

  DumpFormat format_;
  std::vector<std::string> types_;

 private:
  int tables_ = 0;
};

TEST_F(ImportOtherHeaders, LogsThatSayTheirFields) {
  const std::vector<Row> hits{{"date", "c-ip", "cs(User-Agent)", "sc-status"},
                              {"2025-05-01", "10.0.0.9", "curl/8", "200"},
                              {"2025-05-02", "10.0.0.8", "-", "404"}};
  EXPECT_EQ(table_of("#Software: a server\r\n#Version: 1.0\r\n"
                     "#Fields: date c-ip cs(User-Agent) sc-status\r\n"
                     "2025-05-01 10.0.0.9 curl/8 200\r\n"
                     "#Software: a server\r\n#Fields: date c-ip cs(User-Agent) sc-status\r\n"
                     "2025-05-02 10.0.0.8 - 404\r\n"),
            hits);
  EXPECT_EQ(format_.skip_lines, 2U);
  EXPECT_EQ(format_.comment, '#');
  EXPECT_EQ(table_of("#Version: 1.0\n#Fields: date c-ip cs(User-Agent) sc-status\n"
                     "2025-05-01\t10.0.0.9\tcurl/8\t200\n2025-05-02\t10.0.0.8\t-\t404\n"),
            hits);
  EXPECT_EQ(table_of("#Log-type: tracking\n#Fields: date,c-ip,cs(User-Agent),sc-status\n"
                     "2025-05-01,10.0.0.9,curl/8,200\n2025-05-02,10.0.0.8,-,404\n"),
            hits);
  EXPECT_EQ(table_of("#separator \\x09\n#fields\tts\tuid\n#types\ttime\tstring\n1.5\tCa\n2.5\tCb\n"
                     "#close\t2025-05-01\n"),
            (std::vector<Row>{{"ts", "uid"}, {"1.5", "Ca"}, {"2.5", "Cb"}}));
  options.max_rejects = 1;
  EXPECT_EQ(table_of("#Fields: date c-ip cs(User-Agent) sc-status\n2025-05-01 10.0.0.9 curl/8 200\n"
                     "2025-05-01 10.0\n2025-05-02 10.0.0.8 - 404\n"),
            hits);
  options.format.comment = '\0';
  EXPECT_EQ(table_of("#Fields: a b c\n1 2 3\n4 5 6\n").front().size(), 1U);
}

TEST_F(ImportOtherHeaders, CommentsThatSpeakOfFieldsMakeNoLog) {
  const std::vector<Row> table{{"id", "name"}, {"1", "a"}, {"2", "b"}};
  EXPECT_EQ(table_of("#Fields: list\nid,name\n1,a\n2,b\n"), table);
  EXPECT_EQ(table_of("#Fields: two columns\nid,name\n1,a\n2,b\n"), table);
  EXPECT_EQ(table_of("#Fields: two columns\nid\tname\n1\ta\n2\tb\n"), table);
  EXPECT_EQ(table_of("#Fields: list of all\nid,name\n1,a\n#2,b\n3,c\n").front(), table.front());
  options.format.separator = ",";
  EXPECT_EQ(table_of("#Fields: list of all\nid,name\n1,a\n2,b\n"), table);
  options.format.separator.reset();
  // A log without any hits has columns all the same.
  EXPECT_EQ(table_of("#Version: 1.0\n#Fields: date c-ip sc-status\n"),
            (std::vector<Row>{{"date", "c-ip", "sc-status"}}));
}

TEST_F(ImportOtherHeaders, NamesWithAnotherSeparatorThanTheRows) {
  const std::vector<Row> table{{"time", "volume", "key"}, {"1", "2.5", "c"}, {"4", "5.5", "d"}};
  EXPECT_EQ(table_of("time volume key\n1,2.5,c\n4,5.5,d\n"), table);
  EXPECT_EQ(table_of("time, volume, key\n1;2.5;c\n4;5.5;d\n"), table);
  EXPECT_EQ(table_of("measured in May\ntime\tvolume\tkey\n1,2.5,c\n4,5.5,d\n7,8.5,e\n").front(),
            table.front());
  EXPECT_EQ(format_.skip_lines, 1U);
  EXPECT_EQ(table_of("time \"volume\" key\n1,2.5,c\n4,5.5,d\n"), table);
  EXPECT_EQ(table_of("# time volume key\n1 2.5 c\n4 5.5 d\n"), table);
  options.format.header = true;
  EXPECT_EQ(table_of("time volume key\n1,2.5,c\n4,5.5,d\n"), table);
  options.format.header.reset();
  // Words of a title are as many as columns now and then.
  EXPECT_EQ(table_of("Songs of May\nid,name,plays\n1,a,2\n2,b,3\n"),
            (std::vector<Row>{{"id", "name", "plays"}, {"1", "a", "2"}, {"2", "b", "3"}}));
  EXPECT_NE(refusal_of("our songs\n1,a\n2,b\n3,c\n4,d\n").find("rejected"), std::string::npos);
}

TEST_F(ImportOtherHeaders, NamesWithoutTheSeparatorAtTheEndOfRowsAreNotTorn) {
  for (const std::string separator : {",", ";", "\t"}) {
    const auto line = [&](const std::vector<std::string>& cells) {
      std::string joined = cells.front();
      for (std::size_t i = 1; i < cells.size(); ++i) joined += separator + cells[i];
      return joined + "\n";
    };
    const Row names{"First Name", "Last Name", "Home Town"};
    const std::string text = line(names) + line({"a", "b", "c", ""}) + line({"d", "e", "f", ""}) +
                             line({"g", "h", "i", ""});
    options.format.header.reset();
    EXPECT_EQ(table_of(text),
              (std::vector<Row>{names, {"a", "b", "c"}, {"d", "e", "f"}, {"g", "h", "i"}}));
    options.format.header = true;
    EXPECT_EQ(table_of(text).front(), names);
  }
  options.format.header.reset();
  EXPECT_EQ(table_of("Song Name,Artist Name,Album,Total Play Count\na,b,c,1,\nd,e,f,2,\n").front(),
            (Row{"Song Name", "Artist Name", "Album", "Total Play Count"}));
  options.format.ragged = RaggedRows::kFill;
  EXPECT_EQ(table_of("Song Name,Artist Name,Album Name\na,b,c,d\ne,f,g,h\ni,j,k,l\n").front(),
            (Row{"Song Name", "Artist Name", "Album Name", "column_4"}));
}

TEST_F(ImportOtherHeaders, RowsOfAnotherWidthAreNotPassedOverForALineOfWords) {
  const auto repeated = [](const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  options.format.ragged = RaggedRows::kFill;
  const std::vector<Row> wide =
      table_of("name,town,plays,note,tag\nNew York,Bar Foo\na,b,1\nc,d,2\ne,f,3\ng,h,4\n");
  EXPECT_EQ(wide.front(), (Row{"name", "town", "plays", "note", "tag"}));
  EXPECT_EQ(wide.size(), 6U);
  std::string text;
  for (int i = 0; i < 10; ++i) text += std::to_string(i) + ",q" + std::to_string(i) + "\n";
  text += "this is broken\n" + repeated("1,x,3\n2,y,4\n", 30);
  EXPECT_EQ(table_of(text).size(), 72U);
  EXPECT_EQ(format_.skip_lines, 0U);
  options.format.ragged.reset();
  options.max_rejects_percent = 100;
  table_of("p,q\n" + repeated("p,r\n", 29) + "red green blue\n" + repeated("1,2,3\n", 60));
  EXPECT_EQ(format_.skip_lines, 0U);
  table_of("a title\nof four\nlines that\nsay little\nred green blue\n" + repeated("1,2,3\n", 60));
  EXPECT_EQ(format_.skip_lines, 0U);
}

TEST_F(ImportOtherHeaders, NamesBelowNamesOfSeveralColumns) {
  options.values.as_text = true;
  EXPECT_EQ(
      table_of("day,where,cost,,,total\n,,air,rail,taxi,\n1/5,Rome,£1,,,£1\n2/5,Oslo,,,£2,£2\n"),
      (std::vector<Row>{{"day", "where", "cost air", "cost rail", "cost taxi", "total"},
                        {"1/5", "Rome", "£1", "~", "~", "£1"},
                        {"2/5", "Oslo", "~", "~", "£2", "£2"}}));
  EXPECT_EQ(
      table_of("unit,staff,,,,cost\n,A,,B,,\n,heads,hours,heads,hours,\nx,1,2,3,4,5\ny,1,2,3,4,5\n")
          .front(),
      (Row{"unit", "staff A heads", "staff A hours", "staff B heads", "staff B hours", "cost"}));
  EXPECT_EQ(format_.header_rows, 3U);
  EXPECT_EQ(
      table_of("day,who,cost,,\n,,air,rail,taxi\n1/5,Al,£1,,\nday,who,cost,,\n,,air,rail,cab\n")
          .front(),
      (Row{"day", "who", "cost air", "cost rail", "cost taxi"}));
  // A row of data says something in other columns too, or has a value.
  EXPECT_EQ(table_of("day,who,cost,,\n1/5,Al,air,rail,taxi\n2/5,Bo,x,y,z\n3/5,Cy,x,y,z\n").size(),
            4U);
  EXPECT_EQ(table_of("day,who,cost,,\n,,1,2,3\n2/5,Bo,x,y,z\n3/5,Cy,x,y,z\n").size(), 4U);
}

TEST_F(ImportOtherHeaders, RowsOfDataAreNoPartsOfNames) {
  EXPECT_EQ(table_of("name,town,\n,Rome,x\nb,Oslo,y\nc,Bonn,z\n").size(), 4U);
  EXPECT_EQ(table_of("team,player,\n,Ann,captain\n,Bob,striker\nReds,Cy,goalie\n").size(), 4U);
  EXPECT_EQ(table_of("id,name,,note\n,,draft,\n1,a,x,y\n2,b,z,w\n").size(), 4U);
  EXPECT_EQ(
      table_of("team,player,,,club\n,Ann,Rome,captain,\nReds,Cy,Oslo,goalie,A\n,Bob,,striker,\n")
          .size(),
      4U);
  // One column without a name is enough over values.
  EXPECT_EQ(table_of("id,place,\n,lat,lon\na,1.5,2.5\nb,3.5,4.5\n").front(),
            (Row{"id", "place lat", "place lon"}));
}

TEST_F(ImportOtherHeaders, NamesThatNoRowHasACellFor) {
  EXPECT_EQ(table_of("id,,name\n1,a\n2,b\n"),
            (std::vector<Row>{{"id", "name"}, {"1", "a"}, {"2", "b"}}));
  EXPECT_NE(refusal_of("id,,name\n1,a\n2,,b\n").find("rejected"), std::string::npos);
}

TEST_F(ImportOtherHeaders, NamesOfRowsAsRWritesThem) {
  const std::vector<Row> table{
      {"column_1", "title", "plays"}, {"a", "So What", "7"}, {"b", "Blue", "3"}};
  EXPECT_EQ(table_of("\"title\",\"plays\"\n\"a\",\"So What\",7\n\"b\",\"Blue\",3\n"), table);
  EXPECT_EQ(table_of("\"title\" \"plays\"\n\"a\" \"So What\" 7\n\"b\" \"Blue\" 3\n"), table);
  options.format.ragged = RaggedRows::kFill;
  EXPECT_EQ(table_of("\"title\",\"plays\"\n\"a\",\"So What\",7\n\"b\",\"Blue\",3\n"), table);
  options.format.ragged.reset();
  // Numbers of rows are an index.
  EXPECT_EQ(table_of("\"title\",\"plays\"\n\"1\",\"So What\",7\n\"2\",\"Blue\",3\n"),
            (std::vector<Row>{{"title", "plays"}, {"So What", "7"}, {"Blue", "3"}}));
  // A cell behind the others in few rows, or none, shifts no column.
  EXPECT_NE(
      refusal_of("\"id\",\"name\"\n\"1\",\"a\",\n\"2\",\"b\",x\n\"3\",\"c\",\n").find("rejected"),
      std::string::npos);
  EXPECT_NE(refusal_of("\"id\",\"name\"\n\"1\",\"a\",\n\"2\",\"b\",\n").find("rejected"),
            std::string::npos);
  // What is not in quotes under names in quotes, or comes twice, is no name of a row.
  EXPECT_NE(refusal_of("\"title\",\"plays\"\na,\"So What\",7\nb,\"Blue\",3\n").find("rejected"),
            std::string::npos);
  EXPECT_NE(refusal_of("\"title\",\"plays\"\n\"a\",\"x\",7\n\"a\",\"y\",3\n").find("rejected"),
            std::string::npos);
}

TEST_F(ImportOtherHeaders, LinesThatCountTheRows) {
  const std::vector<Row> table{{"id", "name"}, {"1", "a"}, {"2", "b"}};
  EXPECT_EQ(table_of("id,name\n1,a\n2,b\n(2 rows)\n"), table);
  EXPECT_EQ(format_.row_counts, 1U);
  EXPECT_EQ(table_of("id,name\n--,----\n1,a\n2,b\n\n(2 rows affected)\n"), table);
  EXPECT_EQ(table_of("id,name\n1,a\n(1 row)\n\nid,name\n2,b\n(1 row)\n"), table);
  EXPECT_EQ(format_.row_counts, 2U);
  options.format.ragged = RaggedRows::kFill;
  EXPECT_EQ(table_of("id,name\n1,a\n2,b\n(2 rows)\n"), table);
  EXPECT_EQ(table_of("id,name\n1,a\n,\n2,b\n(3 rows)\n"), table);
  // Those behind the line belong to no result before it.
  options.max_rejects = 1;
  table_of("id,name\n1,a\n2,b\n(3 rows)\n,\n");
  EXPECT_EQ(format_.row_counts, 0U);
  table_of("id,name\n1,a\n,\n(2 rows)\n,\n2,b\n(2 rows)\n");
  EXPECT_EQ(format_.row_counts, 2U);
  options.max_rejects = 0;
  options.format.ragged.reset();
  // One that says another number shows that rows are missing.
  EXPECT_NE(refusal_of("id,name\n1,a\n2,b\n(3 rows)\n").find("rejected"), std::string::npos);
  EXPECT_NE(refusal_of("id,name\n1,a\n2,b\n(2 rows) \"\n").find("rejected"), std::string::npos);
  EXPECT_EQ(table_of("name\na\nb\n(2 rows)\n").size(), 4U);
  // Rejected rows count, since they were written too.
  options.max_rejects = 1;
  EXPECT_EQ(table_of("id,name\n1,a\n2,b\n3\n(3 rows)\n"), table);
}

TEST_F(ImportOtherHeaders, RowsOfSeparatorsAloneWhereRowsAreFilled) {
  const std::string text = "id,name\n1,a\n,\n,\n2,b\n,\n";
  EXPECT_EQ(table_of(text).size(), 6U);
  EXPECT_EQ(format_.empty_rows, 0U);
  options.format.ragged = RaggedRows::kFill;
  EXPECT_EQ(table_of(text), (std::vector<Row>{{"id", "name"}, {"1", "a"}, {"2", "b"}}));
  EXPECT_EQ(format_.empty_rows, 3U);
  // The empty text is something, and so is a row of one column.
  EXPECT_EQ(table_of("id,name\n1,a\n,\"\"\n").size(), 3U);
  EXPECT_EQ(table_of("id,name\n1,a\n,,,\n2,b\n").size(), 3U);
  // So are blanks, and a part of a separator.
  EXPECT_EQ(table_of("a,b\nx,y\n , \nz,q\n").size(), 4U);
  const auto rows_of = [&](const std::string& separator, const std::string& odd) {
    options.format.separator = separator;
    const auto line = [&](const std::string& a, const std::string& b) {
      return a + separator + b + "\n";
    };
    return table_of(line("a", "b") + line("x", "y") + odd + "\n" + line("", "") + line("z", "q"));
  };
  EXPECT_EQ(rows_of("||", "|").size(), 4U);
  EXPECT_EQ(rows_of("::", ":").size(), 4U);
  EXPECT_EQ(rows_of(", ", ",").size(), 4U);
  EXPECT_EQ(rows_of("||", "||||").size(), 3U);
  // As COPY writes them, two texts that are empty.
  options.format.separator = "\t";
  options.format.escape = QuoteEscape::kLetters;
  EXPECT_EQ(table_of("id\tname\nx\ty\n\t\nz\tq\n").size(), 4U);
}

TEST_F(ImportOtherHeaders, TelephoneNumbersStayText) {
  EXPECT_EQ(table_of("v,w\n+4930123456,a\n+491701234567,b\n")[1], (Row{"+4930123456", "a"}));
  EXPECT_EQ(types_.front(), "string");
  table_of("v,w\n+4,a\n+1234567,b\n");
  EXPECT_EQ(types_.front(), "i64");
  table_of("v,w\n+12345678.5,a\n4,b\n");
  EXPECT_NE(types_.front(), "string");
  // Numbers stand beside other numbers.
  table_of("v,w\n+10485760,1\n-512,2\n+1024,3\n");
  EXPECT_EQ(types_.front(), "i64");
  table_of("v,w\n+1700000000,1\n1700000001,2\n");
  EXPECT_EQ(types_.front(), "i64");
  table_of("v,w\n+12345678,1\n+0.5,2\n-3.25,3\n");
  EXPECT_EQ(types_.front(), "decimal(10,2)");
  options.values.thousands_separator = ',';
  table_of("v;w\n+12,345,678;1\n+12,345,679;2\n");
  EXPECT_EQ(types_.front(), "i64");
}

}  // namespace
}  // namespace stave::testing
