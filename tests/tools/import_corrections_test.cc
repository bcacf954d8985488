// Rejected rows in files that can be corrected and imported: in the dialect of their input, only
// of loads that were committed, and never in the place of another file.
#include <fmt/format.h>

#include <filesystem>

#include "stave/load_preview.h"
#include "tests/tools/support/compress.h"
#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

namespace fs = std::filesystem;

class ImportCorrections : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    options.max_rejects = 10;
  }
  ImportSummary import_files_well(const std::vector<std::string>& files) {
    Result<ImportSummary> summary = import_paths("users", files);
    EXPECT_TRUE(summary) << (summary ? "" : summary.error().message);
    return summary ? *std::move(summary) : ImportSummary();
  }
  // Puts a text of a file right.
  void correct(const std::string& name, const std::string& wrong, const std::string& right) const {
    std::string text = read_file(name);
    const std::size_t at = text.find(wrong);
    ASSERT_NE(at, std::string::npos) << text;
    file(name, text.replace(at, wrong.size(), right));
  }
};

TEST_F(ImportCorrections, CorrectedRowsComeInAsTheyWere) {
  const ImportSummary summary = import_files_well({file(
      "users.csv", "user_id,display_name,age\n1,\"a, \"\"b\"\"\",5\n2,\"two\nlines\",x\n3,c\n")});
  EXPECT_EQ(summary.rejected, 2U);
  EXPECT_EQ(summary.corrections, (std::vector<std::string>{path("rejects-users.csv")}));
  EXPECT_EQ(read_file("rejects-users.csv"), "user_id,display_name,age\n2,\"two\nlines\",x\n3,c\n");
  correct("rejects-users.csv", "x", "6");
  correct("rejects-users.csv", "3,c", "3,c,7");
  EXPECT_EQ(import_files_well({path("rejects-users.csv")}).rejected, 0U);
  EXPECT_EQ(rows("users", {"user_id", "display_name", "age"}),
            (std::vector<Row>{{"1", "a, \"b\"", "5"}, {"2", "two\nlines", "6"}, {"3", "c", "7"}}));
}

TEST_F(ImportCorrections, OtherDialects) {
  const std::vector<std::string> texts = {
      "user_id;display_name;age\r\n1;a;5\r\n2;\"b;c\";x\r\n3;d;6\r\n",
      "user_id\tdisplay_name\tage\n1\ta\t5\n2\tb;c\tx\n3\td\t6\n",
      "user_id|display_name|age|\n1|a|5|\n2|b;c|x|\n3|d|6|\n",
      "made by a program\n\nuser_id,display_name,age\n1,a,5\n2,b;c,x\n3,d,6\n",
  };
  for (const std::string& text : texts) {
    make_store();
    fs::remove(path("rejects-users.csv"));
    EXPECT_EQ(import_files_well({file("users.csv", text)}).rejected, 1U) << text;
    correct("rejects-users.csv", "x", "7");
    EXPECT_EQ(import_files_well({path("rejects-users.csv")}).rejected, 0U) << text;
    EXPECT_EQ(rows("users", {"user_id", "display_name", "age"}),
              (std::vector<Row>{{"1", "a", "5"}, {"3", "d", "6"}, {"2", "b;c", "7"}}))
        << text;
  }
}

TEST_F(ImportCorrections, AreReadAsTheirOriginWithoutBeingTold) {
  const std::string dump =
      "nr|x;tag;preis;text\n1|a;31.05.2025;1.234,50;na\xEFve\n2|b;01.06.2025;oops;'a;b'\n"
      "3|c;02.06.2025;-;x\n";
  options.create = NewTable{{}, "tag"};
  options.map_path = file("map.toml", "preis = \"price\"\n");
  options.format.separator = ";";
  options.format.quote = '\'';
  options.values.date_format = "dmy";
  options.values.thousands_separator = '.';
  options.values.decimal_mark = ',';
  options.values.null_spellings = {"-"};
  ASSERT_TRUE(import_paths(
      "sales", {file("first.csv", "nr|x;tag;preis;text\n0|z;30.05.2025;99.999,55;why\n")}));
  options.create.reset();
  const Result<ImportSummary> loaded = import_paths("sales", {file("sales.csv", dump)});
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->rejected, 1U);
  options.format = {};
  options.values = {};
  options.map_path.clear();
  options.max_rejects = 0;
  correct("rejects-sales.csv", "oops", "2.000,25");
  const Result<ImportSummary> again = import_paths("sales", {path("rejects-sales.csv")});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->new_columns.empty());
  EXPECT_EQ(rows("sales", {"nr|x", "tag", "price", "text"}),
            (std::vector<Row>{{"0|z", "2025-05-30", "99999.55", "why"},
                              {"1|a", "2025-05-31", "1234.50", "na\xC3\xAFve"},
                              {"2|b", "2025-06-01", "2000.25", "a;b"},
                              {"3|c", "2025-06-02", "~", "x"}}));
  // Another header is another file, whatever lies beside it.
  file("rejects-sales.csv", "tag,nr|x\n2025-06-03,9\n");
  EXPECT_TRUE(import_paths("sales", {path("rejects-sales.csv")}));
  EXPECT_EQ(rows("sales", {"nr|x"}).back(), (Row{"9"}));
}

