// Results as text: each format over one small result with every type, nulls and awkward strings.
#include "stave/output.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <optional>

#include "engine/runtime/json_text.h"
#include "engine/runtime/utf8.h"
#include "tools/output/display_width.h"
#include "tools/output/person_text.h"

namespace stave {
namespace {

using Cell = std::optional<std::string>;

// Cells as text; what the numbers mean does not matter to the writers, f64 aside.
class TextBatch : public ResultBatch {
 public:
  explicit TextBatch(std::vector<std::vector<Cell>> rows) : rows_(std::move(rows)) {}
  std::uint32_t rows() const override { return static_cast<std::uint32_t>(rows_.size()); }
  bool is_null(std::uint32_t row, std::size_t column) const override {
    return !rows_[row][column].has_value();
  }
  bool bool_at(std::uint32_t row, std::size_t column) const override {
    return rows_[row][column] == "true";
  }
  std::int64_t int64_at(std::uint32_t row, std::size_t column) const override {
    // As those of the engine: null is 0, and times differ where their texts do.
    const Cell& cell = rows_[row][column];
    if (!cell) return 0;
    char* end = nullptr;
    const std::int64_t number = std::strtoll(cell->c_str(), &end, 10);
    return *end == '\0' ? number : static_cast<std::int64_t>(std::hash<std::string>()(*cell));
  }
  double float64_at(std::uint32_t row, std::size_t column) const override {
    return std::stod(*rows_[row][column]);
  }
  std::string_view string_at(std::uint32_t row, std::size_t column) const override {
    const Cell& cell = rows_[row][column];
    return cell ? std::string_view(*cell) : std::string_view();
  }
  std::pair<std::int64_t, std::uint64_t> decimal_at(std::uint32_t, std::size_t) const override {
    return {0, 0};
  }
  void append_text(std::uint32_t row, std::size_t column, std::string& out) const override {
    out += rows_[row][column].value_or("");
  }

 private:
  std::vector<std::vector<Cell>> rows_;
};

const std::vector<ResultColumn> kColumns{{"day", kDateType},
                                         {"track_name", kStringType},
                                         {"plays", kInt64Type},
                                         {"share", kFloat64Type}};
const std::vector<std::vector<Cell>> kRows{{"2025-05-01", "Say \"hi\", twice", "3", "0.0105761"},
                                           {"2025-05-02", "日本語", "12", "41.95560000001"},
                                           {std::nullopt, "", std::nullopt, std::nullopt},
                                           {"2025-05-03", "two\nlines|bar", "1", "2"}};

std::string printed(OutputFormat format, std::uint64_t max_rows = 0, int results = 1) {
  std::string text;
  auto output = make_output({format, max_rows}, [&](std::string_view piece) -> Result<void> {
    text += piece;
    return {};
  });
  for (int result = 0; result < results; ++result) {
    EXPECT_TRUE(output->begin(kColumns));
    EXPECT_TRUE(output->batch(TextBatch(kRows)));
    EXPECT_TRUE(output->end());
  }
  return text;
}

TEST(Output, CsvQuotesOnlyWhereNeededAndTellsNullFromEmpty) {
  EXPECT_EQ(printed(OutputFormat::kCsv),
            "day,track_name,plays,share\n"
            "2025-05-01,\"Say \"\"hi\"\", twice\",3,0.0105761\n"
            "2025-05-02,日本語,12,41.95560000001\n"
            ",\"\",,\n"
            "2025-05-03,\"two\nlines|bar\",1,2\n");
}

TEST(Output, TsvSeparatesByTabs) {
  EXPECT_EQ(printed(OutputFormat::kTsv).substr(0, 43),
            "day\ttrack_name\tplays\tshare\n2025-05-01\t\"Say ");
}

TEST(Output, JsonKeepsEveryDigit) {
  EXPECT_EQ(printed(OutputFormat::kJson),
            "[\n"
            R"({"day":"2025-05-01","track_name":"Say \"hi\", twice","plays":3,"share":0.0105761},)"
            "\n"
            R"({"day":"2025-05-02","track_name":"日本語","plays":12,"share":41.95560000001},)"
            "\n"
            R"({"day":null,"track_name":"","plays":null,"share":null},)"
            "\n"
            R"({"day":"2025-05-03","track_name":"two\nlines|bar","plays":1,"share":2})"
            "\n]\n");
}

TEST(Output, JsonLinesHaveNoBrackets) {
  EXPECT_EQ(printed(OutputFormat::kJsonLines).substr(0, 8), "{\"day\":\"");
}

