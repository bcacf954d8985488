// Lines with quotes out of place: how they are read where they may be, and that nothing of them is
// lost where they may not.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

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

constexpr std::size_t kNoReading = std::numeric_limits<std::size_t>::max();

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// The quotes that a cell leaves unexplained, or none where these separators cannot be its text.
std::size_t quotes_left(std::string_view cell, bool has_separators,
                        const loading::Dialect& dialect) {
  const std::string_view text = dialect.blanks_around_quotes ? without_blanks(cell) : cell;
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) {
    return has_separators ? kNoReading : static_cast<std::size_t>(std::ranges::count(cell, '"'));
  }
  std::size_t left = 0;
  const std::string_view inner = text.substr(1, text.size() - 2);
  for (std::size_t at = 0; at < inner.size(); ++at) {
    if (dialect.has_backslash() && inner[at] == '\\') {
      ++at;
    } else if (inner[at] == '"') {
      inner.substr(at).starts_with("\"\"") ? ++at : ++left;
    }
  }
  return left;
}

// By this reading; the separators are of the line, ascending.
std::size_t quotes_left(std::string_view line, const std::vector<std::size_t>& all,
                        const std::vector<std::size_t>& kept, const loading::Dialect& dialect) {
  std::size_t sum = 0;
  std::size_t begin = 0;
  for (std::size_t cell = 0; cell <= kept.size(); ++cell) {
    const std::size_t end = cell < kept.size() ? kept[cell] : line.size();
    const bool has_separators = std::ranges::any_of(
        all, [&](std::size_t separator) { return begin <= separator && separator < end; });
    const std::size_t left = quotes_left(line.substr(begin, end - begin), has_separators, dialect);
    if (left == kNoReading) return kNoReading;
    sum += left;
    begin = end + 1;
  }
  return sum;
}

// Against all readings of lines that are little but quotes and separators.
TEST(StrayQuotes, NoReadingLeavesFewer) {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    loading::Dialect dialect;
    dialect.blanks_around_quotes = random() % 2 == 0;
    if (random() % 2 == 0) dialect.escape = QuoteEscape::kBackslash;
    const std::string_view letters = dialect.has_backslash() ? "\"\"\"\",,a \\" : "\"\"\"\"\",,,a ";
    std::string line;
    for (std::size_t left = random() % 20; left > 0; --left) {
      line += letters[random() % letters.size()];
    }
    std::vector<std::size_t> all;
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (dialect.has_backslash() && line[at] == '\\') {
        ++at;
      } else if (line[at] == ',') {
        all.push_back(at);
      }
    }
    std::vector<std::size_t> fewest(all.size() + 2, kNoReading);  // by cells
    for (std::size_t choice = 0; choice < std::size_t{1} << all.size(); ++choice) {
      std::vector<std::size_t> kept;
      for (std::size_t i = 0; i < all.size(); ++i) {
        if ((choice >> i & 1) != 0) kept.push_back(all[i]);
      }
      std::size_t& least = fewest[kept.size() + 1];
      least = std::min(least, quotes_left(line, all, kept, dialect));
    }
    for (std::size_t cells = 1; cells < fewest.size(); ++cells) {
      const auto read = loading::read_stray_line(line, dialect, cells);
      ASSERT_EQ(read.has_value(), fewest[cells] != kNoReading) << line << ' ' << cells;
      if (!read) continue;
      ASSERT_EQ(quotes_left(line, all, *read, dialect), fewest[cells]) << line << ' ' << cells;
    }
  }
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