TEST_F(ImportCorrections, WhatIsSaidOfThemGoesBeforeTheirOrigin) {
  options.create = NewTable{};
  options.values.decimal_mark = ',';
  options.values.thousands_separator = '.';
  options.format.separator = ";";
  options.format.ragged = RaggedRows::kFill;
  const std::string dump = "day;price\n2025-05-01;1.000,50\n2025-05-02;oops\n";
  import_well("sales", "day;price\n2025-05-01;99.999,55\n");
  EXPECT_TRUE(import_paths("sales", {file("sales.csv", dump)}));
  options.create.reset();
  options.format = {};
  options.values = {};
  options.values.decimal_mark = '.';
  options.format.ragged = RaggedRows::kReject;
  fs::copy_file(path(".rejects-sales.csv.origin"), path(".rejects-short.csv.origin"));
  file("rejects-short.csv", "day;price\n2025-05-02;3.25\n2025-05-03\n");
  const Result<ImportSummary> read = import_paths("sales", {path("rejects-short.csv")});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->origin_path, path(".rejects-short.csv.origin"));
  EXPECT_EQ(read->rejected, 1U);
  EXPECT_EQ(rows("sales", {"price"}).back(), (Row{"3.25"}));
  EXPECT_EQ(import_well("sales", "day,price\n2025-05-02,1\n").origin_path, "");
}

TEST_F(ImportCorrections, TheMapOfTheirOriginMayBeGone) {
  options.map_path = file("map.toml", "years = \"age\"\n");
  import_files_well({file("users.csv", "user_id,years\n1,x\n")});
  fs::remove(options.map_path);
  options.map_path.clear();
  const Result<ImportSummary> refused = import_paths("users", {path("rejects-users.csv")});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("is gone"), std::string::npos) << refused.error().message;
}

TEST_F(ImportCorrections, AnOriginThatWasCutOffIsNone) {
  import_files_well({file("users.csv", "user_id;age\n1;x\n")});
  const std::string origin = read_file(".rejects-users.csv.origin");
  file(".rejects-users.csv.origin", origin.substr(0, origin.find("time_zone")));
  EXPECT_EQ(import_files_well({path("rejects-users.csv")}).origin_path, "");
}

TEST_F(ImportCorrections, ObjectsOfJson) {
  for (const bool lines : {true, false}) {
    make_store();
    const std::string name = lines ? "users.jsonl" : "users.json";
    const std::string between = lines ? "\n" : ",\n ";
    const std::string objects = "{\"user_id\": 1, \"age\": 5}" + between +
                                "{\"user_id\": 2, \"age\": \"x\"}" + between + "{\"age\": 7}";
    EXPECT_EQ(import_files_well({file(name, lines ? objects : "[" + objects + "]")}).rejected, 2U);
    const std::string corrections = "rejects-" + name;
    correct(corrections, "\"x\"", "6");
    correct(corrections, "{\"age\": 7", "{\"user_id\": 3, \"age\": 7");
    EXPECT_EQ(import_files_well({path(corrections)}).rejected, 0U) << read_file(corrections);
    EXPECT_EQ(rows("users", {"user_id", "age"}),
              (std::vector<Row>{{"1", "5"}, {"2", "6"}, {"3", "7"}}));
  }
}

TEST_F(ImportCorrections, TheSameOptionsReadThem) {
  options.format.column_names = {"user_id", "age"};
  options.format.skip_lines = 2;
  import_files_well({file("users.csv", "7,8\n9,10\n1,5\n2,x\n")});
  correct("rejects-users.csv", "x", "7");
  EXPECT_EQ(import_files_well({path("rejects-users.csv")}).rejected, 0U);
  EXPECT_EQ(rows("users", {"user_id", "age"}), (std::vector<Row>{{"1", "5"}, {"2", "7"}}));
}

