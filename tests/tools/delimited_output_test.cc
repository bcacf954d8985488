// CSV of the engine's own batches, whose cells are copied where they repeat: the same text as cell
// by cell, for any number of threads.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/local_dictionary.h"
#include "query/running/result_view.h"
#include "stave/output.h"

namespace stave {
namespace {

constexpr std::uint32_t kRows = 40'000;
constexpr std::int64_t kHalfYear = 183 * kMicrosecondsOfDay;

std::string quoted_cell(std::string_view text) {
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + '"';
}

struct Columns {
  Batch batch;
  std::vector<std::uint32_t> few, many, users;
  std::vector<std::int64_t> plays, times;
  std::vector<std::uint64_t> valid_times;
  std::vector<std::string> lines;  // as they shall be written
};

void add_vector(Columns& columns, Type type, Representation representation, const void* data,
                std::shared_ptr<const Dictionary> dictionary = nullptr) {
  Vector vector;
  vector.type = type;
  vector.representation = representation;
  vector.size = kRows;
  vector.data = data;
  vector.dictionary = std::move(dictionary);
  columns.batch.columns.push_back(std::move(vector));
}

// Texts of a few values and of many, numbers, and instants that lie in summer and winter by turns.
std::unique_ptr<Columns> made() {
  auto columns = std::make_unique<Columns>();
  const std::vector<std::string> few{
      "DE", "a,b", "say \"hi\"", "", "two\nlines", "exactly 15 byte", "one more than fifteen"};
  auto few_values = std::make_shared<LocalDictionary>(DictionaryKind::kString);
  for (const std::string& text : few) few_values->add_string(text);
  auto many_values = std::make_shared<LocalDictionary>(DictionaryKind::kString);
  for (std::uint32_t value = 0; value < 3000; ++value) {
    many_values->add_string("artist " + std::to_string(value));
  }
  auto user_values = std::make_shared<LocalDictionary>(DictionaryKind::kInt64);
  for (std::int64_t value = 0; value < 2000; ++value) user_values->add_int64(7 * value - 700);
  columns->valid_times.assign((kRows + 63) / 64, 0);
  for (std::uint32_t row = 0; row < kRows; ++row) {
    const std::uint32_t of_few = row * 7 % (static_cast<std::uint32_t>(few.size()) + 1);
    const std::uint32_t of_many = row / 3 % 3001;
    columns->few.push_back(of_few);
    columns->many.push_back(of_many);
    const std::uint32_t of_users = row * 31 % 2001;
    columns->users.push_back(of_users);
    columns->plays.push_back(std::int64_t{row} * row - 20'000);
    const bool has_time = row % 5 != 0;
    const bool is_summer = row / 2 % 2 == 1;
    columns->times.push_back(has_time && is_summer ? kHalfYear : 0);
    if (has_time) columns->valid_times[row / 64] |= std::uint64_t{1} << row % 64;

    std::string line;
    if (of_few != 0) {
      const std::string& text = few[of_few - 1];
      const bool needs_quotes = text.empty() || text.find_first_of(",\"\n") != std::string::npos;
      line += needs_quotes ? quoted_cell(text) : text;
    }
    line += ',';
    if (of_many != 0) line += "artist " + std::to_string(of_many - 1);
    line += ',';
    if (of_users != 0) line += std::to_string(7 * (std::int64_t{of_users} - 1) - 700);
    line += ',' + std::to_string(columns->plays.back()) + ',';
    // New York was at -5 hours in that winter and at -4 in that summer.
    if (has_time) line += is_summer ? "1970-07-02 20:00:00" : "1969-12-31 19:00:00";
    columns->lines.push_back(line + '\n');
  }
  columns->batch.rows = kRows;
  add_vector(*columns, kStringType, Representation::kCode, columns->few.data(), few_values);
  add_vector(*columns, kStringType, Representation::kCode, columns->many.data(), many_values);
  add_vector(*columns, kInt64Type, Representation::kCode, columns->users.data(), user_values);
  add_vector(*columns, kInt64Type, Representation::kInt64, columns->plays.data());
  add_vector(*columns, kTimestampType, Representation::kInt64, columns->times.data());
  columns->batch.columns.back().validity = columns->valid_times.data();
  return columns;
}

TEST(DelimitedOutput, CopiedCellsAreTheCellsForAnyNumberOfThreads) {
  const auto columns = made();
  const auto zone = ProgramZone::find("America/New_York");
  ASSERT_TRUE(zone);
  std::string expected = "few,many,user,plays,time\n";
  for (int batch = 0; batch < 3; ++batch) {
    for (const std::string& line : columns->lines) expected += line;
  }
  for (const int threads : {1, 2, 3, 8}) {
    std::string text;
    OutputOptions options;
    options.format = OutputFormat::kCsv;
    options.threads = threads;
    auto output = make_output(options, [&](std::string_view piece) -> Result<void> {
      text += piece;
      return {};
    });
    ASSERT_TRUE(output->begin({{"few", kStringType},
                               {"many", kStringType},
                               {"user", kInt64Type},
                               {"plays", kInt64Type},
                               {"time", kTimestampType}}));
    for (int batch = 0; batch < 3; ++batch) {
      ASSERT_TRUE(output->batch(BatchView(columns->batch, *zone)));
    }
    ASSERT_TRUE(output->end());
    EXPECT_TRUE(text == expected) << threads;
  }
}

// What the sink refuses while the next batch's texts are made is told with that batch.
TEST(DelimitedOutput, AFullSinkStopsTheRunWithTheNextBatch) {
  const auto columns = made();
  const auto zone = ProgramZone::find("UTC");
  ASSERT_TRUE(zone);
  OutputOptions options;
  options.format = OutputFormat::kCsv;
  options.threads = 2;
  auto output = make_output(
      options, [](std::string_view) -> Result<void> { return fail(ErrorCode::kNoSpace, "full"); });
  ASSERT_TRUE(output->begin({{"few", kStringType}}));
  const auto first = output->batch(BatchView(columns->batch, *zone));
  const auto second = output->batch(BatchView(columns->batch, *zone));
  EXPECT_TRUE(!first || !second);
  const Error& error = first ? second.error() : first.error();
  EXPECT_EQ(error.code, ErrorCode::kNoSpace);
}

}  // namespace
}  // namespace stave
