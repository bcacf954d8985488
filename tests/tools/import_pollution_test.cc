// One clean table, spoilt in one place at a time in the ways that dumps of the world are, and how
// much of it a lenient import brings back: shares that must not fall.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <random>

#include "tests/tools/support/import_fixture.h"

namespace stave::testing {
namespace {

constexpr std::size_t kStep = 3;  // rows between those that are spoilt
const Row kNames{"day", "song", "plays", "label", "note"};

std::vector<Row> clean_rows() {
  std::mt19937 random(20250501);
  const std::vector<std::string> songs{"Blue", "Low, side A", "the \"Wall\"", "So What", "12 inch"};
  const std::vector<std::string> labels{"Reprise", "RCA", "Sub Pop, Inc.", "4AD"};
  std::vector<Row> rows;
  for (int i = 0; i < 12; ++i) {
    rows.push_back({fmt::format("{:02}/05/2025", i + 1), songs[random() % songs.size()],
                    fmt::format("{}", random() % 1000), labels[random() % labels.size()], ""});
  }
  return rows;
}

struct Spelling {
  std::string separator = ",";
  char quote = '"';
  std::string line_end = "\n";
};

std::string written(const Row& row, const Spelling& spelling) {
  std::vector<std::string> cells;
  for (const std::string& cell : row) {
    const bool plain = cell.find_first_of(spelling.separator + spelling.quote) == std::string::npos;
    std::string text;
    for (const char byte : cell) text.append(byte == spelling.quote ? 2 : 1, byte);
    cells.push_back(plain ? cell : spelling.quote + text + spelling.quote);
  }
  return fmt::format("{}", fmt::join(cells, spelling.separator));
}

class ImportPollution : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    options.create = NewTable{};
    options.max_rejects_percent = 100;
    options.values.as_text = true;
    options.format.ragged = RaggedRows::kFill;
    options.format.stray_quotes = StrayQuotes::kText;
  }

  std::vector<std::string> lines(const Spelling& spelling = {}) const {
    std::vector<std::string> lines{written(kNames, spelling)};
    for (const Row& row : clean_) lines.push_back(written(row, spelling));
    return lines;
  }
  std::string text_of(const std::vector<std::string>& lines,
                      const std::string& line_end = "\n") const {
    return fmt::format("{}{}", fmt::join(lines, line_end), line_end);
  }

  // The share of cells that come back where they belong, by their columns' names.
  double recovered(const std::string& text, const std::vector<Row>& expected,
                   const Row& names = kNames) {
    const std::string table = fmt::format("t{}", tables_++);
    const Result<ImportSummary> summary = import(table, text);
    EXPECT_TRUE(summary) << text << summary.error().message;
    if (!summary) return 0;
    Row stored;
    for (const TableSchema schema = schema_of(table); const ColumnSchema& column : schema.columns) {
      stored.push_back(column.name);
    }
    std::map<std::string, int> left;
    for (const Row& row : rows(table, stored)) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        ++left[stored[i] + "=" + (row[i] == "~" ? "" : row[i])];
      }
    }
    std::size_t found = 0;
    for (const Row& row : expected) {
      for (std::size_t i = 0; i < row.size(); ++i) found += left[names[i] + "=" + row[i]]-- > 0;
    }
    return static_cast<double>(found) / static_cast<double>(expected.size() * names.size());
  }
  double recovered(const std::string& text) { return recovered(text, clean_); }

  // Of files with one place spoilt.
  template <typename Spoil>
  double recovered_on_average(Spoil spoil) {
    double sum = 0;
    std::size_t files = 0;
    for (std::size_t row = 1; row <= clean_.size(); row += kStep) {
      for (std::size_t column = 1; column < kNames.size(); ++column, ++files) {
        sum += recovered(spoil(row, column));
      }
    }
    return sum / static_cast<double>(files);
  }

  std::vector<Row> clean_ = clean_rows();
  int tables_ = 0;
};