TEST_F(ImportCorrections, BytesThatAreNotUtf8DoNotSpoilTheFile) {
  std::string csv = "user_id,display_name\n1,\xC3\xA9t\xC3\xA9\n";
  for (int i = 10; i < 500; ++i) csv += fmt::format("{},na\xC3\xAFve\n", i);
  const ImportSummary summary = import_files_well({file("users.csv", csv + "2,b\xFF"
                                                                           "c\xC3\xA9\n")});
  ASSERT_EQ(summary.rejected, 1U);
  EXPECT_EQ(read_file("rejects-users.csv"),
            "user_id,display_name\n2,b\xEF\xBF\xBD"
            "c\xC3\xA9\n");
}

TEST_F(ImportCorrections, HeadersAreEscapedAsTheirFiles) {
  struct Case {
    QuoteEscape escape;
    char quote;
    std::string header;
    std::string separator;
  };
  const std::vector<Case> cases{
      {QuoteEscape::kLetters, '\0', "a\\tx\tb\\nc\\\\\\r", "\t"},
      {QuoteEscape::kBackslash, '\0', "a\\||x||b\\\\c", "||"},
      {QuoteEscape::kBackslash, '"', "\"a\\\"\\\\,x\",b\\\\c", ","},
      {QuoteEscape::kLetters, '"', "\"a\\\"\\n,x\",b\\\\c", ","},
  };
  int number = 0;
  for (const auto& [escape, quote, header, separator] : cases) {
    options.create = NewTable{};
    options.format.escape = escape;
    options.format.quote = quote;
    options.format.separator = separator;
    const std::string name = "t" + std::to_string(++number);
    const std::string row = "1" + separator + "2\n";
    const Result<ImportSummary> summary =
        import_paths(name, {file(name, header + "\n" + row + "3\n")});
    ASSERT_TRUE(summary) << summary.error().message;
    const std::string corrections = read_file("rejects-" + name);
    EXPECT_EQ(corrections, header + "\n3\n");
    const Result<ImportSummary> again = import_paths(name, {file(name, corrections + row)});
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->new_columns.empty()) << again->new_columns.front();
  }
}

TEST_F(ImportCorrections, EachInputHasItsOwn) {
  fs::create_directories(path("a"));
  fs::create_directories(path("b"));
  const ImportSummary summary = import_files_well(
      {file("a/users.csv", "user_id,age\n1,x\n"),
       file("b/users.csv.gz", gzipped("user_id,age\n2,y\n")),
       file("other.txt", "user_id,age\n3,4\n"), file("plain", "user_id,age\n5,z\n")});
  EXPECT_EQ(summary.corrections,
            (std::vector<std::string>{path("rejects-users.csv"), path("rejects-users-2.csv"),
                                      path("rejects-plain")}));
  EXPECT_EQ(read_file("rejects-users-2.csv"), "user_id,age\n2,y\n");
}

TEST_F(ImportCorrections, FilesThatAreThereStay) {
  import_files_well({file("users.csv", "user_id,age\n1,x\n")});
  const ImportSummary second = import_files_well({file("users.csv", "user_id,age\n2,y\n")});
  EXPECT_EQ(second.corrections, (std::vector<std::string>{path("rejects-users-2.csv")}));
  EXPECT_EQ(read_file("rejects-users.csv"), "user_id,age\n1,x\n");
  EXPECT_EQ(read_file("rejects-users-2.csv"), "user_id,age\n2,y\n");
}

TEST_F(ImportCorrections, ALoadThatIsNotCommittedLeavesNone) {
  const std::string users = file("users.csv", "user_id,age\n1,x\n2,3\n");
  const auto none_left = [&] {
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.path().filename().string().starts_with("rejects-")) return false;
    }
    return true;
  };
  options.dry_run = true;
  EXPECT_TRUE(import_files_well({users}).corrections.empty());
  EXPECT_TRUE(none_left());
  options.dry_run = false;
  options.max_rejects = 0;
  EXPECT_FALSE(import_paths("users", {users}));
  EXPECT_TRUE(none_left());
  options.max_rejects = 1;
  options.before_commit = [](const LoadPreview&) -> Result<void> {
    return fail(ErrorCode::kInvalidData, "No.");
  };
  EXPECT_FALSE(import_paths("users", {users}));
  EXPECT_TRUE(none_left());
}

TEST_F(ImportCorrections, StepsHaveThemOnceTheyAreIn) {
  options.resume = true;
  options.step_bytes = 1;
  options.max_rejects = 1;
  const Result<ImportSummary> stopped = import_paths(
      "users", {file("1.csv", "user_id,age\n1,x\n"), file("2.csv", "user_id,age\n2,y\n")});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(read_file("rejects-1.csv"), "user_id,age\n1,x\n");
  EXPECT_FALSE(fs::exists(path("rejects-2.csv")));
  EXPECT_FALSE(fs::exists(path("rejects-2.csv.part")));
}

}  // namespace
}  // namespace stave::testing