TEST(Output, TablesAlignByDisplayWidthRoundAndCount) {
  EXPECT_EQ(printed(OutputFormat::kTable),
            "day         track_name       plays    share\n"
            "──────────  ───────────────  ─────  ───────\n"
            "2025-05-01  Say \"hi\", twice      3  0.01058\n"
            "2025-05-02  日本語              12  41.9556\n"
            "null                          null     null\n"
            "2025-05-03  two\\nlines|bar       1        2\n"
            "4 rows\n");
}

TEST(Output, CutTablesSayHowMuchIsMissing) {
  const std::string text = printed(OutputFormat::kTable, 1);
  EXPECT_NE(text.find("2025-05-01"), std::string::npos);
  EXPECT_EQ(text.find("2025-05-02"), std::string::npos);
  EXPECT_NE(text.find("... 3 more; 4 rows in all\n"), std::string::npos);
}

TEST(Output, MarkdownEscapesBars) {
  const std::string text = printed(OutputFormat::kMarkdown);
  EXPECT_NE(text.find("| day        | track_name"), std::string::npos);
  EXPECT_NE(text.find("| ---------- | --------------- | ----: | ------: |"), std::string::npos);
  EXPECT_NE(text.find("two\\nlines\\|bar"), std::string::npos);
}

// Rows of a large batch, each told from the others, by one thread and by several.
TEST(Output, ThreadsChangeNothing) {
  std::vector<std::vector<Cell>> rows;
  for (int row = 0; row < 30'000; ++row) {
    rows.push_back(kRows[static_cast<std::size_t>(row) % kRows.size()]);
    rows.back()[2] = std::to_string(row);
  }
  const auto written = [&](int threads) {
    std::string text;
    OutputOptions options;
    options.format = OutputFormat::kTsv;
    options.threads = threads;
    auto output = make_output(options, [&](std::string_view piece) -> Result<void> {
      text += piece;
      return {};
    });
    EXPECT_TRUE(output->begin(kColumns));
    EXPECT_TRUE(output->batch(TextBatch(rows)));
    EXPECT_TRUE(output->batch(TextBatch(kRows)));
    EXPECT_TRUE(output->end());
    return text;
  };
  const std::string expected = written(1);
  for (const int threads : {0, 2, 3, 8}) EXPECT_EQ(written(threads), expected) << threads;
}

TEST(Output, SeveralResultsAreSeparated) {
  EXPECT_NE(printed(OutputFormat::kCsv, 0, 2).find("1,2\n\nday,"), std::string::npos);
  EXPECT_NE(printed(OutputFormat::kJson, 0, 2).find("]\n["), std::string::npos);
}

TEST(Output, AFailingSinkStopsTheRun) {
  auto output = make_output({OutputFormat::kCsv}, [](std::string_view) -> Result<void> {
    return fail(ErrorCode::kNoSpace, "full");
  });
  ASSERT_TRUE(output->begin(kColumns));
  ASSERT_TRUE(output->batch(TextBatch(kRows)));
  const auto ended = output->end();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::kNoSpace);
}

TEST(Output, FormatsByName) {
  EXPECT_EQ(*output_format("md"), OutputFormat::kMarkdown);
  const auto unknown = output_format("xml");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message,
            "No such output format: xml. Use one of table, csv, tsv, json, jsonl, md, html, xlsx, "
            "parquet, arrow.");
  EXPECT_EQ(format_of_file("plays.may.csv"), "csv");
  EXPECT_EQ(format_of_file("plays"), "table");
  EXPECT_EQ(format_of_file("csv"), "table");
}

TEST(Output, RoundsForTheEye) {
  EXPECT_EQ(rounded_text(220665.471751), "220665.4718");
  EXPECT_EQ(rounded_text(0.00012345), "0.0001234");
  EXPECT_EQ(rounded_text(-2.5), "-2.5");
  EXPECT_EQ(rounded_text(100), "100");
  EXPECT_EQ(grouped_digits(1234567), "1,234,567");
  EXPECT_EQ(grouped_digits(12), "12");
}

TEST(Output, JsonStringsAreAlwaysValid) {
  std::string out;
  append_json_string("a\x01\xFF\"\\\xE2\x82\xAC", out);
  EXPECT_EQ(out, "\"a\\u0001\xEF\xBF\xBD\\\"\\\\\xE2\x82\xAC\"");
}

TEST(Output, WellFormedUtf8) {
  EXPECT_EQ(utf8_sequence_length("\xE2\x82\xAC"), 3U);
  EXPECT_EQ(utf8_sequence_length("\xE2\x82"), 0U);
  EXPECT_EQ(utf8_sequence_length("\xC0\x80"), 0U);
  EXPECT_EQ(utf8_sequence_length("\xED\xA0\x80"), 0U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);
}

}  // namespace
}  // namespace stave
