// Lines with quotes out of place: how they are read where they may be, and that nothing of them is
// lost where they may not.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/tools/support/import_fixture.h"
#include "tools/import/stray_quotes.h"

namespace stave::testing {
namespace {

struct StrayLine {
  const char* what;
  std::string line;
  std::vector<std::string> cells;  // none: it cannot have as many as asked for
  std::size_t asked = 3;
};

std::string shown(const std::optional<std::vector<std::string>>& cells) {
  return cells ? fmt::format("{}", fmt::join(*cells, " | ")) : "none";
}

void expect_cells(const StrayLine& tested, const loading::Dialect& dialect) {
  SCOPED_TRACE(tested.what);
  const auto cells = loading::cells_of_stray_line(tested.line, dialect, tested.asked);
  const auto expected = tested.cells.empty() ? std::nullopt : std::optional(tested.cells);
  EXPECT_EQ(shown(cells), shown(expected));
}

TEST(StrayQuotes, TheReadingWithTheFewestIsTaken) {
  const std::vector<StrayLine> lines{
      {"a quote that nobody closes", "\"1,Blue,12", {"\"1", "Blue", "12"}},
      {"... before cells in quotes", "\"1,\"Blue, dark\",12", {"\"1", "Blue, dark", "12"}},
      {"... at the end", "1,Blue,\"", {"1", "Blue", "\""}},
      {"a quote within a cell", "1,12\" mix,12", {"1", "12\" mix", "12"}},
      {"quotes that nobody doubled",
       "1,\"the \"Blue\", dark\",12",
       {"1", "the \"Blue\", dark", "12"}},
      {"one before a cell in quotes", "1,\"\"Blue, dark\",12", {"1", "\"Blue, dark", "12"}},
      {"doubled ones stay what they are",
       "1,\"7\"\" and 12\" mix\",12",
       {"1", "7\" and 12\" mix", "12"}},
      {"text behind a cell in quotes", "1,\"Blue\" dark,12", {"1", "\"Blue\" dark", "12"}},
      {"two ways to have as many", "\"x\",\"y\"z\",w\"", {"x", "y\"z\",w"}, 2},
      {"too few cells", "1,\"Blue\" dark 12", {}},
      {"too many cells", "1,\"Blue\" dark,12,13", {}},
      {"one column", "\"Blue\" dark", {"\"Blue\" dark"}, 1},
      {"nothing", "", {}, 2},
      {"more separators within quotes than anybody writes",
       "1,\"a\" " + std::string(100, ',') + "\",12",
       {}},
  };
  for (const StrayLine& line : lines) expect_cells(line, {});
}

TEST(StrayQuotes, InOtherDialects) {
  loading::Dialect long_separator;
  long_separator.separator = "||";
  expect_cells({"two pipes", "\"1||\"a||b\"||12", {"\"1", "a||b", "12"}}, long_separator);
  loading::Dialect single;
  single.quote = '\'';
  expect_cells({"apostrophes", "1,'it won't, ever',12", {"1", "it won't, ever", "12"}}, single);
  loading::Dialect backslash;
  backslash.escape = QuoteEscape::kBackslash;
  expect_cells({"escapes", "1,a\\,b\\\"c\"d,12\\", {"1", "a,b\"c\"d", "12\\"}}, backslash);
  loading::Dialect blanks;
  blanks.blanks_around_quotes = true;
  expect_cells({"blanks", "1, \"a \"b\", c\" ,12", {"1", "a \"b\", c", "12"}}, blanks);
}

class ImportStrayQuotes : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    options.create = NewTable{};
    options.max_rejects = 10;
  }
};

constexpr const char* kSongs =
    "name,label,plays\n"
    "Blue,\"Reprise, WB\",12\n"
    "\"Low,RCA,7\n"
    "12\" mix,\"the \"Factory\"\",5\n"
    "a \"b\" c\n"
    "Can,Spoon,3\n";

TEST_F(ImportStrayQuotes, AreRejectedUnlessTheyMayBeText) {
  EXPECT_EQ(import_well("mixes", kSongs).rejected, 3U);
  EXPECT_EQ(rows("mixes", {"name", "label", "plays"}),
            (std::vector<Row>{{"Blue", "Reprise, WB", "12"}, {"Can", "Spoon", "3"}}));
}

TEST_F(ImportStrayQuotes, AreTextWhereTheRowThenHasItsCells) {
  options.format.stray_quotes = StrayQuotes::kText;
  EXPECT_EQ(import_well("mixes", kSongs).rejected, 1U);
  EXPECT_EQ(rows("mixes", {"name", "label", "plays"}),
            (std::vector<Row>{{"Blue", "Reprise, WB", "12"},
                              {"\"Low", "RCA", "7"},
                              {"12\" mix", "the \"Factory\"", "5"},
                              {"Can", "Spoon", "3"}}));
  const std::string rejects = read_file("rejects.csv");
  EXPECT_NE(rejects.find(",5,76,,stray_quote,"), std::string::npos) << rejects;
}

TEST_F(ImportStrayQuotes, InAHeader) {
  const std::string text = "\"name,\"label, of it\",plays\nBlue,Reprise,12\nLow,RCA,7\n";
  EXPECT_FALSE(import("mixes", text));
  options.format.stray_quotes = StrayQuotes::kText;
  import_well("mixes", text);
  EXPECT_EQ(rows("mixes", {"\"name", "label, of it", "plays"}),
            (std::vector<Row>{{"Blue", "Reprise", "12"}, {"Low", "RCA", "7"}}));
}

}  // namespace
}  // namespace stave::testing
