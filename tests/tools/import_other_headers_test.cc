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
  // A row of data says something in other columns too, or has a value.
  EXPECT_EQ(table_of("day,who,cost,,\n1/5,Al,air,rail,taxi\n2/5,Bo,x,y,z\n3/5,Cy,x,y,z\n").size(),
            4U);
  EXPECT_EQ(table_of("day,who,cost,,\n,,1,2,3\n2/5,Bo,x,y,z\n3/5,Cy,x,y,z\n").size(), 4U);
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
  const std::string text = "id,name\n1,a\n,\n , \t\n2,b\n,\n";
  EXPECT_EQ(table_of(text).size(), 6U);
  EXPECT_EQ(format_.empty_rows, 0U);
  options.format.ragged = RaggedRows::kFill;
  EXPECT_EQ(table_of(text), (std::vector<Row>{{"id", "name"}, {"1", "a"}, {"2", "b"}}));
  EXPECT_EQ(format_.empty_rows, 3U);
  // The empty text is something, and so is a row of one column.
  EXPECT_EQ(table_of("id,name\n1,a\n,\"\"\n").size(), 3U);
}

TEST_F(ImportOtherHeaders, TelephoneNumbersStayText) {
  EXPECT_EQ(table_of("v,w\n+4930123456,a\n+491701234567,b\n")[1], (Row{"+4930123456", "a"}));
  EXPECT_EQ(types_.front(), "string");
  table_of("v,w\n+4,a\n+1234567,b\n");
  EXPECT_EQ(types_.front(), "i64");
  table_of("v,w\n+12345678.5,a\n4,b\n");
  EXPECT_NE(types_.front(), "string");
}

}  // namespace
}  // namespace stave::testing
