// CSV as people write it: the text on the left, the rows that must come of it on the right. Each
// case is imported in chunks of the usual size; import_chunks_test.cc cuts texts everywhere.
#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

constexpr const char* kNotes = R"(name = "notes"
[[table]]
name = "notes"
kind = "fact"
columns = [
  { name = "a", type = "string" },
  { name = "b", type = "string" },
]
)";

struct CsvCase {
  const char* what;
  std::string text;
  std::vector<Row> rows;
  std::vector<std::string> codes = {};  // of rejects, in order
};

std::vector<CsvCase> csv_cases() {
  return {
      {"plain", "a,b\n1,2\n3,4\n", {{"1", "2"}, {"3", "4"}}},
      {"no last line end", "a,b\n1,2\n3,4", {{"1", "2"}, {"3", "4"}}},
      {"CRLF", "a,b\r\n1,2\r\n3,4\r\n", {{"1", "2"}, {"3", "4"}}},
      {"CR", "a,b\r1,2\r3,4\r", {{"1", "2"}, {"3", "4"}}},
      {"mixed line ends", "a,b\n1,2\r\n3,4\r5,6\n", {{"1", "2"}, {"3", "4"}, {"5", "6"}}},
      {"CRLF without the last", "a,b\r\n1,2\r\n3,4", {{"1", "2"}, {"3", "4"}}},
      {"header only", "a,b\n", {}},
      {"header without line end", "a,b", {}},
      {"blank lines", "\n\r\na,b\n\n1,2\n\r\n\n3,4\n\n", {{"1", "2"}, {"3", "4"}}},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "a,b\n1,2\n",
       {{"1", "2"}}},
      {"quotes", "a,b\n\"1\",\"2\"\n", {{"1", "2"}}},
      {"quoted header", "\"a\",\"b\"\r\n1,2\n", {{"1", "2"}}},
      {"doubled quotes", "a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", {{"say \"hi\"", "\""}}},
      {"separator in quotes", "a,b\n\"1,2\",\"3\"\n", {{"1,2", "3"}}},
      {"line feed in quotes", "a,b\n\"1\n2\",\"3\"\n4,5\n", {{"1\n2", "3"}, {"4", "5"}}},
      {"CRLF in quotes", "a,b\r\n\"1\r\n2\",\"3\"\r\n", {{"1\r\n2", "3"}}},
      {"null and empty", "a,b\n,\"\"\n\"\",\n", {{"~", ""}, {"", "~"}}},
      {"blanks stay", "a,b\n 1 ,2 \n", {{" 1 ", "2 "}}},
      {"UTF-8", "a,b\n\xE2\x98\x85,\xF0\x9F\x8E\xB5\n", {{"\xE2\x98\x85", "\xF0\x9F\x8E\xB5"}}},
      {"header names in any dress", " A ,B_\n1,2\n", {{"1", "2"}}},
      {"columns in another order", "b,a\n1,2\n", {{"2", "1"}}},
      {"a column missing", "b\n1\n", {{"~", "1"}}},
      {"one column with an empty cell", "a\n1\n\n2\n", {{"1", "~"}, {"~", "~"}, {"2", "~"}}},
      {"index column", ",a,b\n0,1,2\n", {{"1", "2"}}},
      {"too few", "a,b\n1\n3,4\n", {{"3", "4"}}, {"too_few_fields"}},
      {"too many", "a,b\n1,2,3\n3,4\n", {{"3", "4"}}, {"too_many_fields"}},
      {"stray quote", "a,b\n1,x\"y\"\n3,4\n", {{"3", "4"}}, {"stray_quote"}},
      {"text after a quote", "a,b\n1,\"x\" y\n3,4\n", {{"3", "4"}}, {"text_after_quote"}},
      {"never closed", "a,b\n1,\"x\n3,4\n5,6\n", {{"3", "4"}, {"5", "6"}}, {"quote_never_closed"}},
      {"not UTF-8", "a,b\n1,\xFF\n3,4\n", {{"3", "4"}}, {"not_utf8"}},
  };
}

class ImportCsv : public ImportTest {};

TEST_F(ImportCsv, ReadsEveryCase) {
  for (const CsvCase& csv : csv_cases()) {
    SCOPED_TRACE(csv.what);
    make_store(kNotes);
    options.max_rejects = 10;
    Result<ImportSummary> summary = import("notes", csv.text);
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(summary->rows, csv.rows.size());
    EXPECT_EQ(summary->rejected, csv.codes.size());
    EXPECT_EQ(rows("notes", {"a", "b"}), csv.rows);
    const std::string rejects = csv.codes.empty() ? "" : read_file("rejects.csv");
    for (const std::string& code : csv.codes) {
      EXPECT_NE(rejects.find("," + code + ","), std::string::npos) << rejects;
    }
  }
}

TEST_F(ImportCsv, OtherSeparatorsAndQuotes) {
  make_store(kNotes);
  options.format.separator = "\t";
  options.format.quote = '\'';
  import_well("notes", "a\tb\n'1\t2'\tit\"s\n");
  EXPECT_EQ(rows("notes", {"a", "b"}), (std::vector<Row>{{"1\t2", "it\"s"}}));
}

struct HeaderCase {
  const char* what;
  std::string text;
  const char* message;
};

TEST_F(ImportCsv, HeadersThatCannotBeUsed) {
  const std::vector<HeaderCase> cases = {
      {"nothing at all", "", "empty"},
      {"only line ends", "\n\r\n", "empty"},
      {"no key", "user_id,listen_time\n1,2024-01-01\n", "track_id"},
      {"found columns are named", "user_id,songs_id\n", "songs_id"},
      {"twice the same", "user_id,track_id,USER ID\n", "one name"},
      {"two aliases of one column", "user_id,track_id,ts,played_at\n", "both mean"},
      {"a program",
       std::string("\x7F"
                   "ELF\x02\0\0\1",
                   8),
       "a program"},
      {"a workbook", "PK\3\4 [Content_Types].xml", "Excel"},
      {"an archive", "PK\3\4 x.csv", "ZIP"},
      {"controls", std::string("\2\3\0\5,\6\n", 7), "not text"},
      {"broken quotes", "user_id,\"track\"x,ts\n", "not well-formed"},
  };
  for (const HeaderCase& header : cases) {
    SCOPED_TRACE(header.what);
    const Result<ImportSummary> summary = import("streams", header.text);
    ASSERT_FALSE(summary);
    EXPECT_EQ(summary.error().code, ErrorCode::kInvalidData);
    EXPECT_NE(summary.error().message.find(header.message), std::string::npos)
        << summary.error().message;
  }
  EXPECT_EQ(snapshot()->manifest().snapshot, 0U);
}

TEST_F(ImportCsv, UnknownTablesAreSuggested) {
  const Result<ImportSummary> summary = import("steams", "a\n");
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::kNotFound);
  EXPECT_NE(summary.error().message.find("`streams`"), std::string::npos);
}

TEST_F(ImportCsv, AMissingFileIsNamed) {
  const Result<ImportSummary> summary = import_paths("streams", {path("no.csv")});
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ErrorCode::kNotFound);
  EXPECT_NE(summary.error().message.find("no.csv"), std::string::npos);
}

}  // namespace
}  // namespace stave::testing