TEST_F(ImportPollution, AnExtraQuoteBeforeAnyCell) {
  for (std::size_t row = 0; row < clean_.size(); row += kStep) {
    for (std::size_t column = 0; column < kNames.size(); ++column) {
      std::vector<std::string> cells;
      for (const std::string& cell : clean_[row]) cells.push_back(written({cell}, {}));
      // Before the text of the cell: within its quotes, where it has such.
      cells[column].insert(cells[column].starts_with('"') ? 1 : 0, "\"");
      std::vector<std::string> spoilt = lines();
      spoilt[row + 1] = fmt::format("{}", fmt::join(cells, ","));
      std::vector<Row> expected = clean_;
      expected[row][column].insert(0, "\"");
      EXPECT_EQ(recovered(text_of(spoilt), expected), 1) << spoilt[row + 1];
    }
  }
}

TEST_F(ImportPollution, ASeparatorTooManyOrTooFew) {
  const auto spoil = [&](bool more) {
    return [this, more](std::size_t row, std::size_t column) -> std::string {
      const Row& cells = row == 0 ? kNames : clean_[row - 1];
      const auto middle = cells.begin() + static_cast<std::ptrdiff_t>(column);
      std::vector<std::string> spoilt = lines();
      spoilt[row] = written(Row(cells.begin(), middle), {}) + (more ? ",," : "") +
                    written(Row(middle, cells.end()), {});
      return text_of(spoilt);
    };
  };
  EXPECT_GE(recovered_on_average(spoil(true)), 0.96);
  EXPECT_GE(recovered_on_average(spoil(false)), 0.95);
  for (std::size_t column = 1; column < kNames.size(); ++column) {
    EXPECT_EQ(recovered(spoil(true)(0, column)), 1) << column;
  }
}

TEST_F(ImportPollution, FilesInOtherSpellings) {
  for (const char* separator : {";", "\t", "|", ", ", "~"}) {
    EXPECT_EQ(recovered(text_of(lines({separator, '"', "\n"}))), 1) << separator;
  }
  EXPECT_EQ(recovered(text_of(lines({",", '\'', "\n"}))), 1);
  EXPECT_EQ(recovered(text_of(lines(), "\r\n")), 1);
  EXPECT_EQ(recovered(text_of(lines(), "\r")), 1);
  EXPECT_EQ(recovered(text_of(lines()) + "\n"), 1);
  const std::string text = text_of(lines());
  EXPECT_EQ(recovered(text.substr(0, text.size() - 1)), 1);
}

TEST_F(ImportPollution, WhatStandsBeforeTheTable) {
  const std::string text = text_of(lines());
  EXPECT_EQ(recovered("Charts of May,,,,\n,,,,\n" + text), 1);
  EXPECT_EQ(recovered("Charts of May\n\n" + text), 1);
  EXPECT_EQ(recovered("made by a program,May,of 2025\n" + text), 1);
  EXPECT_EQ(recovered("# made by, a program\n# in May\n" + text), 1);
  EXPECT_EQ(recovered(",,,\"Charts\nof May\",\n" + text), 1);
}

TEST_F(ImportPollution, HeadersOfSeveralRowsAndOfNone) {
  const std::string header = lines().front() + "\n";
  Row twice;
  for (const std::string& name : kNames) twice.push_back(name + " " + name);
  EXPECT_EQ(recovered(header + text_of(lines()), clean_, twice), 1);
  const std::string body = text_of(lines()).substr(header.size());
  EXPECT_EQ(recovered(body, clean_, {"column_1", "column_2", "column_3", "column_4", "column_5"}),
            1);
  EXPECT_EQ(recovered("When,Measured,,Counted,\nday,a,b,c,d\n1/1/2025,1,2,3,4\n2/1/2025,5,6,7,8\n",
                      {{"1/1/2025", "1", "2", "3", "4"}, {"2/1/2025", "5", "6", "7", "8"}},
                      {"When day", "Measured a", "Measured b", "Counted c", "Counted d"}),
            1);
  const std::vector<std::string> few{lines()[0], lines()[1]};
  EXPECT_EQ(recovered(text_of(few), {clean_[0]}), 1);
  EXPECT_TRUE(import("only_names", header));
}

}  // namespace
}  // namespace stave::testing
